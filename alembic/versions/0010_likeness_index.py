"""Statements alike, found by their hash; apart, since it is built without locking anybody out."""

from collections.abc import Sequence

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_person_likeness_hash"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(NAME, "person", ["likeness_hash"], schema="person", postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "person", schema="person", postgresql_concurrently=True)
