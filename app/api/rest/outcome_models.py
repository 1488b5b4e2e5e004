"""What an outcome looks like over REST: `of` tells a plan's from a school year's."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from app.api.ids import InstitutionNumber
from app.api.patches import MergePatch, unchanged
from app.api.texts import CodeOf, Line, Paragraph
from app.db.outcomes import OutcomeFilter
from app.domain.calendar import SchoolYear
from app.domain.errors import Invalid, check, violation
from app.domain.ids import InstitutionId, OutcomeId, PlanId, RiskId, StudentId
from app.domain.outcomes import NextStep, Outcome, PlanOutcome, Result, RiskResult, YearOutcome, YearResult
from app.domain.plans import Plan


def _school_year(text: str) -> str:
    try:
        SchoolYear.parse(text)
    except Invalid as error:
        raise PydanticCustomError("school-year", "A school year is written like 2020/21.") from error
    return text


SchoolYearText = Annotated[str, Field(pattern=r"^\d{4}/\d{2}$", examples=["2020/21"]), AfterValidator(_school_year)]
RecordedOn = Annotated[date, Field(description="The day on which it was established.", examples=["2021-10-29"])]
Improvement = Annotated[
    Line,
    CodeOf("improvements"),
    Field(description="A code of the list `improvements`.", examples=["MOTIVATION"]),
]
Improvements = Annotated[list[Improvement], Field(max_length=50)]
Evaluation = Annotated[Paragraph, Field(description="A teacher's words about a child: sensitive.", examples=[None])]
LeavingReason = Annotated[
    Line,
    CodeOf("leaving-reasons"),
    Field(description="Of LEFT_EARLY: a code of `leaving-reasons`.", examples=[None]),
]
LeftOn = Annotated[date, Field(description="Of LEFT_EARLY.", examples=[None])]
Extended = Annotated[bool, Field(description="Whether an extended school year was needed, whatever came of it.")]


class RiskResultBody(BaseModel, extra="forbid", from_attributes=True):
    risk_id: RiskId
    result: Result

    def risk_result(self) -> RiskResult:
        return RiskResult(risk_id=self.risk_id, result=self.result)


Results = Annotated[list[RiskResultBody], Field(max_length=50, description="One for each risk of the plan.")]


class PlanOutcomeFields(BaseModel, extra="forbid"):
    """What the outcome of a plan says besides of which plan and risks."""

    of: Literal["PLAN"]
    recorded_on: RecordedOn
    next_step: NextStep
    improvements: Improvements = []
    evaluation: Evaluation | None = None

    def of_plan(self, plan: Plan, results: tuple[RiskResult, ...], outcome_id: OutcomeId) -> PlanOutcome:
        return PlanOutcome(
            id=outcome_id,
            student_id=plan.student_id,
            institution_id=plan.institution_id,
            plan_id=plan.id,
            recorded_on=self.recorded_on,
            results=results,
            next_step=self.next_step,
            improvements=tuple(self.improvements),
            evaluation=self.evaluation,
        )


class PlanOutcomeNew(PlanOutcomeFields):
    """What came of a plan that is or was in force. Student and institution are those of the plan."""

    plan_id: PlanId
    results: Results

    def outcome(self, outcome_id: OutcomeId, plan: Plan) -> PlanOutcome:
        return self.of_plan(plan, tuple(each.risk_result() for each in self.results), outcome_id)


class YearOutcomeFields(BaseModel, extra="forbid"):
    """What the outcome of a school year says besides of whom, and where."""

    of: Literal["SCHOOL_YEAR"]
    school_year: SchoolYearText
    recorded_on: RecordedOn
    result: YearResult
    extended_school_year: Extended = False
    left_on: LeftOn | None = None
    leaving_reason: LeavingReason | None = None

    def of_student(self, student_id: StudentId, institution_id: InstitutionId, outcome_id: OutcomeId) -> YearOutcome:
        return YearOutcome(
            id=outcome_id,
            student_id=student_id,
            institution_id=institution_id,
            school_year=SchoolYear.parse(self.school_year),
            recorded_on=self.recorded_on,
            result=self.result,
            extended_school_year=self.extended_school_year,
            left_on=self.left_on,
            leaving_reason=self.leaving_reason,
        )


class YearOutcomeNew(YearOutcomeFields):
    """How a student's school year ended at your institution."""

    student_id: StudentId
    institution_id: InstitutionNumber

    def outcome(self, outcome_id: OutcomeId) -> YearOutcome:
        return self.of_student(self.student_id, self.institution_id, outcome_id)


OutcomeNew = Annotated[PlanOutcomeNew | YearOutcomeNew, Field(discriminator="of")]

_OF_PLAN = frozenset({"recorded_on", "results", "next_step", "improvements", "evaluation"})
_OF_YEAR = frozenset({"recorded_on", "result", "extended_school_year", "left_on", "leaving_reason"})


class OutcomePatch(MergePatch):
    """Of either kind; each has its own fields, besides `recorded_on`. What the outcome is of does not change."""

    recorded_on: RecordedOn = unchanged()
    results: Results = unchanged()
    next_step: NextStep = unchanged()
    improvements: Improvements = unchanged()
    evaluation: Evaluation | None = unchanged()
    result: YearResult = unchanged()
    extended_school_year: Extended = unchanged()
    left_on: LeftOn | None = unchanged()
    leaving_reason: LeavingReason | None = unchanged()

    def of_plan(self, each: PlanOutcome) -> PlanOutcome:
        """Raises Invalid where a field of a school year was sent."""
        changes = self._only(_OF_PLAN, "a plan")
        if "results" in changes:
            changes["results"] = tuple(entry.risk_result() for entry in self.results)
        if "improvements" in changes:
            changes["improvements"] = tuple(self.improvements)
        return replace(each, **changes)

    def of_year(self, each: YearOutcome) -> YearOutcome:
        """Raises Invalid where a field of a plan was sent."""
        return replace(each, **self._only(_OF_YEAR, "a school year"))

    def _only(self, fields: frozenset[str], noun: str) -> dict[str, Any]:
        changes = self.changes()
        message = f"The outcome of {noun} has no such field."
        check(violation(f"/{name}", "not-of-this-outcome", message) for name in sorted(changes.keys() - fields))
        return changes


class PlanOutcomeOut(PlanOutcomeNew):
    id: OutcomeId
    student_id: StudentId
    institution_id: InstitutionNumber
    version: int


class YearOutcomeOut(YearOutcomeNew):
    id: OutcomeId
    version: int


OutcomeOut = Annotated[PlanOutcomeOut | YearOutcomeOut, Field(discriminator="of")]


def _by_risk(entry: RiskResult) -> RiskId:
    return entry.risk_id


def present(each: Outcome) -> OutcomeOut:
    if isinstance(each, YearOutcome):
        return YearOutcomeOut(
            of="SCHOOL_YEAR",
            id=each.id,
            student_id=each.student_id,
            institution_id=each.institution_id,
            school_year=str(each.school_year),
            recorded_on=each.recorded_on,
            result=each.result,
            extended_school_year=each.extended_school_year,
            left_on=each.left_on,
            leaving_reason=each.leaving_reason,
            version=each.version,
        )
    return PlanOutcomeOut(
        of="PLAN",
        id=each.id,
        student_id=each.student_id,
        institution_id=each.institution_id,
        plan_id=each.plan_id,
        recorded_on=each.recorded_on,
        results=[RiskResultBody.model_validate(entry) for entry in sorted(each.results, key=_by_risk)],
        next_step=each.next_step,
        improvements=list(each.improvements),
        evaluation=each.evaluation,
        version=each.version,
    )


class OutcomeQuery(BaseModel):
    of: Literal["PLAN", "SCHOOL_YEAR"] | None = None
    plan_id: PlanId | None = None
    student_id: StudentId | None = None
    institution_id: InstitutionNumber | None = None
    school_year: SchoolYearText | None = None

    def filter(self) -> OutcomeFilter:
        kinds: dict[str | None, type[Outcome]] = {"PLAN": PlanOutcome, "SCHOOL_YEAR": YearOutcome}
        return OutcomeFilter(
            of=kinds.get(self.of),
            plan_id=self.plan_id,
            student_id=self.student_id,
            institution_id=self.institution_id,
            school_year=None if self.school_year is None else SchoolYear.parse(self.school_year),
        )
