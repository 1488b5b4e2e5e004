"""Runs what a question needs, in one transaction, and puts the groups of its statements together by their keys."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.scopes import DatabaseRole, Scope
from app.db.statistics.grouping import TOTAL
from app.db.statistics.participation_figures import participation_figures
from app.db.statistics.plan_figures import plan_figures
from app.db.tables import institution
from app.domain.code_lists import InstitutionKind
from app.domain.errors import Invalid, violation
from app.domain.ids import InstitutionId
from app.domain.reference import ReferenceData
from app.domain.statistics.answer import Answer, Group, InstitutionName, Key, Value, in_order
from app.domain.statistics.catalogue import MEASURES, grains
from app.domain.statistics.definitions import Dimension, Grain, Measure, MeasureUnit
from app.domain.statistics.query import Query
from app.domain.statistics.rules import check_groups, check_query

_ANSWERED = frozenset(
    {
        Measure.STUDENTS,
        Measure.PLANS,
        Measure.PLANS_CONTINUED,
        Measure.INTERVENTIONS,
        Measure.NOT_ATTENDED,
        Measure.DELIVERED_HOURS,
        Measure.CONSULTATIONS,
        Measure.EUR,
        Measure.INSTITUTIONS_PARTICIPATING,
    }
)
_DECIMAL = frozenset({MeasureUnit.TEACHING_HOUR, MeasureUnit.EUR})
_CENTS = Decimal("0.01")


async def answer(
    connection: AsyncConnection, query: Query, *, reference: ReferenceData, scope: Scope, today: date
) -> Answer:
    """Answer in the scope in which `connection`'s transaction was opened. Raises Invalid where the question has no answer."""
    check_query(query, reference)
    if query.asked - _ANSWERED:
        raise Invalid([violation("", "not-answered-yet", "Not all of these measures are answered yet.")])
    cells: dict[Key, dict[Measure, Value]] = defaultdict(dict)
    totals: dict[Measure, Value] = {}
    for statement in _statements(query, reference, scope, today):
        for row in (await connection.execute(statement)).mappings():
            if row[TOTAL]:
                totals |= _values(row)
            if not row[TOTAL] or not query.by:
                cells[tuple(row[each] for each in query.by)] |= _values(row)
    check_groups(len(cells))
    named = await _named(connection, query, cells) if query.with_groups else []
    groups = [
        Group(key=key, values={each: values.get(each, _zero(each)) for each in query.measures}) for key, values in named
    ]
    return Answer(
        by=query.by,
        groups=in_order(query.by, groups, reference),
        totals={each: totals.get(each, _zero(each)) for each in query.totals},
        group_count=len(groups),
    )


def _statements(
    query: Query, reference: ReferenceData, scope: Scope, today: date
) -> Iterator[Select[*tuple[Any, ...]]]:
    ids = None if scope.role is DatabaseRole.AUTHORITY else scope.institution_ids
    asked = grains(query.asked)
    # Groups without any measure are those of plans.
    if asked - {Grain.PARTICIPATION} or not asked:
        yield plan_figures(query, reference, institution_ids=ids)
    if Grain.PARTICIPATION in asked:
        yield participation_figures(query, reference, institution_ids=ids, today=today)


def _values(row: RowMapping) -> dict[Measure, Value]:
    return {measure: _exact(measure, row[measure]) for measure in MEASURES if measure in row}


def _exact(measure: Measure, value: Any) -> Value:  # noqa: ANN401 - int or Decimal, as PostgreSQL adds up
    return Decimal(value).quantize(_CENTS) if MEASURES[measure].unit in _DECIMAL else int(value)


def _zero(measure: Measure) -> Value:
    return _exact(measure, 0)


async def _named(
    connection: AsyncConnection, query: Query, cells: dict[Key, dict[Measure, Value]]
) -> Iterable[tuple[Key, dict[Measure, Value]]]:
    """Institutions by name instead of id. All other names are reference data."""
    if Dimension.INSTITUTION not in query.by:
        return cells.items()
    place = query.by.index(Dimension.INSTITUTION)
    names = await _institution_names(connection, {key[place] for key in cells})
    return [((*key[:place], names[key[place]], *key[place + 1 :]), values) for key, values in cells.items()]


async def _institution_names(connection: AsyncConnection, ids: set[Any]) -> dict[Any, InstitutionName]:
    columns = institution.c
    statement = select(columns.id, columns.name, columns.kind, columns.sort_key).where(columns.id.in_(ids))
    return {
        row.id: InstitutionName(
            id=InstitutionId(row.id), name=row.name, kind=InstitutionKind(row.kind), sort_key=row.sort_key
        )
        for row in await connection.execute(statement)
    }
