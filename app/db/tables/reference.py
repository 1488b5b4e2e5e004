"""Reference data as tables, for joins and foreign keys. Public facts: no row-level security."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from app.db.tables.base import metadata
from app.db.tables.columns import period_order, valid_from, valid_to

region = Table(
    "region",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("name_lv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    valid_from(),
    valid_to(),
    period_order(),
)

municipality = Table(
    "municipality",
    metadata,
    Column("code", Text, primary_key=True),
    Column("iso_code", Text, nullable=False),
    Column("name_lv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("sort_key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    valid_from(),
    valid_to(),
    period_order(),
    CheckConstraint("code ~ '^[0-9]{7}$'", name="code_format"),
)

municipality_region = Table(
    "municipality_region",
    metadata,
    Column("municipality", Text, ForeignKey("municipality.code"), primary_key=True),
    Column("scheme", Text, primary_key=True),
    Column("region", Text, nullable=False),
    Column("valid_from", Date, primary_key=True),
    valid_to(),
    ForeignKeyConstraint(["scheme", "region"], ["region.scheme", "region.code"], name="fk_municipality_region_region"),
    period_order(),
)

municipality_succession = Table(
    "municipality_succession",
    metadata,
    Column("predecessor", Text, ForeignKey("municipality.code"), primary_key=True),
    Column("successor", Text, ForeignKey("municipality.code"), primary_key=True),
    Column("effective_on", Date, nullable=False),
    Column("relation", Text, nullable=False),
    Column("is_main_successor", Boolean, nullable=False),
    Column("is_main_predecessor", Boolean, nullable=False),
    Column("part_lv", Text),
    Column("part_en", Text),
    CheckConstraint("predecessor <> successor", name="another"),
    # With these, a chain of main successors (or predecessors) never forks.
    Index(
        "uq_municipality_succession_main_successor", "predecessor", unique=True, postgresql_where="is_main_successor"
    ),
    Index(
        "uq_municipality_succession_main_predecessor", "successor", unique=True, postgresql_where="is_main_predecessor"
    ),
)

semester = Table(
    "semester",
    metadata,
    Column("code", Text, primary_key=True),
    Column("school_year", Text, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("starts_on", Date, nullable=False, unique=True),
    Column("ends_on", Date, nullable=False, unique=True),
    CheckConstraint("number IN (1, 2)", name="number"),
    CheckConstraint("ends_on > starts_on", name="date_order"),
    UniqueConstraint("school_year", "number"),
)

school_calendar = Table(
    "school_calendar",
    metadata,
    Column("school_year", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("grade_from", SmallInteger, primary_key=True),
    Column("grade_to", SmallInteger, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    CheckConstraint("grade_from BETWEEN 1 AND grade_to AND grade_to <= 12", name="grades"),
    CheckConstraint("ends_on >= starts_on", name="date_order"),
)

code = Table(
    "code",
    metadata,
    Column("list", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("id", SmallInteger, nullable=False),
    Column("name_lv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("parent", Text),
    Column("unit", Text),
    valid_from(),
    valid_to(),
    period_order(),
    CheckConstraint("id > 0", name="id_positive"),
    CheckConstraint("unit IN ('HOUR', 'EUR')", name="unit"),
    UniqueConstraint("list", "id"),
)

programme = Table(
    "programme",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_lv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    valid_from(),
    valid_to(),
    Column("consultations_from", Date, nullable=False),
    Column("consultations_to", Date),
    period_order(),
    CheckConstraint(
        "consultations_to >= consultations_from AND consultations_from >= valid_from", name="consultations_order"
    ),
    CheckConstraint("consultations_to <= valid_to", name="consultations_within"),
)

programme_rule = Table(
    "programme_rule",
    metadata,
    Column("programme", Text, ForeignKey("programme.code"), primary_key=True),
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("topic", Text, nullable=False),
    Column("kind", Text),
    Column("grade_from", SmallInteger),
    Column("grade_to", SmallInteger),
    Column("mode", Text),
    Column("value", Numeric(6, 2)),
    Column("source", Text, nullable=False),
    valid_from(),
    valid_to(),
    period_order(),
    CheckConstraint("grade_to >= grade_from", name="grade_order"),
    CheckConstraint("topic <> 'MODE' OR mode IS NOT NULL", name="mode_of_delivery"),
)

retention_rule = Table(
    "retention_rule",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("what", Text, nullable=False),
    Column("programme", Text, ForeignKey("programme.code")),
    Column("event", Text),
    Column("months", SmallInteger),
    Column("name_lv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("source", Text, nullable=False),
    valid_from(),
    valid_to(),
    period_order(),
    CheckConstraint("months >= 0", name="months"),
    CheckConstraint("(event IS NULL) = (months IS NULL)", name="event_and_months"),
    CheckConstraint("what IN ('PERSON', 'RECORDS', 'AUDIT')", name="what"),
    CheckConstraint("event IN ('LAST_ENROLMENT_END', 'LAST_PLAN_END', 'PROGRAMME_END')", name="event"),
)
