"""Pages of records in the manner of Relay. No totals: how many records there are is itself a statistic."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

import strawberry

from app.api.paging import HasId, cursor_after, read_cursor
from app.domain.errors import Invalid, violation

LARGEST, USUAL = 100, 25

Node = TypeVar("Node")
Record = TypeVar("Record", bound=HasId)


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None = strawberry.field(description="Send it as `after` for the next page.")


@strawberry.type
class Edge(Generic[Node]):
    cursor: str
    node: Node


@strawberry.type(description="One page, in the order of the records' ids.")
class Connection(Generic[Node]):
    edges: list[Edge[Node]]
    page_info: PageInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What is asked: `limit` is one more than is shown, to learn whether there is a next page."""

    first: int
    after: UUID | None

    @property
    def limit(self) -> int:
        return self.first + 1

    def page(self, records: Sequence[Record], present: Callable[[Record], Node]) -> Connection[Node]:
        shown = records[: self.first]
        edges = [Edge(cursor=cursor_after(each.id), node=present(each)) for each in shown]
        info = PageInfo(has_next_page=len(records) > self.first, end_cursor=edges[-1].cursor if edges else None)
        return Connection(edges=edges, page_info=info)


def slice_of(first: int, after: str | None) -> Slice:
    """Raises Invalid for a page that is empty or too large, and for what is not a cursor of ours."""
    if not 1 <= first <= LARGEST:
        raise Invalid([violation("/first", "out-of-range", f"A page has 1 to {LARGEST} records.")])
    return Slice(first=first, after=None if after is None else read_cursor(after, "/after"))
