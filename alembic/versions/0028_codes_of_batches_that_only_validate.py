"""Whose a personal code would be is asked without claiming it, by batches that only validate: nobody waits for whoever only asks.

A claim holds the code until its transaction ends. Whoever registered the same child waited for a batch that was never to be kept.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER, SYNC = "register_keeper", "register_sync"
FUNCTION = "person.would_claim(bytea, uuid)"


def upgrade() -> None:
    # An owner that is no superuser may become the keeper, and has none of its rights until then.
    op.execute(f"GRANT CREATE ON SCHEMA person TO {KEEPER}")
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    op.execute(
        """CREATE FUNCTION person.would_claim(hash bytea, candidate uuid) RETURNS uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        BEGIN ATOMIC
            SELECT coalesce((SELECT student_id FROM person.personal_code WHERE code_hash = hash), candidate);
        END"""
    )
    op.execute(
        "COMMENT ON FUNCTION person.would_claim IS 'Definer: which pseudonym person.claim would answer for a personal code, without"
        " claiming it. The caller cannot tell the two cases apart, since it has never seen either id.'"
    )
    op.execute(f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO {SYNC}")
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA person FROM {KEEPER}")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {FUNCTION}")
