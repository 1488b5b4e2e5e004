"""School information systems: who they are, how they prove it, and for which institutions they act. No data of students."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from app.db.tables.base import metadata
from app.db.tables.columns import period_order, recorded_at, valid_from, valid_to

client = Table(
    "client",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    recorded_at(),
)

client_credential = Table(
    "client_credential",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client_id", Uuid, ForeignKey("client.id"), nullable=False),
    Column("secret_hash", LargeBinary),
    Column("kid", Text),
    Column("algorithm", Text),
    Column("public_key", LargeBinary),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_to", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    recorded_at(),
    UniqueConstraint("client_id", "kid"),
    CheckConstraint("num_nonnulls(secret_hash, public_key) = 1", name="secret_or_key"),
    CheckConstraint("num_nonnulls(kid, algorithm, public_key) IN (0, 3)", name="key"),
    CheckConstraint("octet_length(secret_hash) = 32", name="secret_hash"),
    CheckConstraint("algorithm IN ('ES256', 'RS256', 'PS256', 'EdDSA')", name="algorithm"),
    period_order(),
    Index(None, "client_id"),
)

client_grant = Table(
    "client_grant",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client_id", Uuid, ForeignKey("client.id"), nullable=False),
    Column("institution_id", Integer, ForeignKey("institution.id"), nullable=False),
    valid_from(),
    valid_to(),
    recorded_at(),
    UniqueConstraint("client_id", "institution_id", "valid_from"),
    period_order(),
)

client_assertion = Table(
    "client_assertion",
    metadata,
    Column("client_id", Uuid, nullable=False),
    Column("jti", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("client_id", "jti"),
    Index(None, "expires_at"),
)
"""Assertions that were used, kept for as long as they could be used again."""
