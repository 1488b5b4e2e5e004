"""Merging two students who are one person: the younger becomes an alias of the elder, unless what is recorded of both contradicts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.enrolments import Enrolment
from app.domain.errors import Refused, Violation, violation
from app.domain.ids import InstitutionId, StudentId
from app.domain.outcomes import YearOutcome
from app.domain.plans import Plan, PlanState
from app.domain.students import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What is recorded of a student, as far as a merge depends on it. `restricted`: of at least one institution's records."""

    student_id: StudentId
    recorded_at: datetime
    enrolments: tuple[Enrolment, ...] = ()
    plans: tuple[Plan, ...] = ()
    years: tuple[YearOutcome, ...] = ()
    statements: tuple[Person, ...] = ()
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What was decided. `statements` are those to be written under the survivor; those that it has and keeps are not among them."""

    survivor: StudentId
    alias: StudentId
    statements: tuple[Person, ...]

    @property
    def id(self) -> StudentId:
        return self.survivor

    @property
    def student_id(self) -> StudentId:
        return self.survivor


def merge(one: Belongings, other: Belongings, *, keep_statements_of: StudentId | None = None) -> Merge:
    """Whoever was recorded first survives. Where an institution states two different persons, `keep_statements_of` says under which
    of the two ids its statement is to be kept.

    Raises Refused, with every contradiction as a violation.
    """
    if one.student_id == other.student_id:
        raise Refused("Both ids are of one student already.", code="same-student")
    elder, younger = sorted((one, other), key=lambda each: (each.recorded_at, each.student_id))
    kept = {elder.student_id: elder, younger.student_id: younger}.get(keep_statements_of or elder.student_id)
    conflicts = [
        *_restrictions(elder, younger),
        *_plans(elder.plans, younger.plans),
        *_enrolments(elder.enrolments, younger.enrolments),
        *_years(elder.years, younger.years),
        *([] if keep_statements_of is not None and kept is not None else _different(elder, younger)),
    ]
    if kept is None:
        conflicts.append(violation("/keep_statements_of", "neither", "This is neither of the two students."))
    if conflicts:
        raise Refused(
            "What is recorded of the two contradicts: see violations.", code="merge-conflicts", violations=conflicts
        )
    return Merge(
        survivor=elder.student_id,
        alias=younger.student_id,
        statements=tuple(_written(elder, younger, keeps_younger=kept is younger)),
    )


def _restrictions(elder: Belongings, younger: Belongings) -> Iterator[Violation]:
    for each in (elder, younger):
        if each.restricted:
            yield violation(
                "/other_id", "processing-restricted", f"The processing of {each.student_id}'s records is restricted."
            )


def _plans(elder: Sequence[Plan], younger: Sequence[Plan]) -> Iterator[Violation]:
    for ours, theirs in ((ours, theirs) for ours in elder for theirs in younger):
        both = f"{ours.id} and {theirs.id}"
        if ours.state is PlanState.ACTIVE and theirs.state is PlanState.ACTIVE:
            yield violation("/other_id", "both-active", f"Both have an active plan: {both}.")
        if ours.institution_id != theirs.institution_id:
            continue
        if ours.semester == theirs.semester:
            yield violation("/other_id", "same-semester", f"Both have a plan of one semester there: {both}.")
        elif ours.state.is_open and theirs.state.is_open:
            yield violation("/other_id", "both-open", f"Both have an open plan at one institution: {both}.")


def _enrolments(elder: Sequence[Enrolment], younger: Sequence[Enrolment]) -> Iterator[Violation]:
    for ours, theirs in ((ours, theirs) for ours in elder for theirs in younger):
        if ours.institution_id == theirs.institution_id and ours.period.overlaps(theirs.period):
            both = f"{ours.id} and {theirs.id}"
            yield violation("/other_id", "overlapping-enrolments", f"Enrolments at one institution overlap: {both}.")


def _years(elder: Sequence[YearOutcome], younger: Sequence[YearOutcome]) -> Iterator[Violation]:
    for ours, theirs in ((ours, theirs) for ours in elder for theirs in younger):
        if (ours.institution_id, ours.school_year) == (theirs.institution_id, theirs.school_year):
            both = f"{ours.id} and {theirs.id}"
            yield violation("/other_id", "same-school-year", f"Both have an outcome of one school year there: {both}.")


def _different(elder: Belongings, younger: Belongings) -> Iterator[Violation]:
    stated = _by_institution(elder)
    for theirs in younger.statements:
        ours = stated.get(theirs.institution_id)
        if ours is not None and not _say_the_same(ours, theirs):
            yield violation(
                "/keep_statements_of",
                "different-statements",
                f"Institution {theirs.institution_id} states two different persons: say under which id its statement is right.",
            )


def _written(elder: Belongings, younger: Belongings, *, keeps_younger: bool) -> Iterator[Person]:
    """In the version after all those that anybody has seen, so that nobody takes one for another."""
    stated = _by_institution(elder)
    for theirs in younger.statements:
        ours = stated.get(theirs.institution_id)
        right = theirs if ours is None or keeps_younger else ours
        seen = theirs.version if ours is None else max(ours.version, theirs.version)
        yield replace(right, student_id=elder.student_id, version=seen + 1)


def _by_institution(each: Belongings) -> dict[InstitutionId, Person]:
    return {statement.institution_id: statement for statement in each.statements}


def _say_the_same(one: Person, other: Person) -> bool:
    return replace(one, student_id=other.student_id, version=other.version) == other
