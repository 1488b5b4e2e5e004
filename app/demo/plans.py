"""The life of each plan of the synthetic register, step by step, with whoever takes each step and the register's own rules."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from app.demo import staff
from app.demo.cases import Case, Ending
from app.demo.contents import content, risks
from app.demo.schools import School
from app.demo.seeds import dated_id
from app.domain.actors import Actor
from app.domain.code_lists import CodeLists
from app.domain.ids import PlanId
from app.domain.plan_steps import Circumstances, Step, StepTaken, chain_state, end_with_enrolment, revise, take
from app.domain.plans import AGE_OF_MAJORITY, Consent, Content, Plan, Signatory, check_continuation, check_plan
from app.domain.programmes import Programme

_REVISED = 0.015
_RETURNED = 0.02
_SIGNS_ALONE = 0.7


@dataclass(slots=True)
class Life:
    """A plan and the steps it has taken."""

    plan: Plan
    school: School
    circumstances: Circumstances
    steps: list[StepTaken]

    def step(self, step: Step, by: Actor, on: date, reason: str | None = None) -> None:
        """Raises what the register's own rules raise."""
        before = self.plan
        from_state = chain_state(before) if step not in (Step.COMPLETE, Step.DISCONTINUE) else before.state
        number = before.revision_number if before.revision is None else before.revision.number
        self.plan = take(before, step, by=by, on=on, circumstances=self.circumstances, reason=reason)
        to_state = self.plan.state if self.plan.revision is None else self.plan.revision.state
        self.steps.append(
            StepTaken(
                step=step,
                revision_number=number,
                from_state=from_state,
                to_state=to_state,
                on=on,
                role=by.role,
                subject=by.subject,
                reason=reason,
            )
        )

    def chain(self) -> Iterator[tuple[Step, Actor]]:
        """The steps into force, each with whoever takes it."""
        yield Step.SUBMIT, staff.preparer(self.school)
        yield Step.APPROVE_SCHOOL, staff.head(self.school)
        if not self.circumstances.own_partner:
            partner = self.school.partner_on(self.plan.period.start)
            assert partner is not None  # noqa: S101 - the institution takes part on the plan's first day
            yield Step.APPROVE_PARTNER, staff.coordinator(partner)
        yield Step.ACTIVATE, staff.AUTHORITY


def live(case: Case, *, programme: Programme, codes: CodeLists, today: date, random: Random) -> Life:
    """Write the case's plan and lead it to where it stands today."""
    answered = case.answered = risks(case, random)
    start = case.period.start
    adult = _age(case, start) >= AGE_OF_MAJORITY
    alone = adult and random.random() < _SIGNS_ALONE
    signed = start - timedelta(days=random.randrange(4, 8))
    plan = Plan(
        id=PlanId(dated_id(random, start)),
        student_id=case.pupil.id,
        institution_id=case.school.id,
        enrolment_id=case.enrolment.id,
        programme=programme.code,
        semester=case.semester,
        period=case.period,
        content=content(case, answered, random),
        consent=Consent(
            application_signed_on=signed,
            application_signed_by=Signatory.STUDENT if alone else Signatory.GUARDIAN,
            guardian_agreed_on=None if alone else signed,
            student_agreed_on=signed,
        ),
        providers=_providers(case),
        continues=None if case.continues is None or case.continues.plan is None else case.continues.plan.id,
    )
    check_plan(plan, enrolment=case.enrolment, risk_ids=frozenset(each.id for each in answered.values()), codes=codes)
    if case.continues is not None and case.continues.plan is not None:
        check_continuation(plan, case.continues.plan)
    circumstances = Circumstances(
        programme=programme,
        kind=case.school.kind,
        grade=case.enrolment.grade,
        enrolment_lasts=True,  # Its end, if there is one, came after the steps.
        participating=case.school.participates(start),
        own_partner=_is_own_partner(case.school, start),
        age=_age(case, start),
    )
    life = Life(plan, case.school, circumstances, [])
    if case.ending is Ending.ON_ITS_WAY:
        _on_its_way(life, case, signed)
    else:
        _into_force(life, case, signed, today, random)
    case.plan = life.plan
    return life


def _age(case: Case, day: date) -> int:
    return case.pupil.persons[-1].age_on(day)


def _is_own_partner(school: School, day: date) -> bool:
    partner = school.partner_on(day)
    return partner is not None and partner.institution_id == school.id


def _providers(case: Case) -> tuple[str, ...]:
    found = {staff.provider(case.school, each.topic) for each in case.consultations}
    if case.economic:
        found.add(staff.purser(case.school))
    return tuple(sorted(found))


def _on_its_way(life: Life, case: Case, signed: date) -> None:
    for step, actor in life.chain():
        if life.plan.state is case.way or step is Step.ACTIVATE:
            return
        life.step(step, actor, signed)


def _into_force(life: Life, case: Case, signed: date, today: date, random: Random) -> None:
    if random.random() < _RETURNED:
        life.step(Step.SUBMIT, staff.preparer(case.school), signed)
        life.step(Step.RETURN, staff.head(case.school), signed + timedelta(days=1), "Jāprecizē plānotās stundas.")
    _through_the_chain(life, signed + timedelta(days=1), case.activated_on)
    middle = case.activated_on + (min(case.last_day, today) - case.activated_on) / 2
    if random.random() < _REVISED:
        life.plan = revise(life.plan, _more_hours(life.plan.content), "Nepieciešams vairāk stundu.")
        if case.ending is Ending.OPEN and random.random() < 0.5:
            life.step(Step.SUBMIT, staff.preparer(case.school), middle)
        else:
            _through_the_chain(life, middle, middle)
    if case.ending is Ending.COMPLETED:
        life.step(Step.COMPLETE, staff.head(case.school), case.last_day)
    elif case.ending is Ending.DISCONTINUED:
        life.step(Step.DISCONTINUE, staff.head(case.school), case.last_day, case.reason)
    elif case.ending is Ending.ENROLMENT_ENDED:
        life.plan = end_with_enrolment(life.plan, case.last_day)


def _through_the_chain(life: Life, since: date, activated_on: date) -> None:
    for day, (step, actor) in enumerate(life.chain()):
        life.step(
            step, actor, activated_on if step is Step.ACTIVATE else min(since + timedelta(days=day // 2), activated_on)
        )


def _more_hours(content: Content) -> Content:
    first, *others = content.planned_measures
    support = first.support
    more = (
        replace(support, hours=support.hours + 4)
        if support.hours is not None
        else replace(support, eur=(support.eur or Decimal(0)) + 20)
    )
    return replace(content, planned_measures=(replace(first, support=more), *others))
