"""Columns that tables share, so that the same thing has the same type and name everywhere."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Integer, Uuid, func, text


def key(name: str = "id") -> Column[UUID]:
    """Time-ordered unless the writer brings its own, so that new rows go to the end of the index."""
    return Column(name, Uuid, nullable=False, server_default=text("uuidv7()"))


def student_id() -> Column[UUID]:
    return Column("student_id", Uuid, nullable=False)


def institution_id() -> Column[int]:
    return Column("institution_id", Integer, nullable=False)


def version() -> Column[int]:
    return Column("version", Integer, nullable=False, server_default=text("1"))


def recorded_at() -> Column[object]:
    return Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now())


def valid_from() -> Column[date]:
    return Column("valid_from", Date, nullable=False)


def valid_to() -> Column[date]:
    return Column("valid_to", Date)


def period_order() -> CheckConstraint:
    return CheckConstraint("valid_to >= valid_from", name="period_order")
