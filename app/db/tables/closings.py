"""Closings of semesters: public facts. Closings by an institution, and by a partner, will be rows of the same table."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, text

from app.db.tables.base import metadata
from app.db.tables.columns import key, recorded_at

semester_closing = Table(
    "semester_closing",
    metadata,
    key(),
    Column("semester", Text, ForeignKey("semester.code"), nullable=False),
    Column("closed_on", Date, nullable=False),
    Column("reopened_on", Date),
    recorded_at(),
    PrimaryKeyConstraint("id"),
    CheckConstraint("reopened_on >= closed_on", name="date_order"),
    Index("uq_semester_closing_standing", "semester", unique=True, postgresql_where=text("reopened_on IS NULL")),
)
"""One closing stands of a semester at most; those that were reopened are kept. Who closed it, and why it was reopened, is in the audit."""
