"""What somebody reaches, worked out before from the same facts, on the same day. Whether they are the same is asked each time."""

from collections import OrderedDict
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.session import driver_of
from app.domain.geography import Geography

REMEMBERED: Final = 500


def _sums(table: str) -> str:
    return f"SELECT concat(sum(hash_record_extended(t, 1)), ' ', sum(hash_record_extended(t, 2))) FROM {table} AS t"  # noqa: S608 - our own tables


# Two sums of 64 bits over whole rows: in no order, so nothing is sorted, and no statement of facts has to remember to say that it changed.
_FACTS: Final = "SELECT " + " || ';' || ".join(
    f"({_sums(each)})" for each in ("partner", "participation", "institution_location")
)


async def facts(connection: AsyncConnection) -> str:
    """Another text where any partner, participation or location is another. Straight through the driver: it stands before most answers."""
    return str(await (await driver_of(connection)).fetchval(_FACTS))


class Derived(NamedTuple):
    """All that it is derived from, besides the borders."""

    facts: str
    partner_id: int | None
    region_code: str | None
    today: date


class KnownReach:
    """In the memory of this process. What was asked for least recently is forgotten first."""

    def __init__(self, *, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._known: OrderedDict[Derived, tuple[Geography, tuple[int, ...]]] = OrderedDict()

    def find(self, derived: Derived, geography: Geography) -> tuple[int, ...] | None:
        borders, ids = self._known.get(derived, (None, ()))
        if borders is not geography:
            return None
        self._known.move_to_end(derived)
        return ids

    def keep(self, derived: Derived, geography: Geography, ids: tuple[int, ...]) -> None:
        self._known[derived] = (geography, ids)
        self._known.move_to_end(derived)
        if len(self._known) > self._remembered:
            self._known.popitem(last=False)
