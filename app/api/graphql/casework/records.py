"""Enrolments, risks, interventions and outcomes: records that lead nowhere further."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import strawberry

from app.api.graphql.casework.enums import (
    Attendance,
    EndReason,
    IdentifiedBy,
    NextStep,
    Purpose,
    Result,
    Severity,
    YearResult,
)
from app.api.graphql.enums import DeliveryMode
from app.api.graphql.labels import Label
from app.domain import enrolments, interventions, outcomes, risks
from app.domain.code_lists import CodeLists


def label(codes: CodeLists, name: str, code: str) -> Label:
    found = codes.code(name, code)
    return Label(code=found.code, name_lv=found.name_lv, name_en=found.name_en)


def label_or_none(codes: CodeLists, name: str, code: str | None) -> Label | None:
    return None if code is None else label(codes, name, code)


@strawberry.type(description="Which institution a student attends, in which grade or course.")
class Enrolment:
    id: UUID
    institution_id: int
    grade: int = strawberry.field(description="Grade 1-12, or course 1-4 at a vocational institution.")
    from_: date = strawberry.field(name="from")
    to: date | None
    end_reason: EndReason | None
    home_municipality: str | None = strawberry.field(description="ATVK code; may differ from the institution's.")
    minority_programme: bool
    returned_emigrant: bool
    special_need: Label | None
    version: int

    @classmethod
    def of(cls, each: enrolments.Enrolment, codes: CodeLists) -> "Enrolment":
        return cls(
            id=each.id,
            institution_id=each.institution_id,
            grade=each.grade,
            from_=each.period.start,
            to=each.period.end,
            end_reason=each.end_reason,
            home_municipality=each.home_municipality,
            minority_programme=each.minority_programme,
            returned_emigrant=each.returned_emigrant,
            special_need=label_or_none(codes, "special-needs", each.special_need),
            version=each.version,
        )


@strawberry.type(description="An identified risk of a student.")
class Risk:
    id: UUID
    institution_id: int
    type: Label
    group: Label
    identified_on: date
    identified_by: IdentifiedBy
    severity: Severity
    resolved_on: date | None
    version: int

    @classmethod
    def of(cls, each: risks.Risk, codes: CodeLists) -> "Risk":
        return cls(
            id=each.id,
            institution_id=each.institution_id,
            type=label(codes, "risks", each.type),
            group=label(codes, "risk-groups", codes.risk(each.type).group),
            identified_on=each.identified_on,
            identified_by=each.identified_by,
            severity=each.severity,
            resolved_on=each.resolved_on,
            version=each.version,
        )


@strawberry.type(description="A support measure as it was delivered, or why it was not.")
class Intervention:
    id: UUID
    plan_id: UUID
    risk_id: UUID
    purpose: Purpose
    support_measure: Label
    hours: Decimal | None = strawberry.field(description="Teaching hours of 40 minutes.")
    eur: Decimal | None
    subject: Label | None
    specialist: Label | None
    on: date
    to: date | None
    attendance: Attendance
    mode: DeliveryMode | None
    staff_member: str | None = strawberry.field(description="A pseudonymous reference.")
    version: int

    @classmethod
    def of(cls, each: interventions.Intervention, codes: CodeLists) -> "Intervention":
        support = each.support
        return cls(
            id=each.id,
            plan_id=each.plan_id,
            risk_id=each.risk_id,
            purpose=each.purpose,
            support_measure=label(codes, "support-measures", support.measure),
            hours=support.hours,
            eur=support.eur,
            subject=label_or_none(codes, "subjects", support.subject),
            specialist=label_or_none(codes, "specialists", support.specialist),
            on=each.period.start,
            to=each.period.end,
            attendance=each.attendance,
            mode=each.mode,
            staff_member=each.staff_member,
            version=each.version,
        )


@strawberry.type(description="What became of one risk.")
class RiskResult:
    risk_id: UUID
    result: Result


@strawberry.type(description="What came of a plan.")
class PlanOutcome:
    id: UUID
    recorded_on: date
    results: list[RiskResult]
    next_step: NextStep
    improvements: list[Label]
    evaluation: str | None
    version: int

    @classmethod
    def of(cls, each: outcomes.PlanOutcome, codes: CodeLists) -> "PlanOutcome":
        return cls(
            id=each.id,
            recorded_on=each.recorded_on,
            results=[RiskResult(risk_id=result.risk_id, result=result.result) for result in each.results],
            next_step=each.next_step,
            improvements=[label(codes, "improvements", code) for code in each.improvements],
            evaluation=each.evaluation,
            version=each.version,
        )


@strawberry.type(description="How a student's school year ended.")
class YearOutcome:
    id: UUID
    school_year: str
    recorded_on: date
    result: YearResult
    extended_school_year: bool
    left_on: date | None
    leaving_reason: Label | None
    version: int

    @classmethod
    def of(cls, each: outcomes.YearOutcome, codes: CodeLists) -> "YearOutcome":
        return cls(
            id=each.id,
            school_year=str(each.school_year),
            recorded_on=each.recorded_on,
            result=each.result,
            extended_school_year=each.extended_school_year,
            left_on=each.left_on,
            leaving_reason=label_or_none(codes, "leaving-reasons", each.leaving_reason),
            version=each.version,
        )
