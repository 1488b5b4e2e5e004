"""Plans and what hangs on them: interventions and outcomes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("semester", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("application_signed_on", sa.Date(), nullable=True),
        sa.Column("application_signed_by", sa.Text(), nullable=True),
        sa.Column("guardian_agreed_on", sa.Date(), nullable=True),
        sa.Column("student_agreed_on", sa.Date(), nullable=True),
        sa.Column("continues", sa.Uuid(), nullable=True),
        sa.Column("revision_number", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("revision", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("activated_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (state IN ('DRAFT', 'SUBMITTED', 'SCHOOL_APPROVED', 'PARTNER_APPROVED', 'ACTIVE'))",
            name=op.f("ck_plan_end"),
        ),
        sa.CheckConstraint(
            "state IN ('DRAFT', 'SUBMITTED', 'SCHOOL_APPROVED', 'PARTNER_APPROVED', 'ACTIVE', 'COMPLETED', 'DISCONTINUED')",
            name=op.f("ck_plan_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('ACTIVE', 'COMPLETED') OR activated_on IS NOT NULL", name=op.f("ck_plan_activation")
        ),
        sa.CheckConstraint("continues <> id", name=op.f("ck_plan_continues_another")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_plan_period_order")),
        sa.ForeignKeyConstraint(["continues", "student_id"], ["plan.id", "plan.student_id"], name="fk_plan_continues"),
        sa.ForeignKeyConstraint(
            ["enrolment_id", "student_id"], ["enrolment.id", "enrolment.student_id"], name="fk_plan_enrolment"
        ),
        sa.ForeignKeyConstraint(["programme"], ["programme.code"], name="fk_plan_programme"),
        sa.ForeignKeyConstraint(["semester"], ["semester.code"], name="fk_plan_semester"),
        sa.PrimaryKeyConstraint("id", "student_id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_code"), "plan", ["code"], unique=False)
    op.create_index(op.f("ix_plan_institution_id_semester"), "plan", ["institution_id", "semester"], unique=False)
    op.create_index("uq_plan_active", "plan", ["student_id"], unique=True, postgresql_where=sa.text("state = 'ACTIVE'"))
    op.create_index(
        "uq_plan_open",
        "plan",
        ["student_id", "institution_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('COMPLETED', 'DISCONTINUED')"),
    )
    op.create_index("uq_plan_semester", "plan", ["student_id", "institution_id", "semester"], unique=True)
    op.create_table(
        "outcome",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("improvements", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("evaluation", sa.Text(), nullable=True),
        sa.Column("school_year", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("extended_school_year", sa.Boolean(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("leaving_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(result = 'LEFT_EARLY') = (left_on IS NOT NULL)", name=op.f("ck_outcome_left_on")),
        sa.CheckConstraint("(plan_id IS NULL) = (next_step IS NULL)", name=op.f("ck_outcome_next_step")),
        sa.CheckConstraint("(school_year IS NULL) = (result IS NULL)", name=op.f("ck_outcome_result")),
        sa.CheckConstraint("num_nonnulls(plan_id, school_year) = 1", name=op.f("ck_outcome_of_plan_or_year")),
        sa.ForeignKeyConstraint(["plan_id", "student_id"], ["plan.id", "plan.student_id"], name="fk_outcome_plan"),
        sa.PrimaryKeyConstraint("id", "student_id", name=op.f("pk_outcome")),
    )
    op.create_index(op.f("ix_outcome_institution_id"), "outcome", ["institution_id"], unique=False)
    op.create_index(
        "uq_outcome_plan",
        "outcome",
        ["plan_id", "student_id"],
        unique=True,
        postgresql_where=sa.text("plan_id IS NOT NULL"),
    )
    op.create_index(
        "uq_outcome_school_year",
        "outcome",
        ["student_id", "institution_id", "school_year"],
        unique=True,
        postgresql_where=sa.text("school_year IS NOT NULL"),
    )
    op.create_table(
        "plan_provider",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("staff_member", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id", "student_id"], ["plan.id", "plan.student_id"], name="fk_plan_provider_plan", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "student_id", "staff_member", name=op.f("pk_plan_provider")),
    )
    op.create_index(
        op.f("ix_plan_provider_institution_id_staff_member"),
        "plan_provider",
        ["institution_id", "staff_member"],
        unique=False,
    )
    op.create_table(
        "plan_risk",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("risk_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id", "student_id"], ["plan.id", "plan.student_id"], name="fk_plan_risk_plan", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["risk_id", "student_id"], ["risk.id", "risk.student_id"], name="fk_plan_risk_risk"),
        sa.PrimaryKeyConstraint("plan_id", "student_id", "risk_id", name=op.f("pk_plan_risk")),
    )
    op.create_index(op.f("ix_plan_risk_risk_id_student_id"), "plan_risk", ["risk_id", "student_id"], unique=False)
    op.create_table(
        "plan_step",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id", "student_id"], ["plan.id", "plan.student_id"], name="fk_plan_step_plan", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "student_id", "position", name=op.f("pk_plan_step")),
    )
    op.create_table(
        "intervention",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("risk_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("support_measure", sa.SmallInteger(), nullable=False),
        sa.Column("purpose", sa.SmallInteger(), nullable=False),
        sa.Column("attendance", sa.SmallInteger(), nullable=False),
        sa.Column("mode", sa.SmallInteger(), nullable=True),
        sa.Column("subject", sa.SmallInteger(), nullable=True),
        sa.Column("specialist", sa.SmallInteger(), nullable=True),
        sa.Column("hours", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("eur", sa.Numeric(precision=9, scale=2), nullable=True),
        sa.Column("staff_member", sa.Text(), nullable=True),
        sa.Column("head_order", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(hours IS NULL) = (mode IS NULL)", name=op.f("ck_intervention_mode_of_hours")),
        sa.CheckConstraint("hours >= 0 AND eur >= 0", name=op.f("ck_intervention_not_negative")),
        sa.CheckConstraint("num_nonnulls(hours, eur) = 1", name=op.f("ck_intervention_hours_or_eur")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_intervention_period_order")),
        sa.ForeignKeyConstraint(
            ["plan_id", "student_id", "risk_id"],
            ["plan_risk.plan_id", "plan_risk.student_id", "plan_risk.risk_id"],
            name="fk_intervention_plan_risk",
        ),
        sa.PrimaryKeyConstraint("id", "student_id", name=op.f("pk_intervention")),
    )
    op.create_index(op.f("ix_intervention_plan_id"), "intervention", ["plan_id"], unique=False)
    op.create_table(
        "outcome_result",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("risk_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outcome_id", "student_id"],
            ["outcome.id", "outcome.student_id"],
            name="fk_outcome_result_outcome",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["risk_id", "student_id"], ["risk.id", "risk.student_id"], name="fk_outcome_result_risk"
        ),
        sa.PrimaryKeyConstraint("outcome_id", "student_id", "risk_id", name=op.f("pk_outcome_result")),
    )
    op.create_table(
        "planned_measure",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("risk_id", sa.Uuid(), nullable=False),
        sa.Column("support_measure", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("specialist", sa.Text(), nullable=True),
        sa.Column("hours", sa.Numeric(precision=7, scale=2), nullable=True),
        sa.Column("eur", sa.Numeric(precision=9, scale=2), nullable=True),
        sa.CheckConstraint("hours >= 0 AND eur >= 0", name=op.f("ck_planned_measure_not_negative")),
        sa.CheckConstraint("num_nonnulls(hours, eur) = 1", name=op.f("ck_planned_measure_hours_or_eur")),
        sa.ForeignKeyConstraint(
            ["plan_id", "student_id", "risk_id"],
            ["plan_risk.plan_id", "plan_risk.student_id", "plan_risk.risk_id"],
            name="fk_planned_measure_plan_risk",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "student_id", "position", name=op.f("pk_planned_measure")),
    )


def downgrade() -> None:
    op.drop_table("planned_measure")
    op.drop_table("outcome_result")
    op.drop_table("intervention")
    op.drop_table("plan_step")
    op.drop_table("plan_risk")
    op.drop_table("plan_provider")
    op.drop_table("outcome")
    op.drop_table("plan")
