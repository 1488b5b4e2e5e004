"""Answers questions from the releases that stand. What a process has read of a release it keeps: no release ever changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.releases import cells, ledger
from app.domain.ids import ReleaseId
from app.domain.reference import ReferenceData
from app.domain.releases import answering, preparing
from app.domain.releases.answering import Block
from app.domain.releases.definitions import lattice_of
from app.domain.releases.preparing import Released
from app.domain.releases.release import Release, standing
from app.domain.releases.tables import Table
from app.domain.statistics.answer import Answer
from app.domain.statistics.query import Query


@dataclass(slots=True)
class _Shelf:
    """By the version of the ledger, by release, and by release and table. Some megabytes for each release, of which the ceiling allows
    few.
    """

    standing: dict[str, Sequence[Released]] = field(default_factory=dict)
    known: dict[ReleaseId, Released] = field(default_factory=dict)
    blocks: dict[tuple[ReleaseId, Table], Block] = field(default_factory=dict)


_SHELF = _Shelf()
"""Of this process. Ids of releases are their own, whatever the database."""


async def answer(connection: AsyncConnection, query: Query, reference: ReferenceData, today: date) -> Answer:
    """In the scope of whoever is outside, and in one snapshot, so that no release is withdrawn meanwhile. Raises Invalid where
    releases have no answer.
    """
    prepared = preparing.prepared(query, await _standing(connection, reference), reference, today)
    for released, table in prepared.needed:
        at = released.release.id, table
        if at not in _SHELF.blocks:
            _SHELF.blocks[at] = await cells.of_table(connection, released, table)
    return answering.answer(prepared, lambda each, table: _SHELF.blocks[each.release.id, table], reference)


async def explain(connection: AsyncConnection, query: Query, reference: ReferenceData, today: date) -> list[str]:
    """The tables of releases that the answer would be made of."""
    prepared = preparing.prepared(query, await _standing(connection, reference), reference, today)
    return [
        f"Release {released.release.number}, semester {released.release.semester}: {table.figure}, {table.level}"
        + "".join(f", {each}" for each in table.attributes)
        for released, table in prepared.needed
    ]


async def _standing(connection: AsyncConnection, reference: ReferenceData) -> Sequence[Released]:
    version = await ledger.version(connection)
    if version not in _SHELF.standing:
        groups = {each.code: each.group for each in reference.code_lists["risks"]}
        those = standing(await ledger.all_of_them(connection)).values()
        _SHELF.standing[version] = [_released(each, groups) for each in those]
    return _SHELF.standing[version]


def _released(release: Release, groups: dict[str, str]) -> Released:
    if release.id not in _SHELF.known:
        _SHELF.known[release.id] = Released.of(release, lattice_of(release.semester, release.definition, groups))
    return _SHELF.known[release.id]
