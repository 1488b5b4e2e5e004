"""What a statistics question says of its groups, as GraphQL input."""

from collections.abc import Iterator
from decimal import Decimal

import strawberry

from app.api.graphql.enums import Dimension, Direction, Measure
from app.domain.errors import Violation, violation
from app.domain.statistics.query import Bound, Order


@strawberry.input(
    description="Keeps the groups whose measure lies within, both ends included. One end at least is given."
)
class StatisticsBound:
    measure: Measure
    at_least: Decimal | None = strawberry.field(default=None, description="Of a rate its value, from 0 to 1.")
    at_most: Decimal | None = None

    def bound(self) -> Bound:
        return Bound(measure=self.measure, at_least=self.at_least, at_most=self.at_most)


@strawberry.input(description="Orders by a measure, or by a dimension that is grouped by: one of the two.")
class StatisticsOrder:
    measure: Measure | None = strawberry.field(default=None, description="It need not be selected.")
    dimension: Dimension | None = strawberry.field(
        default=None,
        description="Names in Latvian alphabetical order, codes in the order of their list, times from old to new.",
    )
    direction: Direction = Direction.ASCENDING


def orders(order_by: list[StatisticsOrder]) -> tuple[Order, ...]:
    """None of them, where one is wrong: the others would not stand in their places."""
    if any(order_violations(order_by)):
        return ()
    read = [(each.measure or each.dimension, each.direction) for each in order_by]
    return tuple(Order(by=by, direction=direction) for by, direction in read if by is not None)


def order_violations(order_by: list[StatisticsOrder]) -> Iterator[Violation]:
    for index, each in enumerate(order_by):
        if (each.measure is None) == (each.dimension is None):
            message = "Name a measure or a dimension, one of the two."
            yield violation(f"/orderBy/{index}", "measure-or-dimension", message)
