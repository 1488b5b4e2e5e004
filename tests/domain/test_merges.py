"""Two students who are one person: which of them survives, and what keeps them apart."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import SchoolYear, Semester
from app.domain.errors import Refused
from app.domain.ids import InstitutionId, OutcomeId, PlanId, StudentId
from app.domain.merges import Belongings, Merge, merge
from app.domain.outcomes import YearOutcome, YearResult
from app.domain.periods import Period
from app.domain.plans import Plan, PlanState
from tests.domain.examples import SCHOOL, enrolment, person, plan

A, B, C = (StudentId(UUID(int=number)) for number in (101, 102, 103))
ELSEWHERE = InstitutionId(2)
THEN = datetime(2021, 9, 1, 8, tzinfo=UTC)
ELDER = Belongings(student_id=B, recorded_at=THEN)
YOUNGER = Belongings(student_id=A, recorded_at=THEN + timedelta(days=20))
OTHER_PLAN = PlanId(UUID(int=31))


def refused(one: Belongings, other: Belongings, keep: StudentId | None = None) -> set[tuple[str, str]]:
    """Where and why, of a merge that is refused whichever of the two is named first."""
    answers = []
    for first, second in ((one, other), (other, one)):
        with pytest.raises(Refused) as refusal:
            merge(first, second, keep_statements_of=keep)
        assert refusal.value.code == "merge-conflicts"
        answers.append({(each.pointer, each.code) for each in refusal.value.violations})
    assert answers[0] == answers[1]
    return answers[0]


def year(institution_id: InstitutionId = SCHOOL, school_year: str = "2020/21") -> YearOutcome:
    return YearOutcome(
        id=OutcomeId(UUID(int=41)),
        student_id=A,
        institution_id=institution_id,
        school_year=SchoolYear.parse(school_year),
        recorded_on=date(2021, 6, 1),
        result=YearResult.PROMOTED,
    )


def in_state(state: PlanState, **changes: Any) -> Plan:
    return replace(plan(), state=state, **changes)


def test_whoever_was_recorded_first_survives_whichever_is_named_first() -> None:
    expected = Merge(survivor=B, alias=A, statements=())
    assert merge(ELDER, YOUNGER) == merge(YOUNGER, ELDER) == expected


def test_of_two_recorded_at_once_the_smaller_id_survives() -> None:
    assert merge(ELDER, replace(YOUNGER, recorded_at=THEN)).survivor == A


def test_one_student_is_not_merged_with_itself() -> None:
    with pytest.raises(Refused) as refusal:
        merge(ELDER, ELDER)
    assert refusal.value.code == "same-student"


def test_both_with_an_active_plan_anywhere() -> None:
    one = replace(ELDER, plans=(in_state(PlanState.ACTIVE),))
    other = replace(
        YOUNGER,
        plans=(in_state(PlanState.ACTIVE, id=OTHER_PLAN, institution_id=ELSEWHERE, semester=Semester.parse("2021-1")),),
    )
    assert refused(one, other) == {("/other_id", "both-active")}


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.COMPLETED])
def test_a_plan_each_of_one_institution_and_semester(state: PlanState) -> None:
    one, other = replace(ELDER, plans=(in_state(PlanState.COMPLETED),)), replace(YOUNGER, plans=(in_state(state),))
    assert refused(one, other) == {("/other_id", "same-semester")}


def test_an_open_plan_each_at_one_institution() -> None:
    later = Semester.parse("2021-1")
    one = replace(ELDER, plans=(in_state(PlanState.SUBMITTED),))
    assert refused(one, replace(YOUNGER, plans=(in_state(PlanState.DRAFT, semester=later),))) == {
        ("/other_id", "both-open")
    }
    merge(one, replace(YOUNGER, plans=(in_state(PlanState.COMPLETED, semester=later),)))
    merge(one, replace(YOUNGER, plans=(in_state(PlanState.DRAFT, semester=later, institution_id=ELSEWHERE),)))


def test_overlapping_enrolments_at_one_institution() -> None:
    one = replace(ELDER, enrolments=(enrolment(period=Period(date(2020, 9, 1), date(2021, 1, 31))),))
    overlapping = enrolment(period=Period(date(2021, 1, 31)))
    assert refused(one, replace(YOUNGER, enrolments=(overlapping,))) == {("/other_id", "overlapping-enrolments")}
    merge(one, replace(YOUNGER, enrolments=(replace(overlapping, institution_id=ELSEWHERE),)))
    merge(one, replace(YOUNGER, enrolments=(replace(overlapping, period=Period(date(2021, 2, 1))),)))


def test_an_outcome_each_of_one_school_year() -> None:
    one = replace(ELDER, years=(year(),))
    assert refused(one, replace(YOUNGER, years=(year(),))) == {("/other_id", "same-school-year")}
    merge(one, replace(YOUNGER, years=(year(ELSEWHERE), year(school_year="2019/20"))))


def test_a_restriction_of_either_keeps_both_as_they_are() -> None:
    assert refused(replace(ELDER, restricted=True), YOUNGER) == {("/other_id", "processing-restricted")}
    assert refused(ELDER, replace(YOUNGER, restricted=True)) == {("/other_id", "processing-restricted")}


def test_every_conflict_is_told_in_one_answer() -> None:
    one = replace(ELDER, plans=(in_state(PlanState.ACTIVE),), enrolments=(enrolment(),), years=(year(),))
    other = replace(YOUNGER, plans=one.plans, enrolments=one.enrolments, years=one.years)
    assert {code for _, code in refused(one, other)} == {
        "both-active",
        "same-semester",
        "overlapping-enrolments",
        "same-school-year",
    }


def test_equal_statements_become_one_and_those_of_others_are_kept() -> None:
    ours, theirs = person(student_id=B, version=2), person(student_id=A, version=5)
    elsewhere = replace(theirs, institution_id=ELSEWHERE, given_names="Citāda")
    decided = merge(replace(ELDER, statements=(ours,)), replace(YOUNGER, statements=(theirs, elsewhere)))
    assert decided.statements == (
        replace(ours, version=6),
        replace(elsewhere, student_id=B, version=6),
    )


def test_different_statements_of_one_institution_need_a_word() -> None:
    ours, theirs = person(student_id=B), person(student_id=A, given_names="Anna", version=3)
    one, other = replace(ELDER, statements=(ours,)), replace(YOUNGER, statements=(theirs,))
    assert refused(one, other) == {("/keep_statements_of", "different-statements")}
    assert refused(one, other, C) == {
        ("/keep_statements_of", "different-statements"),
        ("/keep_statements_of", "neither"),
    }
    for kept, names in ((B, "Anna Elīza"), (A, "Anna")):
        (statement,) = merge(one, other, keep_statements_of=kept).statements
        assert (statement.student_id, statement.given_names, statement.version) == (B, names, 4)


@st.composite
def belongings(draw: st.DrawFn, student_id: StudentId) -> Belongings:
    """Sound in itself: what one student may have. Few institutions, years and names, so that two of them often collide."""
    institutions = st.sampled_from([SCHOOL, ELSEWHERE])
    years = st.sampled_from([2019, 2020, 2021])
    places = draw(st.sets(st.tuples(institutions, years)))
    active = draw(st.sampled_from([None, *sorted(places)]))
    return Belongings(
        student_id=student_id,
        recorded_at=draw(st.sampled_from([THEN, THEN + timedelta(days=1)])),
        enrolments=tuple(
            enrolment(
                student_id=student_id, institution_id=at, period=Period(date(start, 9, 1), date(start + 1, 8, 31))
            )
            for at, start in draw(st.sets(st.tuples(institutions, years)))
        ),
        plans=tuple(
            in_state(
                PlanState.ACTIVE if (at, start) == active else PlanState.COMPLETED,
                student_id=student_id,
                institution_id=at,
                semester=Semester.parse(f"{start}-1"),
            )
            for at, start in sorted(places)
        ),
        years=tuple(year(at, f"{start}/{start - 1999}") for at, start in draw(st.sets(st.tuples(institutions, years)))),
        statements=tuple(
            person(student_id=student_id, institution_id=at, given_names=draw(st.sampled_from(["Anna", "Elīza"])))
            for at in draw(st.sets(institutions))
        ),
    )


@given(belongings(A), belongings(B), st.sampled_from([None, A, B]))
def test_nothing_is_lost_and_what_is_left_is_what_one_student_may_have(
    one: Belongings, other: Belongings, keep: StudentId | None
) -> None:
    plans, years = one.plans + other.plans, one.years + other.years
    stated = {(each.institution_id, each.given_names) for each in one.statements + other.statements}
    stating = {institution_id for institution_id, _ in stated}
    sound = (
        sum(each.state is PlanState.ACTIVE for each in plans) <= 1
        and len({(each.institution_id, each.semester) for each in plans}) == len(plans)
        and len({(each.institution_id, each.school_year) for each in years}) == len(years)
        and not any(
            first.institution_id == second.institution_id and first.period.overlaps(second.period)
            for first, second in product(one.enrolments, other.enrolments)
        )
        and (keep is not None or len(stated) == len(stating))
    )
    if not sound:
        assert refused(one, other, keep)
        return
    decided = merge(one, other, keep_statements_of=keep)
    survivor = next(each for each in (one, other) if each.student_id == decided.survivor)
    written = {each.institution_id for each in decided.statements}
    assert {each.institution_id for each in survivor.statements} | written == stating
    assert {(each.institution_id, each.given_names) for each in decided.statements} <= stated
    assert {each.student_id for each in decided.statements} <= {decided.survivor}
