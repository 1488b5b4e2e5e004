"""Pages of a list: an opaque cursor to where the next one begins. No totals: how many records there are is itself a statistic."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from app.domain.errors import Invalid, Violation

LARGEST = 200


class HasId(Protocol):
    @property
    def id(self) -> UUID | int: ...


Record = TypeVar("Record", bound=HasId)
Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    items: list[Item]
    next: str | None = Field(default=None, description="Send it as `cursor` for the next page; null on the last.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePage:
    limit: int

    @property
    def fetch(self) -> int:
        """How many to ask the database for: one more than are shown tells whether there is a next page."""
        return self.limit + 1

    def page(self, records: Sequence[Record], present: Callable[[Record], Item]) -> Page[Item]:
        more = len(records) > self.limit
        shown = records[: self.limit]
        return Page(items=[present(each) for each in shown], next=cursor_after(shown[-1].id) if more else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging(OnePage):
    after: UUID | None


def cursor_after(record_id: UUID | int) -> str:
    """One like the other, whether records are numbered or not."""
    found = UUID(int=record_id) if isinstance(record_id, int) else record_id
    return urlsafe_b64encode(found.bytes).decode().rstrip("=")


def read_cursor(cursor: str, pointer: str = "/query/cursor") -> UUID:
    """Raises Invalid for what is not a cursor of ours."""
    try:
        return UUID(bytes=urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise Invalid(
            [Violation(pointer=pointer, code="cursor", message="This is not a cursor of this list.")]
        ) from error


async def _paging(
    limit: Annotated[int, Query(ge=1, le=LARGEST, description="At most so many items.")] = 50,
    cursor: Annotated[str | None, Query(max_length=64, description="`next` of the page before.")] = None,
) -> Paging:
    return Paging(after=None if cursor is None else read_cursor(cursor), limit=limit)


Pages = Annotated[Paging, Depends(_paging)]
