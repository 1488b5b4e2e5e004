"""Where a plan goes to another term or place, or comes into force, in the transaction that also takes support back, who delivered is asked
for anew in both places: what was taken back had been counted in the one before.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER = "register_keeper"
BEFORE = (
    "VALUES (o.term, o.institution_id, o.place_id, o.attended), (n.term, n.institution_id, n.place_id, n.attended)",
    "AS g (term, institution_id, place_id, attended)",
    "AND g.attended > 0",
)
AFTER = (
    "VALUES (o.term, o.institution_id, o.place_id), (n.term, n.institution_id, n.place_id)",
    "AS g (term, institution_id, place_id)",
    "AND g.term IS NOT NULL AND (delivers OR o.attended > 0 OR n.attended > 0)",
)


def upgrade() -> None:
    _rewrite(BEFORE, AFTER)


def _rewrite(those: Sequence[str], by: Sequence[str]) -> None:
    """In both functions, which are alike and long. A word that is not found would leave them as they are, and is refused."""
    words = "".join(
        f"IF position('{old}' IN body) = 0 THEN RAISE EXCEPTION 'not as it was'; END IF; body := replace(body, '{old}', '{new}');"
        for old, new in zip(those, by, strict=True)
    )
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    op.execute(
        f"""DO $do$ DECLARE name text; body text; BEGIN
            FOREACH name IN ARRAY ARRAY['statistics_settle', 'statistics_settle_many'] LOOP
                body := pg_get_functiondef(('public.' || name || '(uuid[], uuid[], int[])')::regprocedure);
                {words}
                EXECUTE body;
            END LOOP;
        END $do$"""
    )
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")


def downgrade() -> None:
    _rewrite(AFTER, BEFORE)
