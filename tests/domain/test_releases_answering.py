"""What releases answer: the figures of a plain count where there is no noise, each with its error, and nothing besides."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.releases.answering import Block, answer
from app.domain.releases.attributes import Attribute
from app.domain.releases.contributions import Contribution
from app.domain.releases.display import SMALL
from app.domain.releases.lattice import Place
from app.domain.releases.preparing import Released, prepared
from app.domain.releases.tables import Table
from app.domain.statistics.conditions import Between, Condition, In
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.estimates import Estimate, RateEstimate
from app.domain.statistics.query import Bound, Direction, Order, Query
from tests.domain.examples import REFERENCE
from tests.domain.released import AUTUMN, IN_AUTUMN, SPRING, TODAY, asked, blocks, both, question, released, students

D, M = Dimension, Measure


def values(query: Query, measure: Measure) -> dict[tuple[object, ...], int | Decimal | None]:
    """What is told of each group: None where it is small."""
    return {each.key: each.values[measure].value for each in asked(query).groups}  # type: ignore[union-attr]


def told(counts: Counter[tuple[object, ...]]) -> dict[tuple[object, ...], int]:
    return {key: count for key, count in counts.items() if count >= SMALL}


def shown(query: Query, measure: Measure) -> dict[tuple[object, ...], int | Decimal]:
    return {key: value for key, value in values(query, measure).items() if value is not None}


def counted(
    semester_students: Iterable[Contribution], key: Callable[[Contribution], Iterable[tuple[object, ...]]]
) -> Counter[tuple[object, ...]]:
    return Counter(each for student in semester_students for each in key(student))


def test_students_of_the_state_by_three_attributes() -> None:
    by = (D.INSTITUTION_KIND, D.GRADE, D.SCHOOL_YEAR_RESULT)
    plain = counted(students(AUTUMN), lambda s: [(s.institution_kind, s.grade, s.school_year_result)])
    assert shown(question(M.STUDENTS, by=by, where=IN_AUTUMN), M.STUDENTS) == told(plain)


def test_plans_add_up_over_semesters_and_places() -> None:
    plain = counted([*students(SPRING), *students(AUTUMN)], lambda s: [(s.grade,)])
    assert shown(question(M.PLANS, by=(D.GRADE,)), M.PLANS) == told(plain)
    two = In(dimension=D.MUNICIPALITY, codes=("0038000", "0001000"))
    here = counted(students(AUTUMN), lambda s: [(s.grade,)] if s.municipality in two.codes else [])
    assert shown(question(M.PLANS, by=(D.GRADE,), where=two), M.PLANS) == told(here)


def test_students_by_what_they_have_several_of() -> None:
    by_risk = counted(students(AUTUMN), lambda s: [(each,) for each in s.risks])
    assert shown(question(M.STUDENTS, by=(D.RISK,), where=IN_AUTUMN), M.STUDENTS) == told(by_risk)
    results = counted(students(AUTUMN), lambda s: list(s.risks.items()))
    by_both = question(M.STUDENTS, by=(D.RISK, D.RISK_RESULT), where=IN_AUTUMN)
    assert shown(by_both, M.STUDENTS) == told(results)
    groups = asked(question(M.STUDENTS, by=(D.RISK_GROUP, D.RISK), where=IN_AUTUMN)).groups
    assert {each.key[1] for each in groups} >= {key[0] for key in by_risk}
    assert len(groups) == len({each.key[1] for each in groups})


def test_risks_are_pairs_of_student_and_risk() -> None:
    answered = counted(students(AUTUMN), lambda s: [() for _ in s.risks])
    assert values(question(M.RISKS_ANSWERED, where=IN_AUTUMN), M.RISKS_ANSWERED) == dict(answered)
    resolved = counted(students(AUTUMN), lambda s: [() for each in s.risks.values() if each == "RESOLVED"])
    assert values(question(M.RISKS_RESOLVED, where=IN_AUTUMN), M.RISKS_RESOLVED) == dict(resolved)


def test_risks_of_few_students_are_not_told_however_many_they_are() -> None:
    """Noise alone makes hundreds of them, where it makes no student."""
    of, at = released(AUTUMN), Place("PR-LATGALE")
    noise = Decimal(30)

    def noisy(_: Released, table: Table) -> Block:
        by_risk = Attribute.RISK in table.attributes
        return {
            (place, codes): value + noise if by_risk and place == at else value
            for (place, codes), value in blocks(AUTUMN)[table].items()
        }

    there = both((IN_AUTUMN, In(dimension=D.REGION, codes=("PR-LATGALE",))))
    query = question(M.PLANS, M.RISKS_ANSWERED, M.RISKS_WITH_RESULT, where=there)
    [group] = answer(prepared(query, [of], REFERENCE, TODAY), noisy, REFERENCE).groups
    assert all(each.small for each in group.values.values())  # type: ignore[union-attr]


def test_sums_by_what_they_were_for() -> None:
    hours = counted(
        students(AUTUMN),
        lambda s: [(group,) for (group, _), sums in s.delivered.items() for _ in range(sums.centihours)],
    )
    expected = {key: Decimal(count) / 100 for key, count in hours.items()}
    assert shown(question(M.DELIVERED_HOURS, by=(D.RISK_GROUP,), where=IN_AUTUMN), M.DELIVERED_HOURS) == expected
    eur = sum(sums.cents for s in students(AUTUMN) for sums in s.delivered.values())
    assert values(question(M.EUR, where=IN_AUTUMN), M.EUR) == {(): Decimal(eur) / 100}


def test_a_rate_is_the_share_of_two_figures_with_the_error_of_both() -> None:
    [group] = asked(question(M.CONTINUATION_RATE, M.PLANS_CONTINUED, M.PLANS, where=IN_AUTUMN)).groups
    rate, part, whole = (group.values[each] for each in (M.CONTINUATION_RATE, M.PLANS_CONTINUED, M.PLANS))
    assert isinstance(rate, RateEstimate)
    assert (rate.numerator, rate.denominator) == (part, whole)
    continued = sum(each.continued for each in students(AUTUMN))
    assert rate.value == (Decimal(continued) / len(students(AUTUMN))).quantize(Decimal("0.0001"))
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < rate.value < rate.high


def test_every_value_has_an_error_and_small_ones_have_that_alone() -> None:
    where = both((IN_AUTUMN, In(dimension=D.SPECIAL_NEED, codes=("52",))))
    [group] = asked(question(M.STUDENTS, where=where)).groups
    value = group.values[M.STUDENTS]
    assert isinstance(value, Estimate)
    assert (value.value, value.small) == (None, True)
    assert value.standard_error > 0


def test_errors_are_those_of_the_noise_that_was_drawn_whatever_is_drawn_today() -> None:
    of_today = released(AUTUMN)
    tables = [each | {"deviation": 3 * each["deviation"]} for each in of_today.release.definition["tables"]]
    noisier = replace(of_today.release, definition={**of_today.release.definition, "tables": tables})
    query = question(M.PLANS, by=(D.REGION,), where=IN_AUTUMN)

    def errors(of: Released) -> list[Decimal]:
        groups = answer(
            prepared(query, [of], REFERENCE, TODAY), lambda _, table: blocks(AUTUMN)[table], REFERENCE
        ).groups
        return [each.values[M.PLANS].standard_error for each in groups]  # type: ignore[union-attr,misc]

    before, after = errors(of_today), errors(Released.of(noisier, of_today.lattice))
    assert after == [pytest.approx(3 * each, abs=Decimal("0.002")) for each in before]


def test_less_noise_is_in_what_adds_up_to_more() -> None:
    """Of ten grades the sum is known better than ten times one of them; of all, as well as if none had been asked for."""

    def error(where: Condition) -> Decimal:
        [group] = asked(question(M.PLANS, where=both((IN_AUTUMN, where)))).groups
        return group.values[M.PLANS].standard_error  # type: ignore[union-attr,return-value]

    one = error(In(dimension=D.GRADE, codes=(7,)))
    ten = error(Between(dimension=D.GRADE, low=1, high=10))
    assert ten < one * Decimal(10).sqrt()
    assert error(Between(dimension=D.GRADE, low=1, high=12)) == error(both((IN_AUTUMN, IN_AUTUMN)))


def test_groups_are_chosen_ordered_and_paged_by_what_is_told() -> None:
    query = question(
        M.PLANS,
        by=(D.GRADE,),
        where=IN_AUTUMN,
        having=(Bound(measure=M.PLANS, at_least=Decimal(10)),),
        order=(Order(by=M.PLANS, direction=Direction.DESCENDING),),
        first=2,
    )
    page = asked(query)
    assert (page.group_count, page.has_next, len(page.groups)) == (3, True, 2)
    [most, second] = [each.values[M.PLANS].value for each in page.groups]  # type: ignore[union-attr]
    assert most >= second  # type: ignore[operator]
