"""Plans: the plan in force, what it contains, who delivers it, and every step it has taken."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db.tables.base import metadata
from app.db.tables.columns import (
    institution_id,
    key,
    period_order,
    recorded_at,
    student_id,
    valid_from,
    version,
)

_STATES = "'DRAFT', 'SUBMITTED', 'SCHOOL_APPROVED', 'PARTNER_APPROVED', 'ACTIVE', 'COMPLETED', 'DISCONTINUED'"

plan = Table(
    "plan",
    metadata,
    key(),
    student_id(),
    institution_id(),
    Column("enrolment_id", Uuid, nullable=False),
    Column("programme", Text, nullable=False),
    Column("semester", Text, nullable=False),
    valid_from(),
    Column("valid_to", Date, nullable=False),
    Column("code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("application_signed_on", Date),
    Column("application_signed_by", Text),
    Column("guardian_agreed_on", Date),
    Column("student_agreed_on", Date),
    Column("continues", Uuid),
    Column("revision_number", SmallInteger, nullable=False, server_default=text("1")),
    Column("revision", JSONB(none_as_null=True)),
    Column("activated_on", Date),
    Column("ended_on", Date),
    Column("end_reason", Text),
    version(),
    recorded_at(),
    PrimaryKeyConstraint("id", "student_id"),
    ForeignKeyConstraint(
        ["enrolment_id", "student_id"],
        ["enrolment.id", "enrolment.student_id"],
        name="fk_plan_enrolment",
        deferrable=True,
    ),
    ForeignKeyConstraint(["programme"], ["programme.code"], name="fk_plan_programme"),
    ForeignKeyConstraint(["semester"], ["semester.code"], name="fk_plan_semester"),
    ForeignKeyConstraint(
        ["continues", "student_id"], ["plan.id", "plan.student_id"], name="fk_plan_continues", deferrable=True
    ),
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    CheckConstraint(
        "(ended_on IS NULL) = (state IN ('DRAFT', 'SUBMITTED', 'SCHOOL_APPROVED', 'PARTNER_APPROVED', 'ACTIVE'))",
        name="end",
    ),
    CheckConstraint("state NOT IN ('ACTIVE', 'COMPLETED') OR activated_on IS NOT NULL", name="activation"),
    CheckConstraint("continues <> id", name="continues_another"),
    period_order(),
    Index("uq_plan_semester", "student_id", "institution_id", "semester", unique=True),
    # Across institutions only ACTIVE plans collide: a conflict among plans on their way would tell that another one exists.
    Index("uq_plan_active", "student_id", unique=True, postgresql_where=text("state = 'ACTIVE'")),
    Index(
        "uq_plan_open",
        "student_id",
        "institution_id",
        unique=True,
        postgresql_where=text("state NOT IN ('COMPLETED', 'DISCONTINUED')"),
    ),
    Index(None, "institution_id", "semester"),
    Index(None, "code"),
)
"""`revision` is the content proposed for an active plan while it passes the chain; it holds ids, codes and amounts only."""

plan_risk = Table(
    "plan_risk",
    metadata,
    Column("plan_id", Uuid, nullable=False),
    student_id(),
    Column("risk_id", Uuid, nullable=False),
    institution_id(),
    Column("position", SmallInteger, nullable=False),
    PrimaryKeyConstraint("plan_id", "student_id", "risk_id"),
    ForeignKeyConstraint(
        ["plan_id", "student_id"],
        ["plan.id", "plan.student_id"],
        name="fk_plan_risk_plan",
        deferrable=True,
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(
        ["risk_id", "student_id"], ["risk.id", "risk.student_id"], name="fk_plan_risk_risk", deferrable=True
    ),
    Index(None, "risk_id", "student_id"),
)

planned_measure = Table(
    "planned_measure",
    metadata,
    Column("plan_id", Uuid, nullable=False),
    student_id(),
    Column("position", SmallInteger, nullable=False),
    institution_id(),
    Column("risk_id", Uuid, nullable=False),
    Column("support_measure", Text, nullable=False),
    Column("subject", Text),
    Column("specialist", Text),
    Column("hours", Numeric(7, 2)),
    Column("eur", Numeric(9, 2)),
    PrimaryKeyConstraint("plan_id", "student_id", "position"),
    ForeignKeyConstraint(
        ["plan_id", "student_id", "risk_id"],
        ["plan_risk.plan_id", "plan_risk.student_id", "plan_risk.risk_id"],
        name="fk_planned_measure_plan_risk",
        deferrable=True,
        ondelete="CASCADE",
    ),
    CheckConstraint("num_nonnulls(hours, eur) = 1", name="hours_or_eur"),
    CheckConstraint("hours >= 0 AND eur >= 0", name="not_negative"),
)

plan_provider = Table(
    "plan_provider",
    metadata,
    Column("plan_id", Uuid, nullable=False),
    student_id(),
    Column("staff_member", Text, nullable=False),
    institution_id(),
    PrimaryKeyConstraint("plan_id", "student_id", "staff_member"),
    ForeignKeyConstraint(
        ["plan_id", "student_id"],
        ["plan.id", "plan.student_id"],
        name="fk_plan_provider_plan",
        deferrable=True,
        ondelete="CASCADE",
    ),
    Index(None, "institution_id", "staff_member"),
)
"""Who delivers a plan: the source of what a support provider may see."""

plan_step = Table(
    "plan_step",
    metadata,
    Column("plan_id", Uuid, nullable=False),
    student_id(),
    Column("position", SmallInteger, nullable=False),
    institution_id(),
    Column("revision_number", SmallInteger, nullable=False),
    Column("step", Text, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("role", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text),
    recorded_at(),
    PrimaryKeyConstraint("plan_id", "student_id", "position"),
    ForeignKeyConstraint(
        ["plan_id", "student_id"],
        ["plan.id", "plan.student_id"],
        name="fk_plan_step_plan",
        deferrable=True,
        ondelete="CASCADE",
    ),
)
