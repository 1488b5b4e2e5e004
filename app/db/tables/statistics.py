"""What statistics are read from: facts of plans put into force, and cells in which they are added up (docs/adr/0020).

Codes are the numbers of their code lists, 0 where there is none. A term is twice the first year of its school year, and one more for
semester II. Amounts are hundredths: of a teaching hour, and cents.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from app.db.tables.base import metadata
from app.db.tables.columns import institution_id, student_id


def _plan_id() -> Column[Any]:
    return Column("plan_id", Uuid, nullable=False)


def _place_id() -> Column[int]:
    return Column("place_id", Integer, nullable=False)


def _small(*names: str) -> list[Column[int]]:
    return [Column(name, SmallInteger, nullable=False) for name in names]


def _sums() -> list[Column[int]]:
    """Of interventions, attended and not, and of planned measures."""
    counts = [Column(name, Integer, nullable=False) for name in ("attended", "not_attended", "consultations")]
    amounts = ("centihours", "cents", "planned_centihours", "planned_cents")
    return counts + [Column(name, BigInteger, nullable=False) for name in amounts]


statistics_place = Table(
    "statistics_place",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("municipality", Text, ForeignKey("municipality.code")),
    Column("era", Date, nullable=False),
    UniqueConstraint("municipality", "era", postgresql_nulls_not_distinct=True),
)
"""A municipality, or none, from a day on which municipalities changed their regions until the next such day: all that time it lies in the
same region of each scheme. A public fact.
"""

statistics_era = Table("statistics_era", metadata, Column("day", Date, primary_key=True))
"""The days on which a municipality changed its region, in any scheme. Reference data, put together anew with everything else."""

statistics_plan = Table(
    "statistics_plan",
    metadata,
    _plan_id(),
    student_id(),
    institution_id(),
    _place_id(),
    *_small("term", "grade"),
    Column("minority", Boolean, nullable=False),
    Column("returned", Boolean, nullable=False),
    Column("special_need", SmallInteger),
    Column("continued", Boolean, nullable=False),
    Column("year_result", SmallInteger),
    Column("alone_in_term", Boolean, nullable=False),
    Column("settled_in_year", Boolean, nullable=False),
    *_small("risks", "results", "resolved", "reduced"),
    *_sums(),
    PrimaryKeyConstraint("plan_id", "student_id"),
    Index(None, "student_id"),
    Index(None, "institution_id", "term"),
    Index("ix_statistics_plan_together", "student_id", postgresql_where=text("NOT alone_in_term")),
    Index("ix_statistics_plan_moved", "student_id", postgresql_where=text("NOT settled_in_year")),
)
"""`alone_in_term`: the student's only plan in the term. `settled_in_year`: all the student's plans of the school year are of one
institution and place.
"""

statistics_risk = Table(
    "statistics_risk",
    metadata,
    _plan_id(),
    student_id(),
    Column("risk_id", Uuid, nullable=False),
    institution_id(),
    *_small("risk", "result"),
    *_sums(),
    PrimaryKeyConstraint("plan_id", "student_id", "risk_id"),
)
"""Each risk that a plan answers, with what was planned and delivered against it."""

statistics_delivery = Table(
    "statistics_delivery",
    metadata,
    _plan_id(),
    student_id(),
    Column("risk_id", Uuid, nullable=False),
    *_small("support_measure", "subject", "specialist", "mode"),
    institution_id(),
    *_small("risk"),
    *_sums(),
    PrimaryKeyConstraint("plan_id", "student_id", "risk_id", "support_measure", "subject", "specialist", "mode"),
)
"""What was planned and delivered, by kind. What was planned has no mode."""

statistics_staff = Table(
    "statistics_staff",
    metadata,
    *_small("term"),
    institution_id(),
    _place_id(),
    Column("staff_member", Text, nullable=False),
    Column("attended", Integer, nullable=False),
    PrimaryKeyConstraint("term", "institution_id", "place_id", "staff_member"),
)

statistics_cell = Table(
    "statistics_cell",
    metadata,
    *_small("category", "term"),
    institution_id(),
    _place_id(),
    *_small("code"),
    *(
        Column(name, Integer, nullable=False)
        for name in ("plans", "continued", "alone", "first_in_year", "risks", "results", "resolved", "reduced")
    ),
    *_sums(),
    PrimaryKeyConstraint("category", "term", "institution_id", "place_id", "code"),
)
"""Categories: 0 all, 1 by risk group, 2 risk, 3 support measure, 4 subject, 5 specialist, 6 delivery mode. By delivery, a plan counts
where something attended was delivered. `alone`: plans alone in their term; `first_in_year`: of those settled in their year, each
student's first one in the cell's category and code. Risks and their results are counted in categories 0 to 2.
"""

statistics_version = Table(
    "statistics_version",
    metadata,
    Column("institution_id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
)
"""Grows with every change of what statistics say of the institution."""

statistics_pending = Table(
    "statistics_pending",
    metadata,
    Column("transaction", BigInteger, nullable=False, server_default=text("(pg_current_xact_id()::text)::bigint")),
    _plan_id(),
    Column("risk_id", Uuid, nullable=False),
    institution_id(),
    *_small("support_measure", "subject", "specialist", "mode"),
    Column("staff_member", Text),
    *(
        Column(name, Integer, nullable=False)
        for name in ("attended", "not_attended", "consultations", "centihours", "cents")
    ),
    Index(None, "transaction"),
    prefixes=["UNLOGGED"],
)
"""What a transaction has written of interventions, as differences, until it settles: nobody else sees it, and nothing of it stays."""

statistics_student = Table("statistics_student", metadata, Column("student_id", Uuid, primary_key=True))
"""A row to hold for each student while its plans are settled. Not `student` itself: that is held for records, in an order of its own."""
