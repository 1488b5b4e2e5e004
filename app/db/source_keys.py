"""By which ids source systems know the records they have sent. Each scope sees the keys of its own source alone."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.session import driver_of
from app.domain.sync import ItemType

_FIND = "SELECT external_id, record_id, institution_id FROM source_key WHERE source = $1 AND type = $2 AND external_id = ANY($3)"
# No conflict target: PostgreSQL would look the row up under the policies, and fail on one that is not visible.
_BIND = (
    "INSERT INTO source_key (source, type, external_id, record_id, institution_id)"
    " SELECT $1, $2, * FROM unnest($3::text[], $4::uuid[], $5::int[]) AS new (external_id, record_id, institution_id)"
    " ORDER BY external_id ON CONFLICT DO NOTHING RETURNING external_id"
)
_MOVE = (
    "UPDATE source_key SET record_id = $5, institution_id = $6"
    " WHERE source = $1 AND type = $2 AND external_id = $3 AND record_id = $4"
)
_FORGET = (
    "DELETE FROM source_key WHERE source = $1 AND type = $2 AND external_id = $3 AND record_id IS NOT DISTINCT FROM $4"
)

Target = tuple[UUID | None, int]
"""A record's id, and the institution that wrote it; of an institution's own key there is no record."""


async def find(
    connection: AsyncConnection, source: UUID, item_type: ItemType, external_ids: Sequence[str]
) -> dict[str, UUID]:
    """Which records these keys of the source stand for. A record may be gone meanwhile."""
    if not external_ids:
        return {}
    rows = await (await driver_of(connection)).fetch(_FIND, source, item_type, external_ids)
    return {row["external_id"]: row["record_id"] for row in rows}


async def find_institutions(connection: AsyncConnection, source: UUID, external_ids: Sequence[str]) -> dict[str, int]:
    """Which institutions these keys of the source stand for."""
    if not external_ids:
        return {}
    rows = await (await driver_of(connection)).fetch(_FIND, source, ItemType.INSTITUTION, external_ids)
    return {row["external_id"]: row["institution_id"] for row in rows}


async def bind(
    connection: AsyncConnection, source: UUID, item_type: ItemType, targets: Mapping[str, Target]
) -> set[str]:
    """Keep these new keys, and tell which were new: another transaction may have been faster, and has ended when this returns."""
    if not targets:
        return set()
    rows = await (await driver_of(connection)).fetch(_BIND, source, item_type, *_columns(targets))
    return {row["external_id"] for row in rows}


async def move(
    connection: AsyncConnection, source: UUID, item_type: ItemType, external_id: str, known: UUID, target: Target
) -> bool:
    """Let a key that means `known`, which is gone, mean another record from now on; False where somebody else has moved it meanwhile."""
    driver = await driver_of(connection)
    status = await driver.execute(_MOVE, source, item_type, external_id, known, *target)
    return bool(status == "UPDATE 1")


async def forget(
    connection: AsyncConnection, source: UUID, item_type: ItemType, external_id: str, known: UUID | None
) -> None:
    """Unless the key means another record than `known` by now."""
    await (await driver_of(connection)).execute(_FORGET, source, item_type, external_id, known)


def _columns(targets: Mapping[str, Target]) -> tuple[list[str], list[UUID | None], list[int]]:
    return list(targets), [record_id for record_id, _ in targets.values()], [each for _, each in targets.values()]
