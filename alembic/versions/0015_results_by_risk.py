"""Whoever deletes a risk is asked for its results: by an index, built without locking anybody out."""

from collections.abc import Sequence

from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_outcome_result_risk_id_student_id"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(NAME, "outcome_result", ["risk_id", "student_id"], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "outcome_result", postgresql_concurrently=True)
