"""The tables of facts, with the columns of what they can be asked by and of what they count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Integer, Table, and_, case, func, literal_column, true, type_coerce

from app.db.statistics.borders import Borders
from app.db.statistics.parts import Part
from app.db.statistics.times import SchoolYearCode, SemesterCode
from app.db.tables import institution, statistics_delivery, statistics_plan, statistics_risk
from app.db.tables.code import Code, parents
from app.domain.statistics.definitions import DELIVERY, PLACES, RISK, Dimension

_YEAR_RESULT: Final = type_coerce(statistics_plan.c.year_result, Code("year-results"))
FLAGS: Final[Mapping[str | None, ColumnElement[Any]]] = {
    None: true(),
    "continued": statistics_plan.c.continued,
    "with_year_result": _YEAR_RESULT.is_not(None),
    "promoted": _YEAR_RESULT == "PROMOTED",
    "left_early": _YEAR_RESULT == "LEFT_EARLY",
}
"""Of which plans, or of whose, a measure counts: the names are those of its figure."""
_OF_PLANS: Final[Mapping[Dimension, ColumnElement[Any]]] = {
    Dimension.INSTITUTION: statistics_plan.c.institution_id,
    Dimension.INSTITUTION_KIND: institution.c.kind,
    Dimension.GRADE: statistics_plan.c.grade,
    Dimension.SCHOOL_YEAR_RESULT: _YEAR_RESULT,
    Dimension.MINORITY_PROGRAMME: statistics_plan.c.minority,
    Dimension.SPECIAL_NEED: type_coerce(statistics_plan.c.special_need, Code("special-needs")),
    Dimension.RETURNED_EMIGRANT: statistics_plan.c.returned,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table of facts: what it can be asked by besides what a plan can, and what of it is added up."""

    table: Table
    dimensions: Mapping[Dimension, ColumnElement[Any]]
    sums: Mapping[str, ColumnElement[Any]]

    @property
    def of_plans(self) -> bool:
        """Whether a row is a whole plan."""
        return self.table is statistics_plan


def listed(column: ColumnElement[Any], code_list: str) -> ColumnElement[Any]:
    """0 stands for none."""
    return type_coerce(func.nullif(column, 0), Code(code_list))


def risks(column: ColumnElement[Any]) -> dict[Dimension, ColumnElement[Any]]:
    """A column of risks tells the group as well."""
    return {
        Dimension.RISK: type_coerce(column, Code("risks")),
        Dimension.RISK_GROUP: type_coerce(parents("risks", column), Code("risk-groups")),
    }


_RESULT: Final = listed(statistics_risk.c.result, "results")


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return case((condition, 1), else_=0)


PLANS: Final = Source(table=statistics_plan, dimensions={}, sums={**statistics_plan.c})
RISKS: Final = Source(
    table=statistics_risk,
    dimensions={**risks(statistics_risk.c.risk), Dimension.RISK_RESULT: _RESULT},
    sums={
        **statistics_risk.c,
        "risks": literal_column("1", Integer),
        "results": _one_if(_RESULT.is_not(None)),
        "resolved": _one_if(_RESULT == "RESOLVED"),
        "reduced": _one_if(_RESULT == "REDUCED"),
    },
)
DELIVERIES: Final = Source(
    table=statistics_delivery,
    dimensions={
        **risks(statistics_delivery.c.risk),
        Dimension.RISK_RESULT: _RESULT,
        Dimension.SUPPORT_MEASURE: listed(statistics_delivery.c.support_measure, "support-measures"),
        Dimension.SUBJECT: listed(statistics_delivery.c.subject, "subjects"),
        Dimension.SPECIALIST: listed(statistics_delivery.c.specialist, "specialists"),
        Dimension.DELIVERY_MODE: listed(statistics_delivery.c.mode, "delivery-modes"),
    },
    sums={**statistics_delivery.c},
)


def coarsest(part: Part) -> Source:
    """The smallest table that can be asked by all of the part's dimensions."""
    if part.dimensions & DELIVERY:
        return DELIVERIES
    return RISKS if part.dimensions & RISK else PLANS


def joined(source: Source, part: Part, borders: Borders) -> FromClause:
    """Plans, with their parts in the source's table, and with places and kinds where they are asked."""
    plan, risk, part_table = statistics_plan.c, statistics_risk.c, source.table
    found: FromClause = statistics_plan
    if not source.of_plans:
        same = and_(part_table.c.plan_id == plan.plan_id, part_table.c.student_id == plan.student_id)
        found = found.join(part_table, same)
    if part_table is statistics_delivery and Dimension.RISK_RESULT in part.dimensions:
        delivered = statistics_delivery.c
        answered = and_(risk.plan_id == delivered.plan_id, risk.student_id == delivered.student_id)
        found = found.join(statistics_risk, and_(answered, risk.risk_id == delivered.risk_id))
    return with_places(found, statistics_plan, part, borders)


def with_places(found: FromClause, table: Table, part: Part, borders: Borders) -> FromClause:
    """With the kind of the table's institution, and with where it counts, where the part asks for them."""
    if Dimension.INSTITUTION_KIND in part.dimensions:
        found = found.join(institution, institution.c.id == table.c.institution_id)
    if part.dimensions & PLACES:
        found = found.outerjoin(borders.table, borders.table.c.id == table.c[borders.of])
    return found


def plan_columns(part: Part, borders: Borders) -> dict[Dimension, ColumnElement[Any]]:
    """The columns of what a plan can be asked by, where `joined` has joined them."""
    return {**_OF_PLANS, **times(statistics_plan.c.term, part.shift), **borders.columns}


def place_and_time_columns(table: Table, part: Part, borders: Borders) -> dict[Dimension, ColumnElement[Any]]:
    """The same of a table in which plans are added up, where `with_places` has joined it."""
    return {
        Dimension.INSTITUTION: table.c.institution_id,
        Dimension.INSTITUTION_KIND: institution.c.kind,
        **times(table.c.term, part.shift),
        **borders.columns,
    }


def times(term: ColumnElement[int], shift: int) -> dict[Dimension, ColumnElement[Any]]:
    shifted = term + shift if shift else term
    year: ColumnElement[Any] = shifted.op(">>")(1)
    return {
        Dimension.SEMESTER: type_coerce(shifted, SemesterCode()),
        Dimension.SCHOOL_YEAR: type_coerce(year, SchoolYearCode()),
    }
