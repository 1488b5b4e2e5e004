"""What is told of a value that has no fields, a scalar's or an enumeration's: as the library tells it, and usual values in a short way."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
)
from graphql.pyutils import Undefined

Tell = Callable[[Any], Any]


class NotPlain(Exception):
    """Something is not as its type says it is. The library's own way has the words for that."""


_USUAL: Final[dict[str, type]] = {
    GraphQLBoolean.name: bool,
    GraphQLID.name: str,
    GraphQLString.name: str,
    "Date": date,
    "DateTime": datetime,
    "Decimal": Decimal,
    "UUID": UUID,
}
"""Of what class the values of a scalar are."""
_AS_THEY_ARE: Final = frozenset({GraphQLBoolean, GraphQLID, GraphQLString})


def teller(type_: GraphQLLeafType) -> Tell:
    """Raises NotPlain, also for None, and whatever the type raises."""
    if isinstance(type_, GraphQLEnumType):
        return _names(type_)
    unusual = _unusual(type_)
    if type_ is GraphQLInt:
        return lambda value: value if value.__class__ is int and _fits(value) else unusual(value)
    usual = _USUAL.get(type_.name)
    if type_ in _AS_THEY_ARE:
        return lambda value: value if value.__class__ is usual else unusual(value)
    coerce = type_.coerce_output_value
    return lambda value: coerce(value) if value.__class__ is usual else unusual(value)


def _fits(value: int) -> bool:
    return GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT


def _unusual(type_: GraphQLLeafType) -> Tell:
    coerce = type_.coerce_output_value

    def tell(value: Any) -> Any:  # noqa: ANN401 - whatever a resolver returns
        if value is None or value is Undefined or isinstance(value, Exception | Awaitable):
            raise NotPlain
        told = coerce(value)
        if told is None or told is Undefined:
            raise NotPlain
        return told

    return tell


def _names(type_: GraphQLEnumType) -> Tell:
    """Each member's name is looked for once."""
    unusual, known = _unusual(type_), dict[Enum, str]()

    def tell(value: Any) -> Any:  # noqa: ANN401 - whatever a resolver returns
        if not isinstance(value, Enum):
            return unusual(value)
        name = known.get(value)
        if name is None:
            name = known[value] = unusual(value)
        return name

    return tell
