"""Semesters and school years as statistics keep them: small numbers in the order of time, semester by semester."""

from sqlalchemy import SmallInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from app.domain.calendar import SchoolYear, Semester


def term_of(semester: Semester) -> int:
    """Twice the first year of the school year, and one more in semester II."""
    return 2 * semester.school_year.first_year + semester.number - 1


class SemesterCode(TypeDecorator[str]):
    """Text of the semester in Python, its term in PostgreSQL."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else term_of(Semester.parse(value))

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else str(Semester(SchoolYear(value >> 1), (value & 1) + 1))


class SchoolYearCode(TypeDecorator[str]):
    """Text of the school year in Python, its first year in PostgreSQL: half of its terms."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else SchoolYear.parse(value).first_year

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else str(SchoolYear(value))
