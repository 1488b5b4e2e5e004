"""Days on which support can be given, by the school calendar and the programme's rules."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from app.domain.calendar import Semester
from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.periods import Period
from app.domain.programmes import Programme
from app.domain.school_calendar import SchoolCalendar

_SATURDAY = 5
# Courses of vocational education keep the calendar of the grades that end in May.
_CALENDAR_OF_COURSES = 8


class Timetable:
    """For one kind of institution. Answers are kept, since millions of interventions ask the same questions."""

    def __init__(self, calendar: SchoolCalendar, programme: Programme, kind: InstitutionKind) -> None:
        self._calendar, self._programme, self._kind = calendar, programme, kind
        self._school_days: dict[tuple[Semester, int], list[date]] = {}
        self._holidays: dict[tuple[Semester, int], list[date]] = {}
        self._modes: dict[tuple[int, date], frozenset[DeliveryMode]] = {}
        self._orders: dict[date, bool] = {}

    def school_days(self, semester: Semester, grade: int, within: Period) -> Sequence[date]:
        """Days of lessons on which the programme allows consultations in some way."""
        return self._between(self._school_days, semester, grade, within, lessons=True)

    def holidays(self, semester: Semester, grade: int, within: Period) -> Sequence[date]:
        """Weekdays without lessons on which the programme allows consultations in some way."""
        return self._between(self._holidays, semester, grade, within, lessons=False)

    def modes(self, grade: int, day: date) -> frozenset[DeliveryMode]:
        key = (grade, day)
        found = self._modes.get(key)
        if found is None:
            found = self._modes[key] = self._programme.modes(self._kind, grade, day)
        return found

    def needs_head_order(self, day: date) -> bool:
        found = self._orders.get(day)
        if found is None:
            found = self._orders[day] = self._programme.needs_head_order(day)
        return found

    def _between(
        self,
        kept: dict[tuple[Semester, int], list[date]],
        semester: Semester,
        grade: int,
        within: Period,
        *,
        lessons: bool,
    ) -> Sequence[date]:
        key = (semester, grade)
        if key not in kept:
            kept[key] = self._days(semester, grade, lessons=lessons)
        days = kept[key]
        return days[bisect_left(days, within.start) : bisect_right(days, within.end or semester.end)]

    def _days(self, semester: Semester, grade: int, *, lessons: bool) -> list[date]:
        of_lessons = self._calendar.lessons(
            semester, _CALENDAR_OF_COURSES if self._kind is InstitutionKind.VOCATIONAL else grade
        )
        days = (semester.start + timedelta(days=each) for each in range((semester.end - semester.start).days + 1))
        return [
            day
            for day in days
            if day.weekday() < _SATURDAY
            and (of_lessons is not None and day in of_lessons) == lessons
            and self.modes(grade, day)
        ]
