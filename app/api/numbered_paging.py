"""Pages of lists whose records have numbers for ids: institutions and partners. The cursor is as opaque as that of other lists."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from app.api.ids import LARGEST_NUMBER
from app.api.paging import OnePage, Pages
from app.domain.errors import Invalid, violation


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedPaging(OnePage):
    after: int | None


async def _numbered(pages: Pages) -> NumberedPaging:
    after = None if pages.after is None else pages.after.int
    if after is not None and after > LARGEST_NUMBER:
        raise Invalid([violation("/query/cursor", "cursor", "This is not a cursor of this list.")])
    return NumberedPaging(after=after, limit=pages.limit)


NumberedPages = Annotated[NumberedPaging, Depends(_numbered)]
