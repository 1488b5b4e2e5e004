"""What was done to whose record, by whom: written in the transaction of the change itself, never changed after."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Integer, Table, Text, Uuid, func

from app.db.tables.base import metadata

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("subject", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("noun", Text, nullable=False),
    Column("record_id", Text),
    Column("student_id", Uuid),
    Column("institution_id", Integer),
    Column("reason", Text),
    Column("correlation_id", Text),
)
