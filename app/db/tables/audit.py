"""What was done, read and tried, by whom, about whom. Written to the inbox, and moved from there into the sealed log.

Writers may only insert into the inbox; only the sealer moves. `audit_event` is a view of both, for whoever may read the two.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.db.tables.base import metadata


def _of_an_event() -> list[Column[Any] | CheckConstraint]:
    return [
        Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
        Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        Column("subject", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("organisation", Text),
        Column("action", Text, nullable=False),
        Column("noun", Text, nullable=False),
        Column("record_id", Text),
        Column("student_ids", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
        Column("institution_ids", ARRAY(Integer), nullable=False, server_default=text("'{}'")),
        Column("outcome", Text, nullable=False, server_default=text("'DONE'")),
        Column("reason", Text),
        Column("correlation_id", Text),
        CheckConstraint("outcome IN ('DONE', 'FORBIDDEN', 'NOT_FOUND', 'REFUSED')", name="outcome"),
    ]


audit_inbox = Table("audit_inbox", metadata, *_of_an_event())

audit_log = Table(
    "audit_log",
    metadata,
    *_of_an_event(),
    Column("position", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    UniqueConstraint("position"),
    Index("ix_audit_log_student_ids", "student_ids", postgresql_using="gin"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("position", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint('"only"', name="only"),
)
"""One row: where the log ends. Locking it is what makes one sealer wait for another."""

audit_event = Table(
    "audit_event",
    MetaData(),
    *(Column(each.name, each.type) for each in audit_inbox.columns),
)
"""A view, so on a MetaData of its own: it is read, and never made from here."""
