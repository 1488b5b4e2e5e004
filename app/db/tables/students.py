"""Students, who may see whom, enrolments and risks."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from app.db.tables.base import metadata
from app.db.tables.columns import (
    institution_id,
    key,
    period_order,
    recorded_at,
    student_id,
    valid_from,
    valid_to,
    version,
)

student = Table(
    "student",
    metadata,
    Column("student_id", Uuid, primary_key=True),
    version(),
    recorded_at(),
)

student_alias = Table(
    "student_alias",
    metadata,
    Column("alias_id", Uuid, primary_key=True),
    Column("student_id", Uuid, ForeignKey("student.student_id"), nullable=False),
    Index(None, "student_id"),
)
"""Ids of students that were merged into another one: nothing is recorded under them, and they go on answering."""

student_access = Table(
    "student_access",
    metadata,
    Column("student_id", Uuid, ForeignKey("student.student_id"), nullable=False),
    Column("owner_id", Integer, ForeignKey("institution.id"), nullable=False),
    Column("institution_id", Integer, ForeignKey("institution.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("restricted_on", Date),
    Column("restricted_by", Text),
    PrimaryKeyConstraint("student_id", "owner_id", "institution_id"),
    CheckConstraint("reason IN ('OWN', 'TRANSFER', 'CONFIRMED')", name="reason"),
    CheckConstraint("(reason = 'OWN') = (owner_id = institution_id)", name="own"),
    CheckConstraint("restricted_by IN ('INSTITUTION', 'AUTHORITY')", name="restricted_by"),
    CheckConstraint("(restricted_on IS NULL) = (restricted_by IS NULL)", name="restriction"),
    Index(None, "institution_id", "student_id"),
    Index("ix_student_access_restricted", "student_id", "owner_id", postgresql_where=text("restricted_on IS NOT NULL")),
)
"""The one source of the policies on records: `institution_id` sees what `owner_id` has written of the student. While what an owner
wrote is restricted, all rows of that owner bear the mark, and all but its own see nothing."""

enrolment = Table(
    "enrolment",
    metadata,
    key(),
    student_id(),
    institution_id(),
    Column("grade", SmallInteger, nullable=False),
    valid_from(),
    valid_to(),
    Column("home_municipality", Text, ForeignKey("municipality.code")),
    Column("minority_programme", Boolean, nullable=False, server_default=text("false")),
    Column("returned_emigrant", Boolean, nullable=False, server_default=text("false")),
    Column("special_need", Text),
    Column("end_reason", Text),
    version(),
    recorded_at(),
    PrimaryKeyConstraint("id", "student_id"),
    CheckConstraint("grade BETWEEN 1 AND 12", name="grade"),
    CheckConstraint("(valid_to IS NULL) = (end_reason IS NULL)", name="end_and_reason"),
    period_order(),
    Index(None, "student_id", "institution_id", "valid_from", unique=True),
    Index(None, "institution_id"),
)

risk = Table(
    "risk",
    metadata,
    key(),
    student_id(),
    institution_id(),
    Column("type", Text, nullable=False),
    Column("identified_on", Date, nullable=False),
    Column("identified_by", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("resolved_on", Date),
    version(),
    recorded_at(),
    PrimaryKeyConstraint("id", "student_id"),
    CheckConstraint("resolved_on >= identified_on", name="resolved_order"),
    CheckConstraint("identified_by IN ('TEACHER', 'SPECIALIST', 'STUDENT', 'GUARDIAN')", name="identified_by"),
    CheckConstraint("severity IN ('LOW', 'MEDIUM', 'HIGH')", name="severity"),
    Index(None, "student_id"),
    Index(None, "institution_id"),
)
