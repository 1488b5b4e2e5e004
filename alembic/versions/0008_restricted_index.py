"""The few students whose processing is restricted, found by everyone who writes; apart, since it is built without locking anybody out."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_student_access_restricted"


def upgrade() -> None:
    for name in ("restriction", "restricted_by"):
        op.execute(f"ALTER TABLE student_access VALIDATE CONSTRAINT ck_student_access_{name}")
    with op.get_context().autocommit_block():
        op.create_index(
            NAME,
            "student_access",
            ["student_id", "owner_id"],
            postgresql_where=sa.text("restricted_on IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "student_access", postgresql_concurrently=True)
