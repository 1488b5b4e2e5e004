"""Records of students, the person apart, and the audit."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA person")
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=True),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "person",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.SmallInteger(), nullable=False),
        sa.Column("given_names", sa.LargeBinary(), nullable=False),
        sa.Column("family_name", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=False),
        sa.Column("personal_code", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("student_id", "institution_id", name=op.f("pk_person")),
        schema="person",
    )
    op.create_table(
        "personal_code",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_personal_code")),
        sa.UniqueConstraint("student_id", "code_hash", name=op.f("uq_personal_code_student_id_code_hash")),
        schema="person",
    )
    op.create_table(
        "risk",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("identified_on", sa.Date(), nullable=False),
        sa.Column("identified_by", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "identified_by IN ('TEACHER', 'SPECIALIST', 'STUDENT', 'GUARDIAN')", name=op.f("ck_risk_identified_by")
        ),
        sa.CheckConstraint("severity IN ('LOW', 'MEDIUM', 'HIGH')", name=op.f("ck_risk_severity")),
        sa.CheckConstraint("resolved_on >= identified_on", name=op.f("ck_risk_resolved_order")),
        sa.PrimaryKeyConstraint("id", "student_id", name=op.f("pk_risk")),
    )
    op.create_index(op.f("ix_risk_institution_id"), "risk", ["institution_id"], unique=False)
    op.create_index(op.f("ix_risk_student_id"), "risk", ["student_id"], unique=False)
    op.create_table(
        "student",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_student")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("home_municipality", sa.Text(), nullable=True),
        sa.Column("minority_programme", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("returned_emigrant", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("special_need", sa.Text(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(valid_to IS NULL) = (end_reason IS NULL)", name=op.f("ck_enrolment_end_and_reason")),
        sa.CheckConstraint("grade BETWEEN 1 AND 12", name=op.f("ck_enrolment_grade")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_enrolment_period_order")),
        sa.ForeignKeyConstraint(
            ["home_municipality"], ["municipality.code"], name=op.f("fk_enrolment_municipality_home_municipality")
        ),
        sa.PrimaryKeyConstraint("id", "student_id", name=op.f("pk_enrolment")),
    )
    op.create_index(op.f("ix_enrolment_institution_id"), "enrolment", ["institution_id"], unique=False)
    op.create_index(
        op.f("ix_enrolment_student_id_institution_id_valid_from"),
        "enrolment",
        ["student_id", "institution_id", "valid_from"],
        unique=True,
    )
    op.create_table(
        "student_access",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.CheckConstraint("(reason = 'OWN') = (owner_id = institution_id)", name=op.f("ck_student_access_own")),
        sa.CheckConstraint("reason IN ('OWN', 'TRANSFER', 'CONFIRMED')", name=op.f("ck_student_access_reason")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_student_access_institution_institution_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["institution.id"], name=op.f("fk_student_access_institution_owner_id")),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_student_access_student_student_id")
        ),
        sa.PrimaryKeyConstraint("student_id", "owner_id", "institution_id", name=op.f("pk_student_access")),
    )
    op.create_index(
        op.f("ix_student_access_institution_id_student_id"),
        "student_access",
        ["institution_id", "student_id"],
        unique=False,
    )
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
    op.drop_table("student_access")
    op.drop_table("enrolment")
    op.drop_table("student")
    op.drop_table("risk")
    op.drop_table("personal_code", schema="person")
    op.drop_table("person", schema="person")
    op.drop_table("audit_event")
    op.execute("DROP SCHEMA person")
