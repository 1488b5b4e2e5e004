"""Records as texts, made by PostgreSQL: what the address of each record answers, as one JSON text or field by field.

Feed and exports send millions of records, and no object is made of any here. Tests compare each text with what the address answers.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from app.db.field_texts import (
    Field,
    Kind,
    amount,
    as_json,
    code,
    concat,
    day,
    line,
    listed,
    number,
    one_of_few,
    paragraph,
    part,
    quoted,
    truth,
)
from app.db.tables import intervention
from app.domain.changes import STUDENT


def _record(table: str, fields: Mapping[str, Field]) -> dict[str, Field]:
    """Each begins with the same three, so that whoever sends lines of them finds in their place whom they are about."""
    return {
        "id": quoted(f"{table}.id"),
        "student_id": quoted(f"{table}.student_id"),
        "institution_id": number(f"{table}.institution_id"),
        **fields,
        "version": number(f"{table}.version"),
    }


def _of_plan(part: str) -> str:
    return f"{part} AS part WHERE part.plan_id = plan.id AND part.student_id = plan.student_id"


_ENROLMENT: Final = _record(
    "enrolment",
    {
        "grade": number("enrolment.grade"),
        "from": day("enrolment.valid_from"),
        "to": day("enrolment.valid_to"),
        "home_municipality": one_of_few("enrolment.home_municipality"),
        "minority_programme": truth("enrolment.minority_programme"),
        "returned_emigrant": truth("enrolment.returned_emigrant"),
        "special_need": as_json("enrolment.special_need", Kind.CODE),
        "end_reason": one_of_few("enrolment.end_reason"),
    },
)
_RISK: Final = _record(
    "risk",
    {
        "type": as_json("risk.type", Kind.CODE),
        "identified_on": day("risk.identified_on"),
        "identified_by": one_of_few("risk.identified_by"),
        "severity": one_of_few("risk.severity"),
        "resolved_on": day("risk.resolved_on"),
    },
)
_PLANNED_MEASURE: Final = {
    "risk_id": quoted("part.risk_id"),
    "support_measure": as_json("part.support_measure"),
    "hours": amount("part.hours"),
    "eur": amount("part.eur"),
    "subject": as_json("part.subject"),
    "specialist": as_json("part.specialist"),
}
_MEASURE_OF_REVISION: Final = {
    "risk_id": as_json("part.measure ->> 0"),
    "support_measure": as_json("part.measure ->> 1"),
    "hours": quoted("(part.measure ->> 2)::numeric(9, 2)"),
    "eur": quoted("(part.measure ->> 3)::numeric(9, 2)"),
    "subject": as_json("part.measure ->> 4"),
    "specialist": as_json("part.measure ->> 5"),
}
_REVISION: Final = {
    "risk_ids": part("plan.revision -> 'risk_ids'"),
    "planned_measures": listed(
        f"{concat(_MEASURE_OF_REVISION)}, ',' ORDER BY part.place",
        "jsonb_array_elements(plan.revision -> 'measures') WITH ORDINALITY AS part (measure, place)",
    ),
    "number": part("plan.revision -> 'number'"),
    "state": part("plan.revision -> 'state'"),
    "reason": part("plan.revision -> 'reason'"),
}
_CONSENT: Final = {
    name: quoted(f"plan.{name}")
    for name in ("application_signed_on", "application_signed_by", "guardian_agreed_on", "student_agreed_on")
}
_PLAN: Final = _record(
    "plan",
    {
        "risk_ids": listed(f"{quoted('part.risk_id').json}, ',' ORDER BY part.position", _of_plan("plan_risk")),
        "planned_measures": listed(
            f"{concat(_PLANNED_MEASURE)}, ',' ORDER BY part.position", _of_plan("planned_measure")
        ),
        "code": as_json("plan.code"),
        "enrolment_id": quoted("plan.enrolment_id"),
        "programme": as_json("plan.programme", Kind.CODE),
        "semester": one_of_few("plan.semester"),
        "from": day("plan.valid_from"),
        "to": day("plan.valid_to"),
        "consent": part(concat(_CONSENT)),
        "providers": listed(
            f"{as_json('part.staff_member').json}, ',' ORDER BY part.staff_member", _of_plan("plan_provider")
        ),
        "continues": quoted("plan.continues"),
        "state": one_of_few("plan.state"),
        "revision_number": number("plan.revision_number"),
        "revision": Field(
            f"CASE WHEN plan.revision IS NULL THEN 'null' ELSE {concat(_REVISION)} END",
            f"CASE WHEN plan.revision IS NOT NULL THEN {concat(_REVISION)} END",
        ),
        "activated_on": day("plan.activated_on"),
        "ended_on": day("plan.ended_on"),
        "end_reason": paragraph("plan.end_reason"),
    },
)
_RESULT: Final = {"risk_id": quoted("part.risk_id"), "result": quoted("part.result")}
_PLAN_OUTCOME: Final = _record(
    "outcome",
    {
        "of": one_of_few("'PLAN'"),
        "plan_id": quoted("outcome.plan_id"),
        "recorded_on": day("outcome.recorded_on"),
        "results": listed(
            f"{concat(_RESULT)}, ',' ORDER BY part.risk_id",
            "outcome_result AS part WHERE part.outcome_id = outcome.id AND part.student_id = outcome.student_id",
        ),
        "next_step": one_of_few("outcome.next_step"),
        "improvements": part("to_json(outcome.improvements)::text"),
        "evaluation": paragraph("outcome.evaluation"),
    },
)
_YEAR_OUTCOME: Final = _record(
    "outcome",
    {
        "of": one_of_few("'SCHOOL_YEAR'"),
        "school_year": one_of_few("outcome.school_year"),
        "recorded_on": day("outcome.recorded_on"),
        "result": one_of_few("outcome.result"),
        "extended_school_year": truth("outcome.extended_school_year"),
        "left_on": day("outcome.left_on"),
        "leaving_reason": as_json("outcome.leaving_reason", Kind.CODE),
    },
)


@cache
def _intervention() -> dict[str, Field]:
    columns = intervention.c
    return _record(
        "intervention",
        {
            "plan_id": quoted("intervention.plan_id"),
            "risk_id": quoted("intervention.risk_id"),
            "purpose": code(columns.purpose),
            "support_measure": code(columns.support_measure),
            "hours": amount("intervention.hours"),
            "eur": amount("intervention.eur"),
            "subject": code(columns.subject),
            "specialist": code(columns.specialist),
            "on": day("intervention.valid_from"),
            "to": day("intervention.valid_to"),
            "attendance": code(columns.attendance),
            "mode": code(columns.mode),
            "staff_member": line("intervention.staff_member"),
            "head_order": line("intervention.head_order"),
            "confirmed_on": day("intervention.confirmed_on"),
        },
    )


@cache
def record(noun: str) -> str:
    """The expression of the JSON, over the noun's own table."""
    if noun == STUDENT:
        return concat({"id": quoted("student.student_id"), "version": number("student.version")})
    if noun == "outcome":
        return f"CASE WHEN outcome.plan_id IS NULL THEN {concat(_YEAR_OUTCOME)} ELSE {concat(_PLAN_OUTCOME)} END"
    return concat(fields(noun))


@cache
def fields(noun: str) -> Mapping[str, Field]:
    """Every field of a record by its name, over the noun's own table. Those that one kind of outcome does not have are NULL in it."""
    of_either = {name: _of_either(name) for name in {**_PLAN_OUTCOME, **_YEAR_OUTCOME}}
    return {
        "enrolment": _ENROLMENT,
        "risk": _RISK,
        "plan": _PLAN,
        "intervention": _intervention(),
        "outcome": of_either,
    }[noun]


def _of_either(name: str) -> Field:
    """Of an outcome, in whichever kinds have it."""
    kinds = {"IS NOT NULL": _PLAN_OUTCOME.get(name), "IS NULL": _YEAR_OUTCOME.get(name)}
    first, *others = [each for each in kinds.values() if each is not None]
    if others == [first]:
        return first
    whens = (f"WHEN outcome.plan_id {which} THEN {each.cell}" for which, each in kinds.items() if each is not None)
    cell = f"CASE {' '.join(whens)} END"
    return Field(as_json(cell).json, cell, first.kind)
