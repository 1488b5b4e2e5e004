"""Students and who may see whom, the person apart, enrolments, risks, and the audit."""

from collections.abc import Sequence

import sqlalchemy as sa
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
        "stated_code",
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "code_hash", name=op.f("pk_stated_code")),
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


def downgrade() -> None:
    op.drop_table("student_access")
    op.drop_table("enrolment")
    op.drop_table("student")
    op.drop_table("risk")
    op.drop_table("stated_code", schema="person")
    op.drop_table("personal_code", schema="person")
    op.drop_table("person", schema="person")
    op.drop_table("audit_event")
    op.execute("DROP SCHEMA person")
