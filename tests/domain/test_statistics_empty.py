"""Groups without anything: which there may be."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from app.db.reference import packaged
from app.domain.code_lists import InstitutionKind
from app.domain.errors import Invalid
from app.domain.institutions import Location
from app.domain.periods import Period
from app.domain.statistics import empty
from app.domain.statistics.borders import Stay
from app.domain.statistics.conditions import All, Any_, In, Not
from app.domain.statistics.definitions import Dimension
from app.domain.statistics.empty import combinations
from app.domain.statistics.group_rules import MAX_GROUPS
from app.domain.statistics.holding import holds
from app.domain.statistics.query import Query

D = Dimension
TODAY, REFORM = date(2021, 11, 15), date(2021, 7, 1)
MADONA, NEW_MADONA, RIGA = "0700200", "0038000", "0001000"


def stay(
    institution: int,
    place: str,
    start: date,
    end: date | None = None,
    kind: InstitutionKind = InstitutionKind.GENERAL,
) -> Stay:
    return Stay(
        institution_id=institution,
        kind=kind,
        location=Location(municipality=place, period=Period(start, end)),
    )


STAYS = [
    stay(1, MADONA, date(2009, 7, 1), date(2021, 6, 30)),
    stay(1, NEW_MADONA, REFORM),
    stay(2, RIGA, date(2021, 9, 1)),
]


COLLEGE = stay(3, RIGA, date(2021, 9, 1), kind=InstitutionKind.VOCATIONAL)


def found(*by: Dimension, stays: Sequence[Stay] = STAYS, **asked: Any) -> list[tuple[Any, ...]]:
    return sorted(combinations(Query(by=by, **asked), stays, packaged(), TODAY), key=str)


def test_semesters_run_from_the_first_programme_to_today() -> None:
    semesters = [each for (each,) in found(D.SEMESTER)]
    assert (semesters[0], semesters[-1], len(semesters)) == ("2016-2", "2021-1", 10)
    assert found(D.SCHOOL_YEAR)[-1] == ("2021/22",)


def test_a_municipality_has_groups_while_an_institution_lies_in_it() -> None:
    late = In(dimension=D.SEMESTER, codes=("2020-1", "2020-2", "2021-1"))
    assert found(D.SEMESTER, D.MUNICIPALITY, where=late) == [
        ("2020-1", MADONA),
        ("2020-2", NEW_MADONA),
        ("2020-2", MADONA),
        ("2021-1", RIGA),
        ("2021-1", NEW_MADONA),
    ]
    assert found(D.MUNICIPALITY, as_of=REFORM) == [(RIGA,), (NEW_MADONA,)]
    assert found(D.INSTITUTION) == [(1,), (2,)]


def test_regions_are_those_of_the_scheme_on_that_day() -> None:
    year = In(dimension=D.SCHOOL_YEAR, codes=("2021/22",))
    assert found(D.REGION, where=year) == [("PR-RIGA",), ("PR-VIDZEME",)]
    assert found(D.REGION, where=year, as_of=date(2019, 1, 1)) == [("PR-RIGA",), ("PR-VIDZEME",)]


def test_a_risk_is_of_one_group_and_the_filter_leaves_what_it_leaves() -> None:
    family = In(dimension=D.RISK_GROUP, codes=("FAMILY",))
    risks = found(D.RISK, D.RISK_GROUP, where=family)
    assert {group for _, group in risks} == {"FAMILY"}
    assert len(risks) == sum(each.group == "FAMILY" for each in packaged().code_lists["risks"])
    other = Not(condition=In(dimension=D.GRADE, codes=tuple(range(2, 13))))
    assert found(D.GRADE, D.MINORITY_PROGRAMME, where=other) == [(1, False), (1, True)]
    either = Any_(conditions=(In(dimension=D.GRADE, codes=(5,)), In(dimension=D.MINORITY_PROGRAMME, codes=(True,))))
    only = All(conditions=(either, In(dimension=D.GRADE, codes=(4, 5))))
    assert found(D.GRADE, D.MINORITY_PROGRAMME, where=only) == [(4, True), (5, False), (5, True)]


def test_a_vocational_institution_has_four_courses_and_no_more_grades() -> None:
    vocational = In(dimension=D.INSTITUTION_KIND, codes=("VOCATIONAL",))
    assert len(found(D.GRADE)) == 12
    assert found(D.GRADE, where=vocational) == [(1,), (2,), (3,), (4,)]
    assert len(found(D.GRADE, where=Not(condition=vocational))) == 12
    stays = [*STAYS, COLLEGE]
    kinds = Counter(kind for kind, _ in found(D.INSTITUTION_KIND, D.GRADE, stays=stays))
    assert kinds == {"GENERAL": 12, "VOCATIONAL": 4}
    institutions = Counter(each for each, _ in found(D.INSTITUTION, D.GRADE, stays=stays))
    assert institutions == {1: 12, 2: 12, 3: 4}
    places = Counter(each for each, _ in found(D.MUNICIPALITY, D.GRADE, stays=stays, where=vocational))
    assert places == {RIGA: 4}
    young = All(conditions=(In(dimension=D.INSTITUTION, codes=(1, 3)), In(dimension=D.GRADE, codes=(4, 5))))
    assert found(D.REGION, D.GRADE, stays=stays, where=young) == [("PR-RIGA", 4), ("PR-VIDZEME", 4), ("PR-VIDZEME", 5)]


def test_there_are_not_too_many_of_them() -> None:
    with pytest.raises(Invalid, match="more than 10000 groups"):
        found(D.RISK, D.SUPPORT_MEASURE, D.SUBJECT, D.SPECIALIST)


def test_no_more_of_them_are_made_than_an_answer_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is looked at through the filter: with all of a country's institutions that would take seconds."""
    looked_at = 0

    def counted(*given: Any) -> bool | None:
        nonlocal looked_at
        looked_at += 1
        return holds(*given)

    monkeypatch.setattr(empty, "holds", counted)
    everywhere = [stay(each, RIGA, date(2009, 7, 1)) for each in range(1, 401)]
    with pytest.raises(Invalid, match="more than 10000 groups"):
        found(D.INSTITUTION, D.SEMESTER, D.GRADE, stays=everywhere)
    assert looked_at < 2 * MAX_GROUPS
