"""The cells of releases."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import bulk
from app.db.session import driver_of
from app.db.tables import release_cell
from app.domain.ids import ReleaseId
from app.domain.releases.answering import Block
from app.domain.releases.attributes import Attribute, Code
from app.domain.releases.lattice import Place
from app.domain.releases.preparing import Released
from app.domain.releases.sealing import Cell
from app.domain.releases.tables import Table

_Table = tuple[str, str, str]
_OF_TABLE = """SELECT region, municipality, codes, value FROM release_cell
WHERE release_id = $1 AND figure = $2 AND level = $3 AND attributes = $4"""


async def add(connection: AsyncConnection, release_id: ReleaseId, cells: Iterable[Cell]) -> int:
    """Those of one table follow one another. Returns how many they were."""
    return await bulk.copy(connection, release_cell, _rows(release_id, cells))


def _rows(release_id: ReleaseId, cells: Iterable[Cell]) -> Iterator[Mapping[str, Any]]:
    for (figure, level, attributes), rows in groupby(cells, _table):
        for position, each in enumerate(rows):
            yield {
                "release_id": release_id,
                "figure": figure,
                "level": level,
                "attributes": attributes,
                "position": position,
                "region": each.place.region,
                "municipality": each.place.municipality,
                "codes": [_text(code) for _, code in each.key],
                "value": each.value,
                "standard_error": each.standard_error,
                "small": each.small,
            }


def _table(each: Cell) -> _Table:
    return each.figure, each.place.level, attributes_text(attribute for attribute, _ in each.key)


def attributes_text(attributes: Iterable[Attribute]) -> str:
    return ",".join(attributes)


async def of_table(connection: AsyncConnection, released: Released, table: Table) -> Block:
    """Straight through the driver: there are thousands."""
    driver = await driver_of(connection)
    attributes = attributes_text(table.attributes)
    rows = await driver.fetch(_OF_TABLE, released.release.id, table.figure, table.level, attributes)
    codes = [{_text(code): code for code in released.lattice.codes[each]} for each in table.attributes]
    return {
        (
            Place(row["region"], row["municipality"]),
            tuple(known[text] for known, text in zip(codes, row["codes"], strict=True)),
        ): row["value"]
        for row in rows
    }


def _text(code: Code) -> str | None:
    return str(code).lower() if isinstance(code, bool) else None if code is None else str(code)
