"""A role that changes the keys of persons, and a keyed hash by which two statements of one person are alike."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN, KEYS = "register_app", "register_keys"
KEYED = "key_id, given_names, family_name, birth_date, personal_code, likeness_hash"


def upgrade() -> None:
    op.add_column("person", sa.Column("likeness_hash", sa.LargeBinary(), nullable=True), schema="person")
    # Roles belong to the whole server: another database of the same server may have made them already.
    op.execute(
        f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{KEYS}') THEN
                CREATE ROLE {KEYS} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$"""
    )
    op.execute(f"GRANT {KEYS} TO {LOGIN} WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT USAGE ON SCHEMA public, person TO {KEYS}")
    # It writes what depends on a key: neither whose statement it is, nor its version.
    op.execute(f"GRANT SELECT, UPDATE ({KEYED}) ON person.person TO {KEYS}")
    op.execute(f"GRANT INSERT ON audit_event TO {KEYS}")
    op.execute(f"CREATE POLICY keys_select ON person.person FOR SELECT TO {KEYS} USING (true)")
    op.execute(f"CREATE POLICY keys_update ON person.person FOR UPDATE TO {KEYS} USING (true)")
    op.execute(f"CREATE POLICY keys_insert ON audit_event FOR INSERT TO {KEYS} WITH CHECK (true)")


def downgrade() -> None:
    op.execute("DROP POLICY keys_insert ON audit_event")
    for command in ("select", "update"):
        op.execute(f"DROP POLICY keys_{command} ON person.person")
    op.execute(f"REVOKE ALL ON audit_event, person.person FROM {KEYS}")
    op.execute(f"REVOKE ALL ON SCHEMA public, person FROM {KEYS}")
    op.drop_column("person", "likeness_hash", schema="person")
