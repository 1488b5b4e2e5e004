"""Interventions: the one table with millions of rows, so its codes are the code lists' small numbers."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)

from app.db.tables.base import metadata
from app.db.tables.code import Code
from app.db.tables.columns import institution_id, key, recorded_at, student_id, valid_from, version

intervention = Table(
    "intervention",
    metadata,
    key(),
    student_id(),
    Column("plan_id", Uuid, nullable=False),
    Column("risk_id", Uuid, nullable=False),
    institution_id(),
    valid_from(),
    Column("valid_to", Date),
    Column("confirmed_on", Date),
    version(),
    Column("support_measure", Code("support-measures"), nullable=False),
    Column("purpose", Code("purposes"), nullable=False),
    Column("attendance", Code("attendances"), nullable=False),
    Column("mode", Code("delivery-modes")),
    Column("subject", Code("subjects")),
    Column("specialist", Code("specialists")),
    Column("hours", Numeric(5, 2)),
    Column("eur", Numeric(9, 2)),
    Column("staff_member", Text),
    Column("head_order", Text),
    recorded_at(),
    PrimaryKeyConstraint("id", "student_id"),
    ForeignKeyConstraint(
        ["plan_id", "student_id", "risk_id"],
        ["plan_risk.plan_id", "plan_risk.student_id", "plan_risk.risk_id"],
        name="fk_intervention_plan_risk",
        deferrable=True,
    ),
    CheckConstraint("num_nonnulls(hours, eur) = 1", name="hours_or_eur"),
    CheckConstraint("hours >= 0 AND eur >= 0", name="not_negative"),
    CheckConstraint("(hours IS NULL) = (mode IS NULL)", name="mode_of_hours"),
    CheckConstraint("valid_to >= valid_from", name="period_order"),
    Index(None, "plan_id", "valid_from"),
)
