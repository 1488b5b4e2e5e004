"""What the feed tells: one item for each thing that has changed for the reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from .reports import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsert:
    """A record as it is now. Of a student, `student_id` is its own id and `institution_id` None. `external_id`: the reader's own."""

    type: str
    id: str
    student_id: str
    institution_id: int | None
    version: int
    external_id: str | None
    data: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Gone, or no longer the reader's: to be forgotten. A student is forgotten with all its records."""

    type: str
    id: str
    student_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """The student `id` is the student `into` from now on: all of `id` is forgotten, its records follow under `into`."""

    id: str
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Access is lost to what this institution wrote of this student."""

    student_id: str
    institution_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose records may be kept: of these institutions (None: of all), and what was handed over of single students."""

    institution_ids: frozenset[int] | None
    handed: frozenset[tuple[str, int]]

    def keeps(self, student_id: str, institution_id: int) -> bool:
        return (
            self.institution_ids is None
            or institution_id in self.institution_ids
            or (student_id, institution_id) in self.handed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBegins:
    """From here to LoadEnds everything is sent that the reader may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadEnds:
    """What was not sent since LoadBegins is to be forgotten."""


Change = Upsert | Delete | Merge | Close | Scope | LoadBegins | LoadEnds


def _scope(item: Json) -> Scope:
    ids = item["institution_ids"]
    return Scope(
        institution_ids=None if ids is None else frozenset(ids),
        handed=frozenset((each["student_id"], each["institution_id"]) for each in item.get("handed", ())),
    )


_KINDS: Mapping[str, Callable[[Json], Change]] = {
    "upsert": lambda item: Upsert(**{name: item[name] for name in Upsert.__dataclass_fields__}),
    "delete": lambda item: Delete(**{name: item[name] for name in Delete.__dataclass_fields__}),
    "merge": lambda item: Merge(id=item["id"], into=item["into"]),
    "close": lambda item: Close(student_id=item["student_id"], institution_id=item["institution_id"]),
    "scope": _scope,
    "load-begins": lambda _item: LoadBegins(),
    "load-ends": lambda _item: LoadEnds(),
}


def change_of(item: Json) -> Change | None:
    """None for what a later register may tell and this client does not know."""
    kind = _KINDS.get(item["op"])
    return None if kind is None else kind(item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`raw`: the items as they came. `more`: there is more to be had at once. `cursor`: where the next page begins."""

    raw: tuple[Json, ...]
    cursor: str
    more: bool

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        return cls(raw=tuple(document["items"]), cursor=document["cursor"], more=document["more"])

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(change for each in self.raw if (change := change_of(each)) is not None)
