"""Semesters and the school calendar, read from the packaged reference data."""

from datetime import date

from app.db.reference import packaged
from app.domain.calendar import SchoolYear, Semester
from app.domain.errors import Invalid, NotFound
from app.domain.school_calendar import CalendarEntry


def find(*, on: date | None = None, school_year: SchoolYear | None = None) -> tuple[Semester, ...]:
    """In order of time. With `on`, the one semester of that day, or none outside the years the register knows."""
    return tuple(
        semester
        for semester in packaged().semesters
        if (on is None or on in semester.period) and (school_year is None or semester.school_year == school_year)
    )


def get(code: str) -> Semester:
    """By its written form, "2020-1". Raises NotFound, also for a semester outside the years the register knows."""
    try:
        semester = Semester.parse(code)
    except Invalid as error:
        raise NotFound("semester") from error
    if semester not in packaged().semesters:
        raise NotFound("semester")
    return semester


def calendar(year: SchoolYear) -> tuple[CalendarEntry, ...]:
    """Lessons and winter holidays of the year; empty where they are not known."""
    return packaged().school_calendar.of(year)
