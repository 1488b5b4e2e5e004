"""How long what is kept: rules by date, as data, and what of a student is due on a day."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.erasures import Erasable
from app.domain.ids import StudentId
from app.domain.periods import Period


class Kept(StrEnum):
    PERSON = "PERSON"
    RECORDS = "RECORDS"
    AUDIT = "AUDIT"


class Event(StrEnum):
    """What a period begins with. A student who was never enrolled left when it was registered."""

    LAST_ENROLMENT_END = "LAST_ENROLMENT_END"
    LAST_PLAN_END = "LAST_PLAN_END"
    PROGRAMME_END = "PROGRAMME_END"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """Kept for so many `months` after the event; where there is neither, for good. `programme` None applies to every student, another to those with a
    plan of that programme. `source` is the law, or says that it is an assumption of the data controller.
    """

    id: int
    what: Kept
    event: Event | None
    months: int | None
    period: Period
    name_lv: str
    name_en: str
    source: str
    programme: str | None = None

    @property
    def code(self) -> str:
        return f"rule-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """The days that retention asks for, of one student at all institutions together. `is_enrolled`: an enrolment has no end yet;
    `programmes`: of its plans; `has_person`: something still tells who it is.
    """

    student_id: StudentId
    registered_on: date
    last_enrolment_end: date | None = None
    is_enrolled: bool = False
    last_plan_end: date | None = None
    has_open_plan: bool = False
    programmes: frozenset[str] = frozenset()
    is_restricted: bool = False
    has_person: bool = True

    @property
    def goes_on(self) -> bool:
        return self.is_enrolled or self.has_open_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is due, since which day, under which rule: of several the one that keeps longest. `held`: the processing is restricted, so it
    is told and not erased (GDPR, article 18(2)).
    """

    what: Erasable
    since: date
    rule: RetentionRule
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """All rules, and when each programme ends."""

    rules: tuple[RetentionRule, ...]
    programme_ends: Mapping[str, date | None]

    def due(self, stay: Stay, on: date) -> Due | None:
        """The most that is due on that day under the rules of that day. Records take the person along; a person goes once."""
        wanted = (Erasable.RECORDS, Erasable.PERSON) if stay.has_person else (Erasable.RECORDS,)
        for what in wanted:
            found = self.first_day(stay, what, on)
            if found is not None and found[0] <= on:
                return Due(what=what, since=found[0], rule=found[1], held=stay.is_restricted)
        return None

    def first_day(self, stay: Stay, what: Erasable, on: date) -> tuple[date, RetentionRule] | None:
        """From which day it is due, and by which rule, as things stand on `on`. None while nobody can tell: the student is enrolled,
        a plan is open, or a rule keeps it for good.
        """
        if stay.goes_on:
            return None
        days = [(self._day(stay, rule), rule) for rule in self.of_student(stay, what, on)]
        if not days or any(day is None for day, _ in days):
            return None
        return max(((day, rule) for day, rule in days if day is not None), key=lambda found: found[0])

    def of_student(self, stay: Stay, what: Erasable, on: date) -> Iterator[RetentionRule]:
        """The rules that apply to this student on that day. One about plans says nothing of a student who never had any."""
        for rule in self.valid_on(on):
            if (
                rule.what == what.value
                and (rule.programme is None or rule.programme in stay.programmes)
                and (rule.event is not Event.LAST_PLAN_END or stay.programmes)
            ):
                yield rule

    def valid_on(self, on: date) -> Iterator[RetentionRule]:
        return (rule for rule in self.rules if on in rule.period)

    def _day(self, stay: Stay, rule: RetentionRule) -> date | None:
        event = self._event(stay, rule)
        return None if event is None or rule.months is None else months_after(event, rule.months) + timedelta(days=1)

    def _event(self, stay: Stay, rule: RetentionRule) -> date | None:
        match rule.event:
            case Event.LAST_ENROLMENT_END:
                return stay.last_enrolment_end or stay.registered_on
            case Event.LAST_PLAN_END:
                return stay.last_plan_end
            case Event.PROGRAMME_END:
                programmes = stay.programmes if rule.programme is None else {rule.programme}
                return _latest(self.programme_ends.get(each) for each in programmes)
            case None:
                return None


def _latest(days: Iterable[date | None]) -> date | None:
    """The last of them, None where one has not come yet, or there is none."""
    known = list(days)
    return None if None in known else max((day for day in known if day is not None), default=None)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last where it is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
