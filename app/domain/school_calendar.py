"""When lessons and winter holidays are, in general education; the Cabinet sets them yearly."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.calendar import SchoolYear, Semester
from app.domain.periods import Period


class CalendarEntryKind(StrEnum):
    SEMESTER_1_LESSONS = "SEMESTER_1_LESSONS"
    SEMESTER_2_LESSONS = "SEMESTER_2_LESSONS"
    WINTER_HOLIDAYS = "WINTER_HOLIDAYS"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One line of the calendar, for `grade_from` to `grade_to` (1-12, both included)."""

    school_year: SchoolYear
    kind: CalendarEntryKind
    grade_from: int
    grade_to: int
    period: Period


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    entries: tuple[CalendarEntry, ...]

    def lessons(self, semester: Semester, grade: int) -> Period | None:
        """First and last day of lessons; None where the calendar of that year or grade is not known."""
        kinds = (CalendarEntryKind.SEMESTER_1_LESSONS, CalendarEntryKind.SEMESTER_2_LESSONS)
        return self._find(semester.school_year, kinds[semester.number - 1], grade)

    def winter_holidays(self, year: SchoolYear) -> Period | None:
        return self._find(year, CalendarEntryKind.WINTER_HOLIDAYS, 1)

    def of(self, year: SchoolYear) -> tuple[CalendarEntry, ...]:
        return tuple(entry for entry in self.entries if entry.school_year == year)

    def _find(self, year: SchoolYear, kind: CalendarEntryKind, grade: int) -> Period | None:
        for entry in self.entries:
            if entry.school_year == year and entry.kind is kind and entry.grade_from <= grade <= entry.grade_to:
                return entry.period
        return None
