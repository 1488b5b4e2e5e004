"""Rows for the bulk path, where it sends more at once than the nouns' own files write: parts of institutions, ids that are given."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.db import institutions
from app.domain.institutions import Institution
from app.domain.interventions import Intervention
from app.domain.outcomes import Outcome, PlanOutcome, YearOutcome
from app.domain.participations import Partner

Row = Mapping[str, Any]


def institution(each: Institution) -> Row:
    """With its id: what is imported is already known by it."""
    return {"id": each.id, **institutions.values(each)}


def registrations(those: Iterable[Institution]) -> Iterator[Row]:
    for each in those:
        for entry in each.registration_numbers:
            yield {
                "institution_id": each.id,
                "number": entry.number,
                "valid_from": entry.period.start,
                "valid_to": entry.period.end,
            }


def locations(those: Iterable[Institution]) -> Iterator[Row]:
    for each in those:
        for place in each.locations:
            yield {
                "institution_id": each.id,
                "municipality": place.municipality,
                "valid_from": place.period.start,
                "valid_to": place.period.end,
            }


def partner(each: Partner) -> Row:
    return {"id": each.id, "municipality": each.municipality, "institution_id": each.institution_id}


def intervention(each: Intervention) -> Row:
    support = each.support
    return {
        "id": each.id,
        "student_id": each.student_id,
        "plan_id": each.plan_id,
        "risk_id": each.risk_id,
        "institution_id": each.institution_id,
        "valid_from": each.period.start,
        "valid_to": each.period.end,
        "confirmed_on": each.confirmed_on,
        "version": each.version,
        "support_measure": support.measure,
        "purpose": each.purpose,
        "attendance": each.attendance,
        "mode": each.mode,
        "subject": support.subject,
        "specialist": support.specialist,
        "hours": support.hours,
        "eur": support.eur,
        "staff_member": each.staff_member,
        "head_order": each.head_order,
    }


def outcome(each: Outcome) -> Row:
    of_plan = each if isinstance(each, PlanOutcome) else None
    of_year = each if isinstance(each, YearOutcome) else None
    return {
        "id": each.id,
        "student_id": each.student_id,
        "institution_id": each.institution_id,
        "recorded_on": each.recorded_on,
        "plan_id": of_plan and of_plan.plan_id,
        "next_step": of_plan and of_plan.next_step,
        "improvements": list(of_plan.improvements) if of_plan else [],
        "evaluation": of_plan and of_plan.evaluation,
        "school_year": of_year and str(of_year.school_year),
        "result": of_year and of_year.result,
        "extended_school_year": of_year and of_year.extended_school_year,
        "left_on": of_year and of_year.left_on,
        "leaving_reason": of_year and of_year.leaving_reason,
        "version": each.version,
    }


def outcome_results(outcomes: Iterable[Outcome]) -> Iterator[Row]:
    for each in outcomes:
        if isinstance(each, PlanOutcome):
            for result in each.results:
                yield {
                    "outcome_id": each.id,
                    "student_id": each.student_id,
                    "risk_id": result.risk_id,
                    "institution_id": each.institution_id,
                    "result": result.result,
                }
