"""What is stated of a student, found by whoever erases or merges it; apart, since it is built without locking anybody out."""

from collections.abc import Sequence

from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_stated_code_student_id"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(NAME, "stated_code", ["student_id"], schema="person", postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "stated_code", schema="person", postgresql_concurrently=True)
