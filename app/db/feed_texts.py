"""Records as JSON texts, made by PostgreSQL: what the address of each record answers, in the envelope in which the feed sends it.

The feed sends millions of records, and no object is made of any here. A test compares each text with what the address answers.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from sqlalchemy import Column

from app.db.tables import intervention
from app.db.tables.code import Code
from app.domain.changes import STUDENT


def _quoted(value: str) -> str:
    """Of what needs no escapes: ids, dates, numbers, codes. `to_json` would take several times as long."""
    return f"""coalesce('"' || {value} || '"', 'null')"""


def _json(value: str) -> str:
    """Of what people wrote, and of truth values and lists."""
    return f"coalesce(to_json({value})::text, 'null')"


def _code(column: Column[str]) -> str:
    """A code from its number: the codes of the list as a constant array."""
    kind = column.type
    assert isinstance(kind, Code)  # noqa: S101 - as the tables say
    codes = {number: code for code, number in kind.numbers().items() if number is not None}
    listed = ",".join(codes.get(number) or "" for number in range(1, max(codes) + 1))
    return _quoted(f"('{{{listed}}}'::text[])[{column}]")


def _object(fields: Mapping[str, str]) -> Iterable[str]:
    """The parts of a JSON object, for `concat`."""
    for index, (name, value) in enumerate(fields.items()):
        yield f"""'{"," if index else "{"}"{name}":'"""
        yield value
    yield "'}'"


def _concat(fields: Mapping[str, str]) -> str:
    return f"concat({', '.join(_object(fields))})"


def _list(element: str, source: str) -> str:
    """A JSON array of the rows of a part of the record, in its order."""
    return f"""concat('[', (SELECT string_agg({element}) FROM {source}), ']')"""  # noqa: S608 - our own words


_COMMON: Final = {
    "id": _quoted("{0}.id"),
    "student_id": _quoted("{0}.student_id"),
    "institution_id": "{0}.institution_id",
}


def _record(table: str, fields: Mapping[str, str]) -> dict[str, str]:
    common = {name: value.format(table) for name, value in _COMMON.items()}
    return {**common, **fields, "version": f"{table}.version"}


def _of_plan(part: str) -> str:
    return f"{part} AS part WHERE part.plan_id = plan.id AND part.student_id = plan.student_id"


_ENROLMENT: Final = _record(
    "enrolment",
    {
        "grade": "enrolment.grade",
        "from": _quoted("enrolment.valid_from"),
        "to": _quoted("enrolment.valid_to"),
        "home_municipality": _quoted("enrolment.home_municipality"),
        "minority_programme": _json("enrolment.minority_programme"),
        "returned_emigrant": _json("enrolment.returned_emigrant"),
        "special_need": _json("enrolment.special_need"),
        "end_reason": _quoted("enrolment.end_reason"),
    },
)
_RISK: Final = _record(
    "risk",
    {
        "type": _json("risk.type"),
        "identified_on": _quoted("risk.identified_on"),
        "identified_by": _quoted("risk.identified_by"),
        "severity": _quoted("risk.severity"),
        "resolved_on": _quoted("risk.resolved_on"),
    },
)
_PLANNED_MEASURE: Final = {
    "risk_id": _quoted("part.risk_id"),
    "support_measure": _json("part.support_measure"),
    "hours": _quoted("part.hours"),
    "eur": _quoted("part.eur"),
    "subject": _json("part.subject"),
    "specialist": _json("part.specialist"),
}
_MEASURE_OF_REVISION: Final = {
    "risk_id": _json("part.measure ->> 0"),
    "support_measure": _json("part.measure ->> 1"),
    "hours": _quoted("(part.measure ->> 2)::numeric(9, 2)"),
    "eur": _quoted("(part.measure ->> 3)::numeric(9, 2)"),
    "subject": _json("part.measure ->> 4"),
    "specialist": _json("part.measure ->> 5"),
}
_REVISION: Final = {
    "risk_ids": "plan.revision -> 'risk_ids'",
    "planned_measures": _list(
        f"{_concat(_MEASURE_OF_REVISION)}, ',' ORDER BY part.place",
        "jsonb_array_elements(plan.revision -> 'measures') WITH ORDINALITY AS part (measure, place)",
    ),
    "number": "plan.revision -> 'number'",
    "state": "plan.revision -> 'state'",
    "reason": "plan.revision -> 'reason'",
}
_CONSENT: Final = {
    name: _quoted(f"plan.{name}")
    for name in ("application_signed_on", "application_signed_by", "guardian_agreed_on", "student_agreed_on")
}
_PLAN: Final = _record(
    "plan",
    {
        "risk_ids": _list(f"{_quoted('part.risk_id')}, ',' ORDER BY part.position", _of_plan("plan_risk")),
        "planned_measures": _list(
            f"{_concat(_PLANNED_MEASURE)}, ',' ORDER BY part.position", _of_plan("planned_measure")
        ),
        "code": _json("plan.code"),
        "enrolment_id": _quoted("plan.enrolment_id"),
        "programme": _json("plan.programme"),
        "semester": _quoted("plan.semester"),
        "from": _quoted("plan.valid_from"),
        "to": _quoted("plan.valid_to"),
        "consent": _concat(_CONSENT),
        "providers": _list(f"{_json('part.staff_member')}, ',' ORDER BY part.staff_member", _of_plan("plan_provider")),
        "continues": _quoted("plan.continues"),
        "state": _quoted("plan.state"),
        "revision_number": "plan.revision_number",
        "revision": f"CASE WHEN plan.revision IS NULL THEN 'null' ELSE {_concat(_REVISION)} END",
        "activated_on": _quoted("plan.activated_on"),
        "ended_on": _quoted("plan.ended_on"),
        "end_reason": _json("plan.end_reason"),
    },
)
_RESULT: Final = {"risk_id": _quoted("part.risk_id"), "result": _quoted("part.result")}
_PLAN_OUTCOME: Final = _record(
    "outcome",
    {
        "of": """'"PLAN"'""",
        "plan_id": _quoted("outcome.plan_id"),
        "recorded_on": _quoted("outcome.recorded_on"),
        "results": _list(
            f"{_concat(_RESULT)}, ',' ORDER BY part.risk_id",
            "outcome_result AS part WHERE part.outcome_id = outcome.id AND part.student_id = outcome.student_id",
        ),
        "next_step": _quoted("outcome.next_step"),
        "improvements": _json("outcome.improvements"),
        "evaluation": _json("outcome.evaluation"),
    },
)
_YEAR_OUTCOME: Final = _record(
    "outcome",
    {
        "of": """'"SCHOOL_YEAR"'""",
        "school_year": _quoted("outcome.school_year"),
        "recorded_on": _quoted("outcome.recorded_on"),
        "result": _quoted("outcome.result"),
        "extended_school_year": _json("outcome.extended_school_year"),
        "left_on": _quoted("outcome.left_on"),
        "leaving_reason": _json("outcome.leaving_reason"),
    },
)


def _intervention() -> dict[str, str]:
    columns = intervention.c
    return _record(
        "intervention",
        {
            "plan_id": _quoted("intervention.plan_id"),
            "risk_id": _quoted("intervention.risk_id"),
            "purpose": _code(columns.purpose),
            "support_measure": _code(columns.support_measure),
            "hours": _quoted("intervention.hours"),
            "eur": _quoted("intervention.eur"),
            "subject": _code(columns.subject),
            "specialist": _code(columns.specialist),
            "on": _quoted("intervention.valid_from"),
            "to": _quoted("intervention.valid_to"),
            "attendance": _code(columns.attendance),
            "mode": _code(columns.mode),
            "staff_member": _json("intervention.staff_member"),
            "head_order": _json("intervention.head_order"),
            "confirmed_on": _quoted("intervention.confirmed_on"),
        },
    )


@cache
def _data() -> dict[str, str]:
    of_either = f"CASE WHEN outcome.plan_id IS NULL THEN {_concat(_YEAR_OUTCOME)} ELSE {_concat(_PLAN_OUTCOME)} END"
    return {
        STUDENT: _concat({"id": _quoted("student.student_id"), "version": "student.version"}),
        "enrolment": _concat(_ENROLMENT),
        "risk": _concat(_RISK),
        "plan": _concat(_PLAN),
        "intervention": _concat(_intervention()),
        "outcome": of_either,
    }


@cache
def item(noun: str, *, keyed: bool) -> str:
    """The expression of one line of the feed, over the noun's own table. Its id stands where `id_in` says. `keyed`: with the id by which
    the source system in scope knows it, the first if there are several.
    """
    is_student = noun == STUDENT
    record_id = "student.student_id" if is_student else f"{noun}.id"
    external_id = (
        f"SELECT min(k.external_id) FROM source_key AS k WHERE k.record_id = {record_id} AND k.type = '{noun}'"  # noqa: S608 - our own words
    )
    return _concat(
        {
            "op": """'"upsert"'""",
            "type": f"""'"{noun}"'""",
            "id": _quoted(record_id),
            "student_id": _quoted(f"{noun}.student_id"),
            "institution_id": "'null'" if is_student else f"{noun}.institution_id",
            "version": f"{noun}.version",
            "external_id": _json(f"({external_id})") if keyed else "'null'",
            "data": _data()[noun],
        }
    )


def id_in(noun: str) -> slice:
    """Where the id stands in each line of `item`."""
    begin = len(f'{{"op":"upsert","type":"{noun}","id":"')
    return slice(begin, begin + 36)
