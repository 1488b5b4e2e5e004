"""The role that finds students who are likely one person: by hashes alone, and it reads nothing else of anybody."""

from collections.abc import Sequence

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN, MATCHER = "register_app", "register_matcher"
TABLES = ("person.person", "person.personal_code", "person.stated_code")


def upgrade() -> None:
    # Roles belong to the whole server: another database of the same server may have made them already.
    op.execute(
        f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{MATCHER}') THEN
                CREATE ROLE {MATCHER} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$"""
    )
    op.execute(f"GRANT {MATCHER} TO {LOGIN} WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT USAGE ON SCHEMA public, person TO {MATCHER}")
    op.execute(f"GRANT SELECT (student_id, institution_id, likeness_hash) ON person.person TO {MATCHER}")
    op.execute(f"GRANT SELECT ON person.personal_code, person.stated_code TO {MATCHER}")
    for table in TABLES:
        op.execute(f"CREATE POLICY matcher_select ON {table} FOR SELECT TO {MATCHER} USING (true)")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP POLICY matcher_select ON {table}")
    op.execute(f"REVOKE ALL ON {', '.join(TABLES)} FROM {MATCHER}")
    op.execute(f"REVOKE ALL ON SCHEMA public, person FROM {MATCHER}")
