"""Retention tells the audit whose records it erases, and the authority sees that somebody was erased."""

from collections.abc import Sequence

from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RETENTION, AUTHORITY = "register_retention", "register_authority"


def upgrade() -> None:
    op.execute(f"GRANT SELECT (owner_id, institution_id) ON student_access TO {RETENTION}")
    op.execute(f"GRANT SELECT ON erasure_tombstone TO {AUTHORITY}")
    op.execute(f"CREATE POLICY authority_select ON erasure_tombstone FOR SELECT TO {AUTHORITY} USING (true)")


def downgrade() -> None:
    op.execute("DROP POLICY authority_select ON erasure_tombstone")
    op.execute(f"REVOKE ALL ON erasure_tombstone FROM {AUTHORITY}")
    op.execute(f"REVOKE ALL (owner_id, institution_id) ON student_access FROM {RETENTION}")
