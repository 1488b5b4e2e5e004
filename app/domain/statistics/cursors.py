"""The cursor of a page of groups: where the last one of it lies in the order, and the question that this is an order of."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from app.domain.errors import Invalid, violation
from app.domain.statistics.ordering import Place, Position
from app.domain.statistics.query import Query


def cursor_of(position: Position, query: Query) -> str:
    places = [[place.without, str(place.number), place.text] for place in position]
    text = json.dumps([_of(query), places], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position_after(query: Query) -> Position | None:
    """Where the groups asked for begin; None: with the first one. Raises Invalid where `after` is not a cursor of this question."""
    if query.after is None:
        return None
    try:
        question, places = json.loads(urlsafe_b64decode(query.after + "=" * (-len(query.after) % 4)))
        position = tuple(Place(bool(without), Decimal(number), str(text)) for without, number, text in places)
        known = question == _of(query) and len(position) == len(query.order) + len(query.by)
    # Whoever writes a cursor by hand may nest it as deep as an address is long.
    except (ValueError, TypeError, InvalidOperation, RecursionError) as error:
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
