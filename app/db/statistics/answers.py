"""Answers a question in one transaction: its parts are read one after another, and put together by their keys."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import releases
from app.db.scopes import DatabaseRole, Scope
from app.db.statistics import borders
from app.db.statistics.parts import part_of
from app.db.statistics.reader import Counts, Figures, Reader, exactly_none
from app.db.tables import institution
from app.domain.code_lists import InstitutionKind
from app.domain.ids import InstitutionId
from app.domain.reference import ReferenceData
from app.domain.statistics.answer import Answer, Group, InstitutionName, Key, Value, Values
from app.domain.statistics.borders import Stay
from app.domain.statistics.catalogue import complete, counted
from app.domain.statistics.cursors import position_after
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.empty import combinations
from app.domain.statistics.ordering import Ordering
from app.domain.statistics.pages import page_of
from app.domain.statistics.query import Comparison, Query
from app.domain.statistics.rules import check_groups, check_query

_TERMS: Final = {Comparison.PREVIOUS_SEMESTER: 1, Comparison.PREVIOUS_SCHOOL_YEAR: 2}
"""So many terms before."""


async def answer(
    connection: AsyncConnection, query: Query, *, reference: ReferenceData, scope: Scope, today: date
) -> Answer:
    """Answer in the scope in which `connection`'s transaction was opened: exactly, or, for whoever is outside, from releases.

    Raises Invalid where the question has no answer.
    """
    if scope.role is DatabaseRole.ANALYST:
        return await releases.answers.answer(connection, query, reference, today)
    check_query(query, reference)
    # Before anything is counted for a page that there is not.
    position_after(query)
    ids = None if scope.role is DatabaseRole.AUTHORITY else scope.institution_ids
    needed = query.with_empty or query.as_of is not None
    stays = await borders.stays(connection, ids) if needed else []
    reader = Reader(
        connection=connection,
        reference=reference,
        institution_ids=ids,
        today=today,
        borders=_borders(query, stays, reference),
    )
    return await _Answering(query, stays, reader).answer()


def _borders(query: Query, stays: Sequence[Stay], reference: ReferenceData) -> borders.Borders:
    if query.as_of is None:
        return borders.at_the_time(query.scheme)
    return borders.as_of(stays, query.as_of, query.scheme, reference.geography)


class _Answering:
    def __init__(self, query: Query, stays: Sequence[Stay], reader: Reader) -> None:
        self._query = query
        self._stays = stays
        self._reader = reader
        self._reference = reader.reference
        self._names: dict[int, InstitutionName] = {}

    async def answer(self) -> Answer:
        query = self._query
        groups = await self._groups() if query.with_groups else []
        page = page_of(query, groups, self._reference)
        return Answer(
            by=query.by,
            groups=page.groups,
            totals=await self._totals(),
            subtotals={by: await self._subtotals(by, measures) for by, measures in query.subtotals.items()},
            end_cursor=page.end_cursor,
            has_next=page.has_next,
            group_count=page.count,
        )

    async def _groups(self) -> list[Group]:
        query = self._query
        found = dict(await self._reader.read(part_of(query, query.by, counted(query.of_groups))))
        if query.with_empty:
            for key in await asyncio.to_thread(self._combinations):
                found.setdefault(key, {})
            check_groups(len(found))
        before = await self._before()
        await self._name(query.by, found)
        return [
            Group(
                key=self._named(query.by, key),
                values=_values(query.of_groups, counts),
                previous=None if before is None else _values(query.previous, before.get(key, {})),
            )
            for key, counts in found.items()
        ]

    def _combinations(self) -> list[Key]:
        return [*combinations(self._query, self._stays, self._reference, self._reader.today)]

    async def _before(self) -> Figures | None:
        query = self._query
        if query.comparison is None or not query.previous:
            return None
        part = part_of(query, query.by, counted(query.previous), shift=_TERMS[query.comparison])
        return await self._reader.read(part)

    async def _totals(self) -> Values:
        if not self._query.totals:
            return {}
        found = await self._reader.read(part_of(self._query, (), counted(self._query.totals)))
        return _values(self._query.totals, found.get((), {}))

    async def _subtotals(self, by: tuple[Dimension, ...], measures: frozenset[Measure]) -> tuple[Group, ...]:
        found = await self._reader.read(part_of(self._query, by, counted(measures)))
        await self._name(by, found)
        groups = [Group(key=self._named(by, key), values=_values(measures, counts)) for key, counts in found.items()]
        return tuple(Ordering(by, (), self._reference).in_order(groups))

    async def _name(self, by: Sequence[Dimension], keys: Iterable[Key]) -> None:
        """Institutions by name instead of id. All other names are reference data."""
        if Dimension.INSTITUTION in by:
            place = by.index(Dimension.INSTITUTION)
            ids = {value for key in keys if isinstance(value := key[place], int)} - self._names.keys()
            self._names |= await _institution_names(self._reader.connection, ids)

    def _named(self, by: Sequence[Dimension], key: Key) -> Key:
        if Dimension.INSTITUTION not in by:
            return key
        return tuple(
            self._names[value] if dimension is Dimension.INSTITUTION and isinstance(value, int) else value
            for dimension, value in zip(by, key, strict=True)
        )


def _values(measures: Iterable[Measure], counts: Counts) -> Mapping[Measure, Value]:
    whole = {each: counts.get(each, exactly_none(each)) for each in counted(frozenset(measures))}
    return complete(frozenset(measures), whole)


async def _institution_names(connection: AsyncConnection, ids: set[int]) -> dict[int, InstitutionName]:
    columns = institution.c
    statement = select(columns.id, columns.name, columns.kind, columns.sort_key).where(columns.id.in_(ids))
    return {
        row.id: InstitutionName(
            id=InstitutionId(row.id), name=row.name, kind=InstitutionKind(row.kind), sort_key=row.sort_key
        )
        for row in await connection.execute(statement)
    }
