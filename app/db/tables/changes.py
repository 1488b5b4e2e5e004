"""What has changed, for the feed: written to an inbox beside each change, and moved from there to its place in the log.

No row holds content. `institution_id` is whose readers are told, `owner_id` who wrote; the two differ where records were handed over.
`record_ids` and `student_ids` go together, one by one, so that a batch of one institution is a row or a few.
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
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.db.tables.base import metadata


def _of_a_change() -> list[Column[Any] | CheckConstraint]:
    return [
        Column("institution_id", Integer, nullable=False),
        Column("owner_id", Integer, nullable=False),
        Column("noun", Text, nullable=False),
        Column("op", Text, nullable=False),
        Column("record_ids", ARRAY(Uuid), nullable=False),
        Column("student_ids", ARRAY(Uuid), nullable=False),
        CheckConstraint("op IN ('UPSERT', 'DELETE', 'MERGE', 'OPEN', 'CLOSE')", name="op"),
        CheckConstraint("cardinality(record_ids) = cardinality(student_ids)", name="parallel"),
    ]


change_inbox = Table(
    "change_inbox",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    *_of_a_change(),
)

change_log = Table(
    "change_log",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    *_of_a_change(),
    Index("ix_change_log_institution_id_position", "institution_id", "position"),
)

change_head = Table(
    "change_head",
    metadata,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("epoch", Uuid, nullable=False),
    Column("database", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
    CheckConstraint('"only"', name="only"),
    CheckConstraint("floor >= 0 AND floor <= position", name="floor"),
)
"""One row: where the log ends, and up to where it has been forgotten. Locking it is what makes one sequencer wait for another. `database`
names the database in which the epoch began: in any other one it is over.
"""
