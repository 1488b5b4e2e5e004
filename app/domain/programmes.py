"""A programme: its period and its dated rules. Another programme is other data, not other code."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.periods import Period


class RuleTopic(StrEnum):
    """What a rule settles. What no rule permits on a day is not permitted; what no rule demands is not demanded."""

    ELIGIBLE = "ELIGIBLE"
    MODE = "MODE"
    HOURS_PER_INTERVENTION = "HOURS_PER_INTERVENTION"
    HOURS_PER_DAY = "HOURS_PER_DAY"
    MINUTES_PER_HOUR = "MINUTES_PER_HOUR"
    HEAD_ORDER = "HEAD_ORDER"
    STUDENT_CONFIRMATION = "STUDENT_CONFIRMATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRule:
    """One dated line of the programme's rules, with where it comes from.

    `kind`, `grade_from`, `grade_to` None apply to all; at a VOCATIONAL institution a grade is a course, 1-4.
    `mode` belongs to rules of delivery; `value` to bounds, in the unit that the topic names. `id` is unique among them.
    """

    id: int
    topic: RuleTopic
    period: Period
    source: str
    kind: InstitutionKind | None = None
    grade_from: int | None = None
    grade_to: int | None = None
    mode: DeliveryMode | None = None
    value: Decimal | None = None

    def covers(self, kind: InstitutionKind, grade: int) -> bool:
        return (
            self.kind in (None, kind)
            and (self.grade_from is None or self.grade_from <= grade)
            and (self.grade_to is None or grade <= self.grade_to)
        )


@dataclass(frozen=True, kw_only=True)  # not slotted: answers are kept in the instance
class Programme:
    """`consultations` is the part of `period` in which hours are delivered; the rest is for closing the accounts."""

    code: str
    name_lv: str
    name_en: str
    period: Period
    consultations: Period
    rules: tuple[ProgrammeRule, ...]

    def eligible(self, kind: InstitutionKind, grade: int, on: date) -> bool:
        return on in self.period and any(rule.covers(kind, grade) for rule in self._rules(RuleTopic.ELIGIBLE, on))

    def modes(self, kind: InstitutionKind, grade: int, on: date) -> frozenset[DeliveryMode]:
        """How consultations may be delivered on that day. Empty while support is paused and outside `consultations`."""
        key = (kind, grade, on)
        if key not in self._modes:
            rules = self._rules(RuleTopic.MODE, on) if on in self.consultations else iter(())
            self._modes[key] = frozenset(
                rule.mode for rule in rules if rule.mode is not None and rule.covers(kind, grade)
            )
        return self._modes[key]

    def hours_per_intervention(self, on: date) -> Decimal:
        """At most so many teaching hours in one intervention; none where no rule allows any."""
        return self._value(RuleTopic.HOURS_PER_INTERVENTION, on) or Decimal(0)

    def hours_per_day(self, on: date) -> Decimal:
        """At most so many teaching hours for one student in one day; none where no rule allows any."""
        return self._value(RuleTopic.HOURS_PER_DAY, on) or Decimal(0)

    def minutes_per_hour(self, on: date) -> int | None:
        """The length of a teaching hour, None where the programme does not say."""
        value = self._value(RuleTopic.MINUTES_PER_HOUR, on)
        return None if value is None else int(value)

    def needs_head_order(self, on: date) -> bool:
        """Whether a remote consultation on that day needs an order of the institution's head."""
        return any(self._rules(RuleTopic.HEAD_ORDER, on))

    def needs_student_confirmation(self, on: date) -> bool:
        """Whether the student confirms a remote consultation, on the same day."""
        return any(self._rules(RuleTopic.STUDENT_CONFIRMATION, on))

    def _rules(self, topic: RuleTopic, on: date) -> Iterator[ProgrammeRule]:
        return (rule for rule in self._by_topic.get(topic, ()) if on in rule.period)

    def _value(self, topic: RuleTopic, on: date) -> Decimal | None:
        key = (topic, on)
        if key not in self._values:
            # The strictest of several: a later restriction is added as a row, without editing the rows before it.
            values = (rule.value for rule in self._rules(topic, on) if rule.value is not None)
            self._values[key] = min(values, default=None)
        return self._values[key]

    @cached_property
    def _by_topic(self) -> dict[RuleTopic, tuple[ProgrammeRule, ...]]:
        # Every intervention asks several times, and there are millions of them.
        return {topic: tuple(rule for rule in self.rules if rule.topic is topic) for topic in RuleTopic}

    @cached_property
    def _modes(self) -> dict[tuple[InstitutionKind, int, date], frozenset[DeliveryMode]]:
        return {}

    @cached_property
    def _values(self) -> dict[tuple[RuleTopic, date], Decimal | None]:
        return {}
