"""Identity disclosures, and the role that reads the statements of one student while one is alive."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN, AUTHORITY, DISCLOSER = "register_app", "register_authority", "register_discloser"
NAMED = "(SELECT NULLIF(current_setting('register.disclosure', true), '')::uuid)"
"""The disclosure in whose name the transaction was opened."""
ALIVE = (
    f"SELECT d.student_id FROM identity_disclosure AS d WHERE d.id = {NAMED} AND d.expires_at > statement_timestamp()"  # noqa: S608 - the line above
)


def upgrade() -> None:
    op.create_table(
        "identity_disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "expires_at > opened_at AND expires_at <= opened_at + interval '1 hour'",
            name=op.f("ck_identity_disclosure_short"),
        ),
        sa.PrimaryKeyConstraint("id", "student_id", name=op.f("pk_identity_disclosure")),
    )
    op.create_index(op.f("ix_identity_disclosure_student_id"), "identity_disclosure", ["student_id"], unique=False)
    op.execute("ALTER TABLE identity_disclosure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    # Roles belong to the whole server: another database of the same server may have made them already.
    op.execute(
        f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{DISCLOSER}') THEN
                CREATE ROLE {DISCLOSER} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$"""
    )
    op.execute(f"GRANT {DISCLOSER} TO {LOGIN} WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT USAGE ON SCHEMA public, person TO {DISCLOSER}")
    op.execute(f"GRANT SELECT ON identity_disclosure, person.person TO {DISCLOSER}")
    # When it was opened is for the database to say: so it cannot be opened for a time that has not come yet.
    op.execute(
        f"GRANT SELECT, INSERT (id, student_id, purpose, reason, subject, expires_at) ON identity_disclosure TO {AUTHORITY}"
    )
    op.execute(f"CREATE POLICY authority_select ON identity_disclosure FOR SELECT TO {AUTHORITY} USING (true)")
    op.execute(f"CREATE POLICY authority_insert ON identity_disclosure FOR INSERT TO {AUTHORITY} WITH CHECK (true)")
    op.execute(
        f"CREATE POLICY discloser_select ON identity_disclosure FOR SELECT TO {DISCLOSER}"
        f" USING (id = {NAMED} AND expires_at > statement_timestamp())"
    )
    op.execute(
        f"CREATE POLICY discloser_select ON person.person FOR SELECT TO {DISCLOSER} USING (student_id = ({ALIVE}))"
    )


def downgrade() -> None:
    op.execute("DROP POLICY discloser_select ON person.person")
    op.drop_table("identity_disclosure")
    op.execute(f"REVOKE ALL ON person.person FROM {DISCLOSER}")
    op.execute(f"REVOKE ALL ON SCHEMA public, person FROM {DISCLOSER}")
