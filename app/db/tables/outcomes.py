"""Outcomes: of a plan, with a result for each of its risks, or of a student's school year."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.db.tables.base import metadata
from app.db.tables.columns import institution_id, key, recorded_at, student_id, version

outcome = Table(
    "outcome",
    metadata,
    key(),
    student_id(),
    institution_id(),
    Column("recorded_on", Date, nullable=False),
    Column("plan_id", Uuid),
    Column("next_step", Text),
    Column("improvements", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("evaluation", Text),
    Column("school_year", Text),
    Column("result", Text),
    Column("extended_school_year", Boolean),
    Column("left_on", Date),
    Column("leaving_reason", Text),
    version(),
    recorded_at(),
    PrimaryKeyConstraint("id", "student_id"),
    ForeignKeyConstraint(
        ["plan_id", "student_id"], ["plan.id", "plan.student_id"], name="fk_outcome_plan", deferrable=True
    ),
    CheckConstraint("num_nonnulls(plan_id, school_year) = 1", name="of_plan_or_year"),
    CheckConstraint("(plan_id IS NULL) = (next_step IS NULL)", name="next_step"),
    CheckConstraint("(school_year IS NULL) = (result IS NULL)", name="result"),
    CheckConstraint("(result = 'LEFT_EARLY') = (left_on IS NOT NULL)", name="left_on"),
    Index("uq_outcome_plan", "plan_id", "student_id", unique=True, postgresql_where=text("plan_id IS NOT NULL")),
    Index(
        "uq_outcome_school_year",
        "student_id",
        "institution_id",
        "school_year",
        unique=True,
        postgresql_where=text("school_year IS NOT NULL"),
    ),
    Index(None, "institution_id"),
)

outcome_result = Table(
    "outcome_result",
    metadata,
    Column("outcome_id", Uuid, nullable=False),
    student_id(),
    Column("risk_id", Uuid, nullable=False),
    institution_id(),
    Column("result", Text, nullable=False),
    PrimaryKeyConstraint("outcome_id", "student_id", "risk_id"),
    ForeignKeyConstraint(
        ["outcome_id", "student_id"],
        ["outcome.id", "outcome.student_id"],
        name="fk_outcome_result_outcome",
        deferrable=True,
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(
        ["risk_id", "student_id"], ["risk.id", "risk.student_id"], name="fk_outcome_result_risk", deferrable=True
    ),
    Index(None, "risk_id", "student_id"),
)
