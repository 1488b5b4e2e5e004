"""Keys of source systems, and the reports of their batches: each scope sees those of its own source, named by `register.source`."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SYNC, MERGER, RETENTION = "register_sync", "register_merger", "register_retention"
OWN = "source = (SELECT NULLIF(current_setting('register.source', true), '')::uuid)"
TWO = "= ANY ((SELECT string_to_array(NULLIF(current_setting('register.students', true), ''), ',')::uuid[])::uuid[])"
RECORDS = ("enrolment", "risk", "intervention", "outcome")
TABLES = ("source_key", "sync_batch", "sync_rejection")


def upgrade() -> None:
    _tables()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY sync_all ON {table} TO {SYNC} USING ({OWN})")
    op.execute(f"GRANT SELECT, INSERT, DELETE, UPDATE (record_id, institution_id) ON source_key TO {SYNC}")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON sync_batch, sync_rejection TO {SYNC}")
    # Where a student goes, the keys that mean it go along.
    op.execute(f"GRANT SELECT, UPDATE (record_id) ON source_key TO {MERGER}")
    op.execute(f"CREATE POLICY merger_all ON source_key TO {MERGER} USING (record_id {TWO})")
    op.execute(f"GRANT SELECT (record_id), DELETE ON source_key TO {RETENTION}")
    op.execute(f"GRANT SELECT (id) ON {', '.join(RECORDS)} TO {RETENTION}")
    for command in ("SELECT", "DELETE"):
        name = f"retention_{command.lower()}"
        op.execute(f"CREATE POLICY {name} ON source_key FOR {command} TO {RETENTION} USING (true)")


def _tables() -> None:
    op.create_table(
        "source_key",
        sa.Column("source", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(collation="C"), nullable=False),
        sa.Column("external_id", sa.Text(collation="C"), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(type = 'institution') = (record_id IS NULL)", name=op.f("ck_source_key_record")),
        sa.PrimaryKeyConstraint("source", "type", "external_id", name=op.f("pk_source_key")),
    )
    op.create_index(op.f("ix_source_key_record_id"), "source_key", ["record_id"], unique=False)
    op.create_table(
        "sync_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("atomic", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mode IN ('commit', 'validate')", name=op.f("ck_sync_batch_mode")),
        sa.CheckConstraint("atomic IN ('item', 'all')", name=op.f("ck_sync_batch_atomic")),
        sa.CheckConstraint("state IN ('APPLIED', 'VALIDATED', 'REFUSED')", name=op.f("ck_sync_batch_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_batch")),
        sa.UniqueConstraint("source", "idempotency_key", name=op.f("uq_sync_batch_source_idempotency_key")),
    )
    op.create_table(
        "sync_rejection",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("source", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("violations", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["sync_batch.id"], name="fk_sync_rejection_sync_batch", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "line", name=op.f("pk_sync_rejection")),
    )


def downgrade() -> None:
    op.execute(f"REVOKE SELECT (id) ON {', '.join(RECORDS)} FROM {RETENTION}")  # noqa: S608 - our own tables
    for table in reversed(TABLES):
        op.drop_table(table)
