"""Interventions by plan and day: hours of a day are counted for each that is recorded, and one plan has forty days or more."""

from collections.abc import Sequence

from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BY_PLAN, BY_DAY = "ix_intervention_plan_id", "ix_intervention_plan_id_valid_from"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(BY_DAY, "intervention", ["plan_id", "valid_from"], postgresql_concurrently=True)
        op.drop_index(BY_PLAN, "intervention", postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(BY_PLAN, "intervention", ["plan_id"], postgresql_concurrently=True)
        op.drop_index(BY_DAY, "intervention", postgresql_concurrently=True)
