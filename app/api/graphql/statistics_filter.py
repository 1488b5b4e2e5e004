"""The filter of a statistics question as GraphQL input: a list for each dimension of the catalogue, ranges, and trees of them.

It is read as the same words are that come in JSON (`app/domain/statistics/reading.py`).
"""

from datetime import date
from typing import Any, Final, TypeVar

import strawberry

from app.api.graphql.enums import DeliveryMode, InstitutionKind, Result, YearResult
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.definitions import NUMBERS, Coding, DimensionDefinition
from app.domain.statistics.reading import MAX_DEPTH, Where, read_where

Input = TypeVar("Input")


@strawberry.input(description="From the one to the other, both included; without an end on a side that is left out.")
class CodeRange:
    from_: str | None = strawberry.field(name="from", default=None)
    to: str | None = strawberry.field(name="to", default=None)


@strawberry.input(description="From the one to the other, both included; without an end on a side that is left out.")
class NumberRange:
    from_: int | None = strawberry.field(name="from", default=None)
    to: int | None = strawberry.field(name="to", default=None)


_ENUMS: Final[dict[str | None, type]] = {
    "institution-kinds": InstitutionKind,
    "delivery-modes": DeliveryMode,
    "results": Result,
    "year-results": YearResult,
}


def with_dimensions(cls: type[Input]) -> type[Input]:
    """With a field for each list and each range of the catalogue, under the name that a question calls it by."""
    for definition in DIMENSIONS.values():
        yes_or_no = definition.coding is Coding.YES_OR_NO
        listed = bool if yes_or_no else list[_code(definition)]  # type: ignore[misc]  # a type that the catalogue says
        _add(cls, definition.filter_name, listed, f"{'' if yes_or_no else 'Any of these. '}{definition.definition_en}")
        if definition.range_name is not None:
            bounds = NumberRange if definition.coding in NUMBERS else CodeRange
            _add(cls, definition.range_name, bounds, definition.definition_en)
    return cls


def _code(definition: DimensionDefinition) -> Any:  # noqa: ANN401 - a type
    return int if definition.coding in NUMBERS else _ENUMS.get(definition.code_list, str)


def _add(cls: type, name: str, kind: Any, description: str) -> None:  # noqa: ANN401 - a type
    cls.__annotations__[name] = kind | None
    setattr(cls, name, strawberry.field(name=name, default=None, description=description))


@strawberry.input(
    description="It keeps what has all that it says: of each list any code, each range, and each of `and`. By what was delivered, one and"
    f" the same intervention has all of it. Trees are at most {MAX_DEPTH} filters deep."
)
@with_dimensions
class StatisticsFilter:
    and_: list["StatisticsFilter"] | None = strawberry.field(
        name="and", default=None, description="All of these, beside what else is said here."
    )
    or_: list["StatisticsFilter"] | None = strawberry.field(
        name="or", default=None, description="One of these at least."
    )
    not_: "StatisticsFilter | None" = strawberry.field(
        name="not",
        default=None,
        description="Everything else. By risk and by what was delivered: that which has another one, and not that which has none but"
        " this.",
    )
    participating_on: date | None = strawberry.field(
        name="participatingOn",
        default=None,
        description="The day that institutionsParticipating asks about, outside `and`, `or` and `not`. It concerns no other measure.",
    )


def where_of(given: StatisticsFilter | None) -> Where:
    return Where() if given is None else read_where(_words(given))


def _words(given: Any) -> dict[str, object]:  # noqa: ANN401 - a filter or a range
    """Every field of them has its name written out."""
    return {
        each.graphql_name: _word(getattr(given, each.python_name)) for each in given.__strawberry_definition__.fields
    }


def _word(value: object) -> object:
    if isinstance(value, list):
        return [_word(each) for each in value]
    return _words(value) if isinstance(value, StatisticsFilter | CodeRange | NumberRange) else value
