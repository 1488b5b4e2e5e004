"""What was erased: appended to, never changed, kept for ever."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, PrimaryKeyConstraint, Table, Text, func

from app.db.tables.base import metadata
from app.db.tables.columns import student_id

erasure_tombstone = Table(
    "erasure_tombstone",
    metadata,
    student_id(),
    Column("what", Text, nullable=False),
    Column("erased_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    PrimaryKeyConstraint("student_id", "what"),
    CheckConstraint("what IN ('PERSON', 'RECORDS')", name="what"),
    CheckConstraint("reason ~ '^(request|rule-[0-9]+)$'", name="reason"),
)
