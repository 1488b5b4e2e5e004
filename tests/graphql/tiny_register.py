"""A register small enough to count by hand, written by the owner past every rule: the figures are under test, not the recording.

institution        until 2021-06-30     since 2021-07-01      participates
MADONA             Madona (old)         Madona (new)          2017-11-01 on
ERGLI              Ērgļi                Madona (new)          2021-07-01 on
COLLEGE (voc.)     Rīga                 Rīga                  2018-09-01 to 2019-05-31, 2020-09-01 on
AGLONA             Aglona               Preiļi                2019-09-01 on
GRAVERI            Aglona               Krāslava (the split)  2019-09-01 on
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import asyncpg

from app.db.reference import packaged

MADONA, ERGLI, COLLEGE, AGLONA, GRAVERI = range(1, 6)
MADONA_PARTNER = 1
REFORM = date(2021, 7, 1)
PLACES = {
    MADONA: ("0700200", "0038000"),
    ERGLI: ("0705500", "0038000"),
    COLLEGE: ("0010000", "0001000"),
    AGLONA: ("0604300", "0042000"),
    GRAVERI: ("0604300", "0032000"),
}
NAMES = {
    MADONA: "Madonas skola",
    ERGLI: "Ērgļu skola",
    COLLEGE: "Rīgas koledža",
    AGLONA: "Aglonas skola",
    GRAVERI: "Grāveru skola",
}
PARTICIPATIONS = [
    (MADONA, 1, date(2017, 11, 1), None),
    (ERGLI, 1, REFORM, None),
    (COLLEGE, 2, date(2018, 9, 1), date(2019, 5, 31)),
    (COLLEGE, 2, date(2020, 9, 1), None),
    (AGLONA, 3, date(2019, 9, 1), None),
    (GRAVERI, 3, date(2019, 9, 1), None),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One intervention in answer to the plan's risk number `answers`."""

    answers: int = 0
    hours: str | None = None
    eur: str | None = None
    measure: str = "SUBJECT_CONSULTATION"
    subject: str | None = None
    specialist: str | None = None
    mode: str | None = "IN_PERSON"
    attendance: str = "ATTENDED"
    staff_member: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """One measure that was planned in answer to the plan's risk number `answers`."""

    answers: int = 0
    hours: str | None = None
    eur: str | None = None
    measure: str = "SUBJECT_CONSULTATION"
    subject: str | None = None
    specialist: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """`results`: of its risks by number. `year_result`: of the student's school year, by the plan's institution."""

    student: UUID
    institution: int
    first_day: date
    semester: str
    grade: int
    risks: Sequence[str]
    delivered: Sequence[Delivered] = ()
    state: str = "COMPLETED"
    put_into_force: bool = True
    continues: UUID | None = None
    promised: Sequence[Promised] = ()
    results: Mapping[int, str] = field(default_factory=dict)
    year_result: str | None = None
    minority: bool = False
    returned: bool = False
    special_need: str | None = None
    id: UUID = field(default_factory=uuid4)


async def write_network(owner: asyncpg.Connection) -> None:
    for institution, name in NAMES.items():
        kind = "VOCATIONAL" if institution == COLLEGE else "GENERAL"
        await owner.execute(
            "INSERT INTO institution (id, name, sort_key, kind, founder, opened_on) OVERRIDING SYSTEM VALUE"
            " VALUES ($1, $2, $2, $3, 'MUNICIPALITY', '2000-09-01')",
            institution,
            name,
            kind,
        )
        for place, start, end in zip(
            PLACES[institution], (date(2009, 7, 1), REFORM), (date(2021, 6, 30), None), strict=True
        ):
            await owner.execute(
                "INSERT INTO institution_location VALUES ($1, $2, $3, $4)", institution, place, start, end
            )
    for partner, municipality, own in ((1, "0700200", None), (2, None, COLLEGE), (3, "0604300", None)):
        await owner.execute(
            "INSERT INTO partner (id, municipality, institution_id) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3)",
            partner,
            municipality,
            own,
        )
    for institution, partner, start, end in PARTICIPATIONS:
        await owner.execute(
            "INSERT INTO participation (institution_id, programme, partner_id, agreement_number, agreement_date, valid_from, valid_to)"
            " VALUES ($1, 'PUMPURS', $2, '1', $3, $3, $4)",
            institution,
            partner,
            start,
            end,
        )


async def write_plan(owner: asyncpg.Connection, plan: Planned) -> None:
    enrolment, day = uuid4(), plan.first_day
    await owner.execute("INSERT INTO student (student_id) VALUES ($1) ON CONFLICT DO NOTHING", plan.student)
    await owner.execute(
        "INSERT INTO enrolment (id, student_id, institution_id, grade, valid_from, minority_programme, returned_emigrant, special_need)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        enrolment,
        plan.student,
        plan.institution,
        plan.grade,
        day,
        plan.minority,
        plan.returned,
        plan.special_need,
    )
    await owner.execute(
        "INSERT INTO plan (id, student_id, institution_id, enrolment_id, programme, semester, valid_from, valid_to, code, state,"
        " continues, activated_on, ended_on) VALUES ($1, $2, $3, $4, 'PUMPURS', $5, $6, $7, $8, $9, $10, $11, $12)",
        plan.id,
        plan.student,
        plan.institution,
        enrolment,
        plan.semester,
        day,
        day,
        f"IAP-{plan.id}",
        plan.state,
        plan.continues,
        day if plan.put_into_force else None,
        None if plan.state in ("DRAFT", "ACTIVE") else day,
    )
    risks = [await _risk(owner, plan, position, risk) for position, risk in enumerate(plan.risks)]
    for each in plan.delivered:
        await _deliver(owner, plan, risks[each.answers], each)
    for position, promised in enumerate(plan.promised):
        await _promise(owner, plan, position, risks[promised.answers], promised)
    if plan.results:
        await _conclude(owner, plan, risks)
    if plan.year_result is not None:
        await _end_year(owner, plan, plan.year_result)


async def _risk(owner: asyncpg.Connection, plan: Planned, position: int, risk: str) -> UUID:
    risk_id = uuid4()
    await owner.execute(
        "INSERT INTO risk (id, student_id, institution_id, type, identified_on, identified_by, severity)"
        " VALUES ($1, $2, $3, $4, $5, 'TEACHER', 'LOW')",
        risk_id,
        plan.student,
        plan.institution,
        risk,
        plan.first_day,
    )
    await owner.execute(
        "INSERT INTO plan_risk (plan_id, student_id, risk_id, institution_id, position) VALUES ($1, $2, $3, $4, $5)",
        plan.id,
        plan.student,
        risk_id,
        plan.institution,
        position,
    )
    return risk_id


async def _deliver(owner: asyncpg.Connection, plan: Planned, risk_id: UUID, delivered: Delivered) -> None:
    await owner.execute(
        "INSERT INTO intervention (student_id, plan_id, risk_id, institution_id, valid_from, support_measure, purpose, attendance,"
        " mode, subject, specialist, hours, eur, staff_member)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        plan.student,
        plan.id,
        risk_id,
        plan.institution,
        plan.first_day,
        _number("support-measures", delivered.measure),
        _number("purposes", "REMEDIAL"),
        _number("attendances", delivered.attendance),
        _number("delivery-modes", delivered.mode if delivered.hours else None),
        _number("subjects", delivered.subject),
        _number("specialists", delivered.specialist),
        None if delivered.hours is None else Decimal(delivered.hours),
        None if delivered.eur is None else Decimal(delivered.eur),
        delivered.staff_member,
    )


async def _promise(owner: asyncpg.Connection, plan: Planned, position: int, risk_id: UUID, promised: Promised) -> None:
    await owner.execute(
        "INSERT INTO planned_measure (plan_id, student_id, position, institution_id, risk_id, support_measure, subject, specialist,"
        " hours, eur) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        plan.id,
        plan.student,
        position,
        plan.institution,
        risk_id,
        promised.measure,
        promised.subject,
        promised.specialist,
        None if promised.hours is None else Decimal(promised.hours),
        None if promised.eur is None else Decimal(promised.eur),
    )


async def _conclude(owner: asyncpg.Connection, plan: Planned, risks: Sequence[UUID]) -> None:
    outcome = uuid4()
    await owner.execute(
        "INSERT INTO outcome (id, student_id, institution_id, recorded_on, plan_id, next_step) VALUES ($1, $2, $3, $4, $5, 'END')",
        outcome,
        plan.student,
        plan.institution,
        plan.first_day,
        plan.id,
    )
    for number, result in plan.results.items():
        await owner.execute(
            "INSERT INTO outcome_result (outcome_id, student_id, risk_id, institution_id, result) VALUES ($1, $2, $3, $4, $5)",
            outcome,
            plan.student,
            risks[number],
            plan.institution,
            result,
        )


async def _end_year(owner: asyncpg.Connection, plan: Planned, result: str) -> None:
    await owner.execute(
        "INSERT INTO outcome (student_id, institution_id, recorded_on, school_year, result, left_on)"
        " VALUES ($1, $2, $3, (SELECT school_year FROM semester WHERE code = $4), $5, $6) ON CONFLICT DO NOTHING",
        plan.student,
        plan.institution,
        plan.first_day,
        plan.semester,
        result,
        plan.first_day if result == "LEFT_EARLY" else None,
    )


def _number(code_list: str, code: str | None) -> int | None:
    return None if code is None else packaged().code_lists.code(code_list, code).id
