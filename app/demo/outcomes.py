"""What came of the plans and the school years of the synthetic register."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from app.demo.cases import Case, Ending
from app.demo.seeds import dated_id
from app.domain.calendar import SchoolYear
from app.domain.code_lists import CodeLists, InstitutionKind
from app.domain.enrolments import EndReason
from app.domain.ids import OutcomeId
from app.domain.outcomes import (
    NextStep,
    PlanOutcome,
    Result,
    RiskResult,
    YearOutcome,
    YearResult,
    check_plan_outcome,
    check_year_outcome,
)

EVALUATED = 0.93
_OF_A_YEAR = 0.55
_REPEATS = 0.03
_EXTENDED = 0.08
_RESULTS: Final = (18, 52, 26, 4)
_IMPROVEMENTS: Final = (
    "MOTIVATION", "ACHIEVEMENT", "INDEPENDENCE", "SELF_ESTEEM", "COMMUNICATION", "COOPERATION_WITH_TEACHERS", "BEHAVIOUR", "WELLBEING",
)  # fmt: skip
_WORDS: Final = (
    "Skolēns regulāri apmeklēja nodarbības, sekmes uzlabojās.",
    "Netika izmantotas visas plānotās nodarbības slimības dēļ.",
    "Uzlabojusies sadarbība ar pedagogiem, darbs jāturpina.",
    "Panākta lielāka patstāvība mācību darbā.",
    None,
)
_LEAVING: Final = ("LOW_ACHIEVEMENT", "ABSENCE", "LOW_MOTIVATION", "WORK", "FAMILY", "OTHER")
_LAST_OF_STAGE: Final = frozenset(
    {(InstitutionKind.GENERAL, 9), (InstitutionKind.GENERAL, 12), (InstitutionKind.VOCATIONAL, 4)}
)


def plan_outcome(case: Case, *, codes: CodeLists, today: date, random: Random) -> PlanOutcome | None:
    """Of a plan that has run its course. A risk that was resolved is closed, so that a later plan would find it anew."""
    plan = case.plan
    if plan is None or case.ending is not Ending.COMPLETED or random.random() >= EVALUATED:
        return None
    by_id = {risk.id: kind for kind, risk in case.answered.items()}
    results = tuple(
        RiskResult(risk_id=each, result=random.choices(tuple(Result), _RESULTS)[0]) for each in plan.content.risk_ids
    )
    for each in results:
        if each.result is Result.RESOLVED:
            risk = case.pupil.risks.pop((case.school.id, by_id[each.risk_id]))
            case.pupil.resolved.append(replace(risk, resolved_on=case.last_day))
    day = min(case.last_day + timedelta(days=random.randrange(4)), today)
    return check_plan_outcome(
        PlanOutcome(
            id=OutcomeId(dated_id(random, day)),
            student_id=case.pupil.id,
            institution_id=case.school.id,
            plan_id=plan.id,
            recorded_on=day,
            results=results,
            next_step=NextStep.END if all(each.result is Result.RESOLVED for each in results) else NextStep.CONTINUE,
            improvements=tuple(random.sample(_IMPROVEMENTS, random.randrange(4))),
            evaluation=random.choice(_WORDS),
        ),
        plan=plan,
        codes=codes,
        today=today,
    )


def year_outcome(case: Case, *, codes: CodeLists, today: date, random: Random) -> YearOutcome | None:
    """Of the school year: for everybody who left, and for some of those who stayed to its end."""
    ended = case.pupil.enrolment if case.ending is Ending.ENROLMENT_ENDED else None
    if ended is not None and ended.institution_id == case.school.id and ended.period.end is not None:
        if ended.end_reason is EndReason.LEFT:
            return _checked(case, ended.period.end, YearResult.LEFT_EARLY, codes, today, random)
        if ended.end_reason is EndReason.EMIGRATED:
            return _checked(case, ended.period.end, YearResult.EMIGRATED, codes, today, random)
    stays = case.semester.number == 2 and case.ending is Ending.COMPLETED and case.pupil.last is case
    if not stays or random.random() >= _OF_A_YEAR:
        return None
    result = (
        YearResult.COMPLETED_STAGE if (case.school.kind, case.pupil.grade) in _LAST_OF_STAGE else YearResult.PROMOTED
    )
    if result is YearResult.PROMOTED and random.random() < _REPEATS:
        result, case.pupil.repeats = YearResult.REPEATS, True
    return _checked(case, date(case.semester.end.year, 6, 18), result, codes, today, random)


def _checked(case: Case, day: date, result: YearResult, codes: CodeLists, today: date, random: Random) -> YearOutcome:
    year: SchoolYear = case.semester.school_year
    left = result is YearResult.LEFT_EARLY
    return check_year_outcome(
        YearOutcome(
            id=OutcomeId(dated_id(random, day)),
            student_id=case.pupil.id,
            institution_id=case.school.id,
            school_year=year,
            recorded_on=day,
            result=result,
            extended_school_year=not left and random.random() < _EXTENDED,
            left_on=day if left else None,
            leaving_reason=random.choice(_LEAVING) if left else None,
        ),
        codes=codes,
        today=today,
    )
