"""Reference data as it is shipped, without a database."""

from functools import cache
from types import MappingProxyType

from app.db.reference.files import content_hash, rows
from app.db.reference.packaged_codes import code_lists
from app.db.reference.packaged_geography import geography
from app.db.reference.packaged_programmes import programmes
from app.db.reference.packaged_retention import retention_rules
from app.domain.calendar import SchoolYear, Semester
from app.domain.reference import ReferenceData
from app.domain.retention import Retention
from app.domain.school_calendar import CalendarEntry, CalendarEntryKind, SchoolCalendar

FIRST_SCHOOL_YEAR, LAST_SCHOOL_YEAR = 2016, 2034


@cache
def packaged() -> ReferenceData:
    """Built once. A fault in the files raises here, when the service starts, and not in some later request."""
    known = {programme.code: programme for programme in programmes()}
    return ReferenceData(
        version=content_hash(),
        geography=geography(),
        semesters=_semesters(),
        school_calendar=_school_calendar(),
        code_lists=code_lists(),
        programmes=MappingProxyType(known),
        retention=Retention(
            rules=tuple(retention_rules()),
            programme_ends=MappingProxyType({each.code: each.period.end for each in known.values()}),
        ),
    )


def reference_version() -> str:
    """For ETags: 16 hexadecimal digits that change with the content."""
    return packaged().version


def _semesters() -> tuple[Semester, ...]:
    years = map(SchoolYear, range(FIRST_SCHOOL_YEAR, LAST_SCHOOL_YEAR + 1))
    return tuple(semester for year in years for semester in year.semesters)


def _school_calendar() -> SchoolCalendar:
    return SchoolCalendar(
        tuple(
            CalendarEntry(
                school_year=SchoolYear.parse(row["school_year"]),
                kind=CalendarEntryKind(row["kind"]),
                grade_from=row.number("grade_from"),
                grade_to=row.number("grade_to"),
                period=row.period("starts_on", "ends_on"),
            )
            for row in rows("school_calendar")
        )
    )
