"""Where a follower of the feed stands, and what it is owed next. Whoever reads pages in turn and forgets what it is told to forget has
at the end what it may see, and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.changes import TYPES
from app.domain.errors import Expired, check, violation
from app.domain.ids import InstitutionId, StudentId

PACE: Final = 60
"""Items that a student is taken to come to, before there is anything to go by."""


class Reader(StrEnum):
    """How records are seen: all of them, those of one's own institutions even while they are restricted, or others' while not."""

    STATE = "S"
    OWNER = "O"
    ABOVE = "A"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody may see today: `institution_ids` in order, None for all there are."""

    reader: Reader
    institution_ids: tuple[InstitutionId, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What of it is asked for. Without types all of them, without institutions what any of them wrote."""

    types: tuple[str, ...] = ()
    institution_ids: tuple[InstitutionId, ...] = ()

    @classmethod
    def of(cls, types: Iterable[str], institution_ids: Iterable[InstitutionId]) -> "Filter":
        asked = set(types)
        return cls(
            types=tuple(each for each in TYPES if each in asked), institution_ids=tuple(sorted(set(institution_ids)))
        )

    def takes(self, noun: str) -> bool:
        return not self.types or noun in self.types


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Students in the order of their ids, each with everything. `after` is the last one that was sent, `pace` how many items a
    student has come to. `gained`: not everything is loaded, but what these institutions see; of the others the students alone.
    """

    after: StudentId | None = None
    gained: tuple[InstitutionId, ...] | None = None
    pace: int = PACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Everything up to `position` of this epoch has been sent, to somebody with this sight; besides what the load has left to do."""

    epoch: UUID
    position: int
    sight: Sight
    wanted: Filter
    load: Load | None = None


def beginning(epoch: UUID, position: int, sight: Sight, wanted: Filter) -> Cursor:
    """Whatever changes while everything is loaded comes after it."""
    return Cursor(epoch=epoch, position=position, sight=sight, wanted=wanted, load=Load())


def check_filter(cursor: Cursor, asked: Filter) -> None:
    """Raises Invalid where another filter is asked for than the cursor began with. To ask for none is to go on with that."""
    if asked not in (Filter(), cursor.wanted):
        check([violation("/query/cursor", "other-filter", "This cursor began with other types or institutions.")])


def check_epoch(cursor: Cursor, *, epoch: UUID, floor: int, position: int, sight: Sight) -> None:
    """Raises Expired where the feed cannot say what has changed since."""
    if cursor.epoch != epoch or not floor <= cursor.position <= position or cursor.sight.reader is not sight.reader:
        raise Expired


def has_moved(cursor: Cursor, sight: Sight) -> bool:
    return cursor.sight != sight


def moved(cursor: Cursor, sight: Sight, *, position: int) -> Cursor:
    """The sight is another one than before: grants and borders change by date, without anything being written.

    A first load begins anew; else what was gained is loaded, besides what was gained earlier and is not loaded yet.
    """
    if cursor.load is not None and cursor.load.gained is None:
        return beginning(cursor.epoch, position, sight, cursor.wanted)
    before, now = set(cursor.sight.institution_ids or ()), set(sight.institution_ids or ())
    unloaded = set(cursor.load.gained or ()) if cursor.load is not None else set()
    gained = now - before | now & unloaded
    return replace(cursor, sight=sight, load=Load(gained=tuple(sorted(gained))))
