"""What a statistics question says of its groups, as GraphQL input."""

from decimal import Decimal

import strawberry

from app.api.graphql.enums import Dimension, Direction, Measure
from app.domain.errors import Invalid, violation
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
    """Raises Invalid where one names neither or both."""
    read: list[Order] = []
    for index, each in enumerate(order_by):
        if (by := each.measure or each.dimension) is None or None not in (each.measure, each.dimension):
            message = "Name a measure or a dimension, one of the two."
            raise Invalid([violation(f"/orderBy/{index}", "measure-or-dimension", message)])
        read.append(Order(by=by, direction=each.direction))
    return tuple(read)
