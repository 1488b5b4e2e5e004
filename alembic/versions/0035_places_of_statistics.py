# ruff: noqa: S608 - every statement is put together from the words of this file alone
"""In which municipalities and eras plans were ever in force is read by those who count exactly, and by nobody else.

A place of statistics speaks of no student, but it is there because a plan was: whoever is answered from releases has no business with it.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OTHERS = (
    "register_app, register_school, register_sync, register_provider, register_partner, register_partner_wide,"
    " register_analyst"
)


def upgrade() -> None:
    op.execute(f"REVOKE SELECT ON statistics_place FROM {OTHERS}")


def downgrade() -> None:
    op.execute(f"GRANT SELECT ON statistics_place TO {OTHERS}")
