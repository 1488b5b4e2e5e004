"""Support as it was delivered under the plans of the synthetic register, each piece judged by the register's own rules."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Final

from app.demo import staff
from app.demo.cases import Case, Consultation
from app.demo.contents import BY_THE_DAY, PRICES
from app.demo.figures import HOLIDAY, Topic
from app.demo.seeds import dated_id
from app.demo.timetable import Timetable
from app.domain.code_lists import CodeLists, DeliveryMode
from app.domain.ids import InterventionId, RiskId
from app.domain.interventions import Attendance, Delivery, Ground, Intervention, Purpose, check_intervention
from app.domain.periods import Period
from app.domain.plans import Plan
from app.domain.programmes import Programme
from app.domain.support import Support

NONE: Final = Decimal(0)
ENOUGH: Final = Decimal(4)
"""Teaching hours after which another day is looked for."""
_HOURS: Final = {2: Decimal("0.50"), 3: Decimal("0.75"), 4: Decimal("1.00")}
_WHY_MISSED: Final = (Attendance.DID_NOT_COME, Attendance.ILL, Attendance.REFUSED, Attendance.NO_PROVIDER)
_FEW_REMOTE, _MANY_REMOTE = 0.1, 0.45
_MANY_REMOTE_FROM, _MANY_REMOTE_TO = date(2021, 2, 5), date(2021, 6, 15)
_PREVENTIVE = 0.35


@cache
def _support(topic: Topic, quarters: int) -> Support:
    return Support(measure=topic.measure, hours=_HOURS[quarters], subject=topic.subject, specialist=topic.specialist)


@cache
def _on(day: date) -> Period:
    return Period(day, day)


class Deliverer:
    """Delivers what was allotted to cases of one kind of institution."""

    def __init__(
        self, timetable: Timetable, programme: Programme, codes: CodeLists, today: date, random: Random
    ) -> None:
        self._timetable, self._programme, self._codes = timetable, programme, codes
        self._today, self._random = today, random

    def deliver(self, case: Case, risk_ids: Mapping[str, RiskId]) -> Iterator[Intervention]:
        """In the order of their days. Raises Invalid if one of them breaks a rule."""
        plan = case.plan
        assert plan is not None  # noqa: S101 - cases are delivered after their plans were made
        if not case.days:
            return
        yield from self._consultations(case, plan, risk_ids)
        yield from self._economic(case, plan, risk_ids)

    def _consultations(self, case: Case, plan: Plan, risk_ids: Mapping[str, RiskId]) -> Iterator[Intervention]:
        random, that_day = self._random, dict[date, Decimal]()
        untouched = self._delivery(case, plan, NONE)
        random.shuffle(case.consultations)
        many, days = len(case.consultations), case.days
        offset = random.random()
        for index, consultation in enumerate(case.consultations):
            topic, day = consultation.topic, days[int((index + offset) * len(days) / many) % len(days)]
            if topic == HOLIDAY:
                free = [each for each in case.holidays if that_day.get(each, NONE) < ENOUGH]
                topic, day = (topic, random.choice(free)) if free else (_WITHOUT_HOLIDAYS, day)
            before = that_day.get(day, NONE)
            if before >= ENOUGH:
                day = min(days, key=lambda each: that_day.get(each, NONE))
                topic = _WITHOUT_HOLIDAYS if topic == HOLIDAY else topic
                before = that_day.get(day, NONE)
            intervention = self._consultation(case, plan, consultation, topic, day, risk_ids[consultation.risk])
            if not consultation.missed:
                that_day[day] = before + _HOURS[consultation.quarters]
            yield check_intervention(intervention, self._delivery(case, plan, before) if before else untouched)

    def _consultation(
        self, case: Case, plan: Plan, consultation: Consultation, topic: Topic, day: date, risk_id: RiskId
    ) -> Intervention:
        random = self._random
        mode = self._mode(case.enrolment.grade, day)
        remote = mode is DeliveryMode.REMOTE
        return Intervention(
            id=InterventionId(dated_id(random, day)),
            student_id=plan.student_id,
            institution_id=plan.institution_id,
            plan_id=plan.id,
            risk_id=risk_id,
            purpose=Purpose.PREVENTIVE if random.random() < _PREVENTIVE else Purpose.REMEDIAL,
            support=_support(topic, consultation.quarters),
            period=_on(day),
            attendance=random.choice(_WHY_MISSED) if consultation.missed else Attendance.ATTENDED,
            mode=mode,
            staff_member=staff.provider(case.school, consultation.topic),
            head_order=f"R-{day.year}/{plan.institution_id}"
            if remote and self._timetable.needs_head_order(day)
            else None,
            confirmed_on=day if remote and not consultation.missed else None,
        )

    def _mode(self, grade: int, day: date) -> DeliveryMode:
        modes = self._timetable.modes(grade, day)
        if len(modes) == 1:
            return next(iter(modes))
        share = _MANY_REMOTE if _MANY_REMOTE_FROM <= day <= _MANY_REMOTE_TO else _FEW_REMOTE
        return DeliveryMode.REMOTE if self._random.random() < share else DeliveryMode.IN_PERSON

    def _economic(self, case: Case, plan: Plan, risk_ids: Mapping[str, RiskId]) -> Iterator[Intervention]:
        random = self._random
        last = min(case.last_day, self._today)
        delivery = self._delivery(case, plan, NONE)
        for risk, attended, missed in case.economic:
            measure = case.economic_measures[risk]
            lowest, highest = PRICES[measure]
            price = random.randint(lowest, highest)
            for number in range(attended + missed):
                start = case.days[number * len(case.days) // (attended + missed)]
                days = random.randint(1, 5) if measure in BY_THE_DAY else 1
                end = min(start + timedelta(days=days - 1), last)
                took_place = number < attended
                cents = price * ((end - start).days + 1) if measure in BY_THE_DAY else random.randint(lowest, highest)
                yield check_intervention(
                    Intervention(
                        id=InterventionId(dated_id(random, start)),
                        student_id=plan.student_id,
                        institution_id=plan.institution_id,
                        plan_id=plan.id,
                        risk_id=risk_ids[risk],
                        purpose=Purpose.PREVENTIVE if random.random() < _PREVENTIVE else Purpose.REMEDIAL,
                        support=Support(measure=measure, eur=Decimal(cents if took_place else 0) / 100),
                        period=Period(start, end),
                        attendance=Attendance.ATTENDED if took_place else random.choice(_WHY_MISSED),
                        staff_member=staff.purser(case.school),
                    ),
                    delivery,
                )

    def _delivery(self, case: Case, plan: Plan, hours_that_day: Decimal) -> Delivery:
        return Delivery(
            ground=Ground.of(
                plan, kind=case.school.kind, grade=case.enrolment.grade, participations=case.school.periods
            ),
            programme=self._programme,
            hours_that_day=hours_that_day,
            codes=self._codes,
            today=self._today,
        )


_WITHOUT_HOLIDAYS = Topic("CONSULTATIVE_SUPPORT", specialist=HOLIDAY.specialist)
