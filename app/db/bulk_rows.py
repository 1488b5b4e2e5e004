"""Rows of every noun for the bulk path, in the order in which foreign keys allow them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.domain.collation import latvian_sort_key
from app.domain.enrolments import Enrolment
from app.domain.institutions import Institution
from app.domain.interventions import Intervention
from app.domain.outcomes import Outcome, PlanOutcome
from app.domain.participations import Participation, Partner

Row = Mapping[str, Any]


def institution(each: Institution) -> Row:
    return {
        "id": each.id,
        "name": each.name,
        "sort_key": latvian_sort_key(each.name),
        "kind": each.kind,
        "founder": each.founder,
        "opened_on": each.opened_on,
        "closed_on": each.closed_on,
        "merged_into": each.merged_into,
        "version": each.version,
    }


def registrations(institutions: Iterable[Institution]) -> Iterator[Row]:
    for each in institutions:
        for entry in each.registration_numbers:
            yield {
                "institution_id": each.id,
                "number": entry.number,
                "valid_from": entry.period.start,
                "valid_to": entry.period.end,
            }


def locations(institutions: Iterable[Institution]) -> Iterator[Row]:
    for each in institutions:
        for place in each.locations:
            yield {
                "institution_id": each.id,
                "municipality": place.municipality,
                "valid_from": place.period.start,
                "valid_to": place.period.end,
            }


def partner(each: Partner) -> Row:
    return {"id": each.id, "municipality": each.municipality, "institution_id": each.institution_id}


def participation(each: Participation) -> Row:
    return {
        "id": each.id,
        "institution_id": each.institution_id,
        "programme": each.programme,
        "partner_id": each.partner_id,
        "agreement_number": each.agreement_number,
        "agreement_date": each.agreement_date,
        "valid_from": each.period.start,
        "valid_to": each.period.end,
        "version": each.version,
    }


def enrolment(each: Enrolment) -> Row:
    return {
        "id": each.id,
        "student_id": each.student_id,
        "institution_id": each.institution_id,
        "grade": each.grade,
        "valid_from": each.period.start,
        "valid_to": each.period.end,
        "home_municipality": each.home_municipality,
        "minority_programme": each.minority_programme,
        "returned_emigrant": each.returned_emigrant,
        "special_need": each.special_need,
        "end_reason": each.end_reason,
        "version": each.version,
    }


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
    of_plan = isinstance(each, PlanOutcome)
    return {
        "id": each.id,
        "student_id": each.student_id,
        "institution_id": each.institution_id,
        "recorded_on": each.recorded_on,
        "plan_id": each.plan_id if of_plan else None,
        "next_step": each.next_step if of_plan else None,
        "improvements": list(each.improvements) if of_plan else [],
        "evaluation": each.evaluation if of_plan else None,
        "school_year": None if of_plan else str(each.school_year),
        "result": None if of_plan else each.result,
        "extended_school_year": None if of_plan else each.extended_school_year,
        "left_on": None if of_plan else each.left_on,
        "leaving_reason": None if of_plan else each.leaving_reason,
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
