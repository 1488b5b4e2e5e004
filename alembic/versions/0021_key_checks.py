"""What the register remembers of each key of persons, so that a wrong key under a right id seals nothing.

Not about students, and sealed as what is: it says which keys there have been.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEYS = "register_keys"
TABLE, CODES = "person.key_check", "person.personal_code"


def upgrade() -> None:
    op.create_table(
        "key_check",
        sa.Column("key_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("check_value", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("key_id >= 0", name=op.f("ck_key_check_id")),
        sa.CheckConstraint("octet_length(check_value) = 32", name=op.f("ck_key_check_value")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_key_check")),
        schema="person",
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    # What was entered once stays: whoever could change it could have a wrong key believed.
    op.execute(f"GRANT SELECT, INSERT ON {TABLE} TO {KEYS}")
    op.execute(f"CREATE POLICY keys_select ON {TABLE} FOR SELECT TO {KEYS} USING (true)")
    op.execute(f"CREATE POLICY keys_insert ON {TABLE} FOR INSERT TO {KEYS} WITH CHECK (true)")
    # A code that it has opened must be found by its hash, else the hash key is another. Not whose: nobody need know for that.
    op.execute(f"GRANT SELECT (code_hash) ON {CODES} TO {KEYS}")
    op.execute(f"CREATE POLICY keys_select ON {CODES} FOR SELECT TO {KEYS} USING (true)")


def downgrade() -> None:
    op.execute(f"DROP POLICY keys_select ON {CODES}")
    op.execute(f"REVOKE ALL ON {CODES} FROM {KEYS}")
    op.drop_table("key_check", schema="person")
