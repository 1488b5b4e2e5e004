"""What source systems call their records, and what came of the batches that they sent."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db.tables.base import metadata
from app.db.tables.columns import institution_id

source_key = Table(
    "source_key",
    metadata,
    Column("source", Uuid, nullable=False),
    Column("type", Text(collation="C"), nullable=False),
    Column("external_id", Text(collation="C"), nullable=False),
    Column("record_id", Uuid),
    institution_id(),
    PrimaryKeyConstraint("source", "type", "external_id"),
    CheckConstraint("(type = 'institution') = (record_id IS NULL)", name="record"),
    Index(None, "record_id"),
)
"""A key crosses students, so it has a table of its own, and no foreign key. Of an institution's key, `institution_id` is what it means."""

sync_batch = Table(
    "sync_batch",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("source", Uuid, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("mode", Text, nullable=False),
    Column("atomic", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("items", Integer, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("removed", Integer),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("source", "idempotency_key"),
    CheckConstraint("mode IN ('commit', 'validate')", name="mode"),
    CheckConstraint("atomic IN ('item', 'all')", name="atomic"),
    CheckConstraint("state IN ('APPLIED', 'VALIDATED', 'REFUSED')", name="state"),
)

sync_rejection = Table(
    "sync_rejection",
    metadata,
    Column("batch_id", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("source", Uuid, nullable=False),
    Column("operation", Text),
    Column("type", Text),
    Column("external_id", Text),
    Column("violations", JSONB, nullable=False),
    PrimaryKeyConstraint("batch_id", "line"),
    ForeignKeyConstraint(["batch_id"], ["sync_batch.id"], name="fk_sync_rejection_sync_batch", ondelete="CASCADE"),
)
"""Which items of a batch were rejected, and why: pointers, codes and words, and nothing of what the item said."""
