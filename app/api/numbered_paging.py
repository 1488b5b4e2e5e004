"""Pages of lists whose records have numbers for ids: institutions and partners. The cursor is as opaque as that of other lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends

from app.api.ids import LARGEST_NUMBER
from app.api.paging import Page, Pages, cursor_after
from app.domain.errors import Invalid, violation


class HasNumber(Protocol):
    @property
    def id(self) -> int: ...


Record = TypeVar("Record", bound=HasNumber)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedPaging:
    after: int | None
    limit: int

    @property
    def fetch(self) -> int:
        """How many to ask the database for: one more than are shown tells whether there is a next page."""
        return self.limit + 1

    def page(self, records: Sequence[Record], present: Callable[[Record], Item]) -> Page[Item]:
        more = len(records) > self.limit
        shown = records[: self.limit]
        return Page(
            items=[present(each) for each in shown], next=cursor_after(UUID(int=shown[-1].id)) if more else None
        )


async def _numbered(pages: Pages) -> NumberedPaging:
    after = None if pages.after is None else pages.after.int
    if after is not None and after > LARGEST_NUMBER:
        raise Invalid([violation("/query/cursor", "cursor", "This is not a cursor of this list.")])
    return NumberedPaging(after=after, limit=pages.limit)


NumberedPages = Annotated[NumberedPaging, Depends(_numbered)]
