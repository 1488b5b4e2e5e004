"""What the students of the synthetic national register give to releases, semester by semester, made without a database."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from app.db.reference import packaged
from app.demo.blocks import Block, Scale, blocks
from app.demo.network import network
from app.demo.records import Records, records
from app.demo.register import TODAY
from app.demo.seeds import DEFAULT_SEED
from app.domain.ids import PlanId, RiskId
from app.domain.interventions import Attendance, Intervention
from app.domain.outcomes import PlanOutcome, YearOutcome
from app.domain.plans import Plan
from app.domain.releases.contributions import Contribution, Sums

_Delivered = defaultdict[PlanId, defaultdict[tuple[RiskId, str], Counter[str]]]
Given = list[tuple[str, Contribution]]
"""With the semester."""


def by_semester(scale: Scale) -> dict[str, list[Contribution]]:
    """In the order of student ids, as a release takes them. National in size it takes a minute or two on two processors."""
    reference = packaged()
    country = network(DEFAULT_SEED, reference)
    parts = blocks(country, scale=scale, seed=DEFAULT_SEED, today=TODAY, geography=reference.geography)
    found: defaultdict[str, list[Contribution]] = defaultdict(list)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for given in pool.map(given_by, sorted(parts, key=lambda each: -each.plans)):
            for semester, contribution in given:
                found[semester].append(contribution)
    return {
        semester: sorted(each, key=lambda contribution: contribution.student_id)
        for semester, each in sorted(found.items())
    }


def given_by(block: Block) -> Given:
    return list(_given(block, records(block, packaged())))


def _given(block: Block, kept: Records) -> Iterator[tuple[str, Contribution]]:
    codes = packaged().code_lists
    schools = {each.id: each.institution for each in block.schools}
    enrolments = {each.id: each for each in kept.enrolments}
    risks = {each.id: each.type for each in kept.risks}
    results = {
        (each.plan_id, result.risk_id): result.result.value
        for each in kept.outcomes
        if isinstance(each, PlanOutcome)
        for result in each.results
    }
    years = {
        (each.student_id, each.institution_id, each.school_year): each.result.value
        for each in kept.outcomes
        if isinstance(each, YearOutcome)
    }
    delivered = _delivered(kept.interventions)
    for plan in _counted(kept.plans):
        school, enrolment = schools[plan.institution_id], enrolments[plan.enrolment_id]
        parts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for (risk, measure), amounts in delivered[plan.id].items():
            parts[codes.risk(risks[risk]).group, measure].update(amounts)
        yield (
            str(plan.semester),
            Contribution(
                student_id=plan.student_id,
                municipality=school.municipality_on(plan.period.start),
                institution_kind=school.kind.value,
                grade=enrolment.grade,
                continued=plan.continues is not None,
                school_year_result=years.get((plan.student_id, plan.institution_id, plan.semester.school_year)),
                minority_programme=enrolment.minority_programme,
                special_need=enrolment.special_need,
                returned_emigrant=enrolment.returned_emigrant,
                risks={risks[each]: results.get((plan.id, each)) for each in plan.content.risk_ids},
                delivered={part: Sums(**amounts) for part, amounts in parts.items()},
            ),
        )


def _counted(plans: Sequence[Plan]) -> Iterator[Plan]:
    """Of each student and semester the plan that counts: see app/domain/releases/contributions.py."""
    seen = set()
    for plan in sorted(plans, key=lambda each: (each.student_id, each.semester, each.period.start, each.id)):
        if plan.activated_on is not None and (plan.student_id, plan.semester) not in seen:
            seen.add((plan.student_id, plan.semester))
            yield plan


def _delivered(interventions: Iterator[Intervention]) -> _Delivered:
    """By plan, and by risk and support measure, what was attended."""
    found: _Delivered = defaultdict(lambda: defaultdict(Counter))
    for each in interventions:
        if each.attendance is Attendance.ATTENDED:
            amounts = found[each.plan_id][each.risk_id, each.support.measure]
            amounts["centihours"] += int((each.support.hours or 0) * 100)
            amounts["consultations"] += each.support.hours is not None
            amounts["cents"] += int((each.support.eur or 0) * 100)
    return found
