"""Retention rules, tombstones, and a role that erases what it cannot read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN, RETENTION = "register_app", "register_retention"
ERASED = {
    "enrolment": "student_id, valid_to",
    "risk": "student_id",
    "plan": "id, student_id, programme, ended_on",
    "intervention": "student_id, plan_id",
    "outcome": "student_id, plan_id, school_year",
    "student": "student_id, recorded_at",
    "student_access": "student_id, restricted_on",
    "person.person": "student_id",
    "person.personal_code": "student_id",
    "person.stated_code": "student_id",
    "identity_disclosure": "student_id",
}
"""What it deletes from, and the columns that it reads to find what is due. What hangs on plans and outcomes goes with them."""


def upgrade() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("months", sa.SmallInteger(), nullable=True),
        sa.Column("name_lv", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("months >= 0", name=op.f("ck_retention_rule_months")),
        sa.CheckConstraint("(event IS NULL) = (months IS NULL)", name=op.f("ck_retention_rule_event_and_months")),
        sa.CheckConstraint("what IN ('PERSON', 'RECORDS', 'AUDIT')", name=op.f("ck_retention_rule_what")),
        sa.CheckConstraint(
            "event IN ('LAST_ENROLMENT_END', 'LAST_PLAN_END', 'PROGRAMME_END')", name=op.f("ck_retention_rule_event")
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_retention_rule_period_order")),
        sa.ForeignKeyConstraint(["programme"], ["programme.code"], name=op.f("fk_retention_rule_programme_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
    )
    op.create_table(
        "erasure_tombstone",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("what IN ('PERSON', 'RECORDS')", name=op.f("ck_erasure_tombstone_what")),
        sa.CheckConstraint("reason ~ '^(request|rule-[0-9]+)$'", name=op.f("ck_erasure_tombstone_reason")),
        sa.PrimaryKeyConstraint("student_id", "what", name=op.f("pk_erasure_tombstone")),
    )
    op.execute("ALTER TABLE erasure_tombstone ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    _rights()


def _rights() -> None:
    # Roles belong to the whole server: another database of the same server may have made them already.
    op.execute(
        f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{RETENTION}') THEN
                CREATE ROLE {RETENTION} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$"""
    )
    op.execute(f"GRANT {RETENTION} TO {LOGIN} WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT USAGE ON SCHEMA public, person TO {RETENTION}")
    op.execute(f"GRANT SELECT ON retention_rule TO {LOGIN}, {RETENTION}")
    for table, columns in ERASED.items():
        op.execute(f"GRANT SELECT ({columns}), DELETE ON {table} TO {RETENTION}")
        op.execute(f"CREATE POLICY retention_select ON {table} FOR SELECT TO {RETENTION} USING (true)")
        op.execute(f"CREATE POLICY retention_delete ON {table} FOR DELETE TO {RETENTION} USING (true)")
    # One column is enough to lock a student; no policy lets it be written.
    op.execute(f"GRANT UPDATE (version) ON student TO {RETENTION}")
    op.execute(f"CREATE POLICY retention_lock ON student FOR UPDATE TO {RETENTION} USING (true) WITH CHECK (false)")
    op.execute(f"GRANT SELECT, INSERT ON erasure_tombstone TO {RETENTION}")
    op.execute(f"CREATE POLICY retention_select ON erasure_tombstone FOR SELECT TO {RETENTION} USING (true)")
    op.execute(f"CREATE POLICY retention_insert ON erasure_tombstone FOR INSERT TO {RETENTION} WITH CHECK (true)")
    op.execute(f"GRANT INSERT ON audit_inbox TO {RETENTION}")


def downgrade() -> None:
    op.execute("DROP POLICY retention_lock ON student")
    for table in ERASED:
        op.execute(f"DROP POLICY retention_select ON {table}")
        op.execute(f"DROP POLICY retention_delete ON {table}")
    op.execute(f"REVOKE ALL ON audit_inbox, {', '.join(ERASED)} FROM {RETENTION}")
    op.drop_table("erasure_tombstone")
    op.drop_table("retention_rule")
    op.execute(f"REVOKE ALL ON SCHEMA public, person FROM {RETENTION}")
