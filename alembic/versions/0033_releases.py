"""Sealed releases, which are the ledger of what they cost, and their cells; and the role that makes them.

The role of analysts reads the cells of releases that stand. Nobody changes a cell, and of a release only that it was withdrawn.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN, RELEASER = "register_app", "register_releaser"
ANALYST, AUTHORITY = "register_analyst", "register_authority"
EVERYBODY = (
    LOGIN,
    RELEASER,
    ANALYST,
    AUTHORITY,
    "register_school",
    "register_sync",
    "register_provider",
    "register_partner",
    "register_partner_wide",
    "register_statistics",
    "register_statistics_wide",
)
READ = {
    "plan": "id, student_id, institution_id, enrolment_id, semester, valid_from, activated_on, continues",
    "enrolment": "id, student_id, grade, minority_programme, special_need, returned_emigrant",
    "plan_risk": "plan_id, student_id, risk_id",
    "risk": "id, student_id, type",
    "outcome": "id, student_id, institution_id, plan_id, school_year, result",
    "outcome_result": "outcome_id, student_id, risk_id, result",
    "intervention": "plan_id, student_id, risk_id, support_measure, attendance, hours, eur",
}
"""What a release is made of, by table."""
PUBLIC = ("semester", "semester_closing", "institution", "institution_location")


def upgrade() -> None:
    _tables()
    _role()
    op.execute(f"GRANT SELECT ON release TO {', '.join(EVERYBODY)}")
    op.execute(
        f"GRANT INSERT (id, number, semester, sealed_on, rho, spent_before, spent, epsilon, delta, definition) ON release TO {RELEASER}"
    )
    op.execute(f"GRANT UPDATE (withdrawn_on, withdrawal_reason) ON release TO {RELEASER}")
    op.execute("ALTER TABLE release_cell ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT ON release_cell TO {ANALYST}, {AUTHORITY}")
    op.execute(f"GRANT INSERT ON release_cell TO {RELEASER}")
    standing = "release_id IN (SELECT r.id FROM release AS r WHERE r.withdrawn_on IS NULL)"
    op.execute(f"CREATE POLICY analyst_select ON release_cell FOR SELECT TO {ANALYST} USING ({standing})")
    op.execute(f"CREATE POLICY authority_select ON release_cell FOR SELECT TO {AUTHORITY} USING (true)")
    op.execute(f"CREATE POLICY releaser_insert ON release_cell FOR INSERT TO {RELEASER} WITH CHECK (true)")
    for table, columns in READ.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO {RELEASER}")
        op.execute(f"CREATE POLICY releaser_select ON {table} FOR SELECT TO {RELEASER} USING (true)")


def _tables() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Integer(), sa.Computed("NULLIF(number - 1, 0)", persisted=True), nullable=True),
        sa.Column("semester", sa.Text(), nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("rho", sa.Numeric(12, 6), nullable=False),
        sa.Column("spent_before", sa.Numeric(12, 6), nullable=False),
        sa.Column("spent", sa.Numeric(12, 6), nullable=False),
        sa.Column("epsilon", sa.Numeric(12, 6), nullable=False),
        sa.Column("delta", sa.Numeric(18, 12), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("number > 1 OR number = 1 AND spent_before = 0", name=op.f("ck_release_number")),
        sa.CheckConstraint("rho > 0 AND spent = spent_before + rho", name=op.f("ck_release_spent")),
        sa.CheckConstraint("(withdrawn_on IS NULL) = (withdrawal_reason IS NULL)", name=op.f("ck_release_withdrawal")),
        sa.CheckConstraint("withdrawn_on >= sealed_on", name=op.f("ck_release_date_order")),
        sa.ForeignKeyConstraint(["semester"], ["semester.code"], name=op.f("fk_release_semester_semester")),
        sa.ForeignKeyConstraint(
            ["previous", "spent_before"], ["release.number", "release.spent"], name="fk_release_previous"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("number", name=op.f("uq_release_number")),
        sa.UniqueConstraint("number", "spent", name=op.f("uq_release_number_spent")),
    )
    op.create_table(
        "release_cell",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("municipality", sa.Text(), nullable=True),
        sa.Column("codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("value", sa.Numeric(20, 5), nullable=False),
        sa.Column("standard_error", sa.Numeric(20, 3), nullable=False),
        sa.Column("small", sa.Boolean(), nullable=False),
        sa.CheckConstraint("municipality IS NULL OR region IS NOT NULL", name=op.f("ck_release_cell_place")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_release_cell_release_id_release")),
        sa.PrimaryKeyConstraint(
            "release_id", "figure", "level", "attributes", "position", name=op.f("pk_release_cell")
        ),
    )


def _role() -> None:
    # Roles belong to the whole server: another database of the same server may have made them already.
    op.execute(
        f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{RELEASER}') THEN
                CREATE ROLE {RELEASER} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$"""
    )
    op.execute(f"GRANT {RELEASER} TO {LOGIN} WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {RELEASER}")
    op.execute(f"GRANT SELECT ON {', '.join(PUBLIC)} TO {RELEASER}")
    op.execute(f"GRANT INSERT ON audit_inbox TO {RELEASER}")


def downgrade() -> None:
    for table, columns in READ.items():
        op.execute(f"DROP POLICY releaser_select ON {table}")
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM {RELEASER}")  # noqa: S608 - our own tables
    op.drop_table("release_cell")
    op.drop_table("release")
    op.execute(f"REVOKE INSERT ON audit_inbox FROM {RELEASER}")
    op.execute(f"REVOKE SELECT ON {', '.join(PUBLIC)} FROM {RELEASER}")  # noqa: S608 - our own tables
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {RELEASER}")
