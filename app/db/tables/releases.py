"""Sealed releases. They hold no number of any student: noise has been added to all that is here."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.db.tables.base import metadata
from app.db.tables.columns import recorded_at

release = Table(
    "release",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("previous", Integer, Computed("NULLIF(number - 1, 0)", persisted=True)),
    Column("semester", Text, ForeignKey("semester.code"), nullable=False),
    Column("sealed_on", Date, nullable=False),
    Column("rho", Numeric(12, 6), nullable=False),
    Column("spent_before", Numeric(12, 6), nullable=False),
    Column("spent", Numeric(12, 6), nullable=False),
    Column("epsilon", Numeric(12, 6), nullable=False),
    Column("delta", Numeric(18, 12), nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("withdrawn_on", Date),
    Column("withdrawal_reason", Text),
    recorded_at(),
    UniqueConstraint("number", "spent"),
    ForeignKeyConstraint(["previous", "spent_before"], ["release.number", "release.spent"], name="fk_release_previous"),
    CheckConstraint("number > 1 OR number = 1 AND spent_before = 0", name="number"),
    CheckConstraint("rho > 0 AND spent = spent_before + rho", name="spent"),
    CheckConstraint("(withdrawn_on IS NULL) = (withdrawal_reason IS NULL)", name="withdrawal"),
    CheckConstraint("withdrawn_on >= sealed_on", name="date_order"),
)
"""The ledger of privacy: each release names what all before it cost, so that none is left out and none counted twice. None is removed."""

release_cell = Table(
    "release_cell",
    metadata,
    Column("release_id", Uuid, ForeignKey("release.id"), nullable=False),
    Column("figure", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("attributes", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("region", Text),
    Column("municipality", Text),
    Column("codes", ARRAY(Text), nullable=False),
    Column("value", Numeric(20, 5), nullable=False),
    Column("standard_error", Numeric(20, 3), nullable=False),
    Column("small", Boolean, nullable=False),
    PrimaryKeyConstraint("release_id", "figure", "level", "attributes", "position"),
    CheckConstraint("municipality IS NULL OR region IS NOT NULL", name="place"),
)
"""`attributes` are the names of those by which a table is broken down, with commas, and `codes` one code of each: NULL is without."""
