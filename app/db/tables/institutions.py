"""Institutions, partners and participations. Public facts: no row-level security, everybody with a token may read them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from app.db.tables.base import metadata
from app.db.tables.columns import key, period_order, valid_from, valid_to, version


def _no_overlap(name: str) -> ExcludeConstraint:
    # Without an extension, only range types have a GiST operator class: the id becomes a range of one.
    return ExcludeConstraint(
        (literal_column("int4range(institution_id, institution_id, '[]')"), "&&"),
        (literal_column("daterange(valid_from, valid_to, '[]')"), "&&"),
        name=name,
        using="gist",
    )


institution = Table(
    "institution",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("sort_key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("founder", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("merged_into", Integer, ForeignKey("institution.id")),
    version(),
    CheckConstraint("kind IN ('GENERAL', 'VOCATIONAL')", name="kind"),
    CheckConstraint("closed_on >= opened_on", name="life_order"),
)

institution_registration = Table(
    "institution_registration",
    metadata,
    Column("institution_id", Integer, ForeignKey("institution.id"), primary_key=True),
    Column("number", Text, nullable=False),
    Column("valid_from", Date, primary_key=True),
    valid_to(),
    period_order(),
    _no_overlap("ex_institution_registration_overlap"),
    UniqueConstraint("number", "valid_from"),
)

institution_location = Table(
    "institution_location",
    metadata,
    Column("institution_id", Integer, ForeignKey("institution.id"), primary_key=True),
    Column("municipality", Text, ForeignKey("municipality.code"), nullable=False),
    Column("valid_from", Date, primary_key=True),
    valid_to(),
    period_order(),
    _no_overlap("ex_institution_location_overlap"),
)

partner = Table(
    "partner",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("municipality", Text, ForeignKey("municipality.code"), unique=True),
    Column("institution_id", Integer, ForeignKey("institution.id"), unique=True),
    CheckConstraint("num_nonnulls(municipality, institution_id) = 1", name="one_signatory"),
)

participation = Table(
    "participation",
    metadata,
    key(),
    Column("institution_id", Integer, ForeignKey("institution.id"), nullable=False),
    Column("programme", Text, ForeignKey("programme.code"), nullable=False),
    Column("partner_id", Integer, ForeignKey("partner.id"), nullable=False),
    Column("agreement_number", Text, nullable=False),
    Column("agreement_date", Date, nullable=False),
    valid_from(),
    valid_to(),
    version(),
    PrimaryKeyConstraint("id"),
    period_order(),
    UniqueConstraint("institution_id", "programme", "valid_from"),
    Index(None, "partner_id"),
)
