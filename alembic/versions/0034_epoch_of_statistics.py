"""Whoever counts knows of which epoch the figures are.

A version of the data of statistics is one within an epoch of the feed: a register that was restored from a backup goes on with the same
numbers. The roles that count for others than the authority are told which epoch it is, as everybody is who follows the feed.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("GRANT SELECT (epoch) ON change_head TO register_statistics, register_statistics_wide")


def downgrade() -> None:
    op.execute("REVOKE SELECT (epoch) ON change_head FROM register_statistics, register_statistics_wide")
