"""Students whom cells cannot add up, by what they have in common (docs/adr/0021)."""

from sqlalchemy import Boolean, Column, Integer, PrimaryKeyConstraint, SmallInteger, Table, Uuid

from app.db.tables.base import metadata
from app.db.tables.columns import institution_id

statistics_several = Table(
    "statistics_several",
    metadata,
    Column("category", SmallInteger, nullable=False),
    Column("yearly", Boolean, nullable=False),
    Column("term", SmallInteger, nullable=False),
    Column("code", SmallInteger, nullable=False),
    institution_id(),
    Column("place_id", Integer, nullable=False),
    Column("pattern", Uuid, nullable=False),
    Column("students", Integer, nullable=False),
    PrimaryKeyConstraint("category", "yearly", "term", "code", "institution_id", "place_id", "pattern"),
)
"""Categories and codes are those of cells. Students with several plans in the term, or, `yearly`, at several institutions and places in
the school year whose first year `term` then is; with the term 0, all students over all years, in the category 0 alone. Those who count
at the same ones have one `pattern`, a hash of them: they are in each of its rows, and are the same `students`.
"""
