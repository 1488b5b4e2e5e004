"""Which groups an answer shows: those within the bounds, in order, one page of them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from app.domain.errors import Invalid, violation
from app.domain.reference import ReferenceData
from app.domain.statistics.answer import Group, number_of
from app.domain.statistics.ordering import Ordering, Place, Position
from app.domain.statistics.query import Bound, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`count`: groups on all pages."""

    groups: tuple[Group, ...]
    end_cursor: str | None
    has_next: bool
    count: int


def page_of(query: Query, groups: Iterable[Group], reference: ReferenceData) -> Page:
    """Raises Invalid where `after` is not a cursor of this question."""
    ordering = Ordering(query.by, query.order, reference)
    chosen = ordering.in_order(each for each in groups if all(_within(each, bound) for bound in query.having))
    left = chosen
    if query.after is not None:
        position = _read(query.after, query)
        left = [each for each in chosen if ordering.is_after(each, position)]
    shown = left if query.first is None else left[: query.first]
    return Page(
        groups=tuple(shown),
        end_cursor=_written(ordering.position(shown[-1]), query) if shown else None,
        has_next=len(shown) < len(left),
        count=len(chosen),
    )


def _within(group: Group, bound: Bound) -> bool:
    number = number_of(group.values[bound.measure])
    if number is None:
        return False
    return (bound.at_least is None or number >= bound.at_least) and (bound.at_most is None or number <= bound.at_most)


def _written(position: Position, query: Query) -> str:
    places = [[place.without, str(place.number), place.text] for place in position]
    text = json.dumps([_of(query), places], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, query: Query) -> Position:
    try:
        question, places = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        position = tuple(Place(bool(without), Decimal(number), str(text)) for without, number, text in places)
        known = question == _of(query) and len(position) == len(query.order) + len(query.by)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise _unknown() from error
    if not known or any(not place.number.is_finite() for place in position if isinstance(place.number, Decimal)):
        raise _unknown()
    return position


def _unknown() -> Invalid:
    return Invalid([violation("/after", "cursor", "This is not a cursor of this question.")])


def _of(query: Query) -> str:
    """What a cursor is bound to: all that decides which groups there are, and in which order."""
    asked = (
        query.by,
        query.where,
        query.having,
        query.order,
        query.with_empty,
        query.scheme,
        query.as_of,
        query.participating_on,
    )
    return sha256(repr(asked).encode()).hexdigest()[:16]
