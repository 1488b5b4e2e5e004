"""The rows of every reference table, in the order in which foreign keys let them in."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Table

from app.db.tables import reference as tables
from app.domain.calendar import Semester
from app.domain.code_lists import Code
from app.domain.municipalities import Municipality
from app.domain.periods import Period
from app.domain.programmes import Programme, ProgrammeRule
from app.domain.reference import ReferenceData
from app.domain.regions import Region, RegionMembership
from app.domain.retention import RetentionRule
from app.domain.school_calendar import CalendarEntry

Row = dict[str, Any]
Dated = Region | Municipality | RegionMembership | Code | ProgrammeRule | RetentionRule


def table_rows(data: ReferenceData) -> Iterator[tuple[Table, list[Row]]]:
    geography = data.geography
    yield tables.region, [_dated(each) for each in geography.regions]
    yield tables.municipality, [_municipality(each) for each in geography.municipalities]
    yield tables.municipality_region, [_renamed(_dated(each), "code", "region") for each in geography.memberships]
    yield tables.municipality_succession, [asdict(each) for each in geography.successions]
    yield tables.semester, [_semester(each) for each in data.semesters]
    yield tables.school_calendar, [_calendar_entry(each) for each in data.school_calendar.entries]
    yield tables.code, [_dated(each) for code_list in data.code_lists for each in code_list]
    yield tables.programme, [_programme(each) for each in data.programmes.values()]
    yield (
        tables.programme_rule,
        [_dated(rule) | {"programme": each.code} for each in data.programmes.values() for rule in each.rules],
    )
    yield tables.retention_rule, [_dated(rule) for rule in data.retention.rules]


def _dated(value: Dated) -> Row:
    """The fields of a value of the domain, its period as two columns."""
    row = asdict(value)
    del row["period"]
    return row | _days(value.period)


def _days(period: Period, start: str = "valid_from", end: str = "valid_to") -> Row:
    return {start: period.start, end: period.end}


def _renamed(row: Row, old: str, new: str) -> Row:
    return {new if name == old else name: value for name, value in row.items()}


def _municipality(municipality: Municipality) -> Row:
    return _dated(municipality) | {"sort_key": municipality.sort_key}


def _semester(semester: Semester) -> Row:
    return {
        "code": str(semester),
        "school_year": str(semester.school_year),
        "number": semester.number,
        **_days(semester.period, "starts_on", "ends_on"),
    }


def _calendar_entry(entry: CalendarEntry) -> Row:
    return {
        "school_year": str(entry.school_year),
        "kind": entry.kind,
        "grade_from": entry.grade_from,
        "grade_to": entry.grade_to,
        **_days(entry.period, "starts_on", "ends_on"),
    }


def _programme(programme: Programme) -> Row:
    return {
        "code": programme.code,
        "name_lv": programme.name_lv,
        "name_en": programme.name_en,
        **_days(programme.period),
        **_days(programme.consultations, "consultations_from", "consultations_to"),
    }
