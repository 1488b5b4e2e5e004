"""`Query.statistics`: the question is read from arguments and selection, the answer is named from reference data."""

from datetime import date
from typing import Annotated

import strawberry

from app.api.graphql.context import Info
from app.api.graphql.enums import Comparison, Dimension, RegionScheme, StatisticsSource
from app.api.graphql.selection import selected_of
from app.api.graphql.statistics_answer import presented
from app.api.graphql.statistics_filter import StatisticsFilter, where_of
from app.api.graphql.statistics_input import StatisticsBound, StatisticsOrder, order_violations, orders
from app.api.graphql.statistics_types import Statistics
from app.domain.actors import Level
from app.domain.permissions import Permission, demand
from app.domain.statistics.answer import Answer
from app.domain.statistics.query import Query
from app.domain.statistics.rules import MAX_DIMENSIONS, check_query

_BY = strawberry.argument(description=f"At most {MAX_DIMENSIONS}. By nothing, there is one group.")
_FIRST = strawberry.argument(description="Groups on a page. All of them, if it is left out.")
_AFTER = strawberry.argument(description="`pageInfo.endCursor` of the page before, of the same question.")
_WITH_EMPTY = strawberry.argument(
    description="Whether groups without anything are told as well: every combination of codes that the filter leaves."
)
_AS_OF = strawberry.argument(
    description="In whose borders places count, over the whole history: where institutions lie on that day, those that closed before with"
    " the successor. Left out, a plan and all that hangs on it belongs to where its institution lay on the plan's first day, and a"
    " participation to where it lay on the first day asked."
)


async def statistics(  # noqa: PLR0913, PLR0917 - the arguments of a field
    info: Info,
    by: Annotated[list[Dimension], _BY] = [],  # noqa: B006 - the schema's default; nobody changes it
    where: StatisticsFilter | None = None,
    having: list[StatisticsBound] = [],  # noqa: B006 - likewise
    order_by: list[StatisticsOrder] = [],  # noqa: B006 - likewise
    first: Annotated[int | None, _FIRST] = None,
    after: Annotated[str | None, _AFTER] = None,
    with_empty: Annotated[bool, _WITH_EMPTY] = False,  # noqa: FBT002 - GraphQL hands it over by name
    comparison: Comparison | None = None,
    region_scheme: RegionScheme = RegionScheme.PLANNING,
    as_of: Annotated[date | None, _AS_OF] = None,
) -> Statistics:
    demand(info.context.actor, Permission.READ_STATISTICS)
    selected, read = selected_of(info.selected_fields), where_of(where)
    query = Query(
        by=tuple(by),
        where=read.condition,
        having=tuple(each.bound() for each in having),
        order=orders(order_by),
        first=first,
        after=after,
        measures=selected.measures,
        totals=selected.totals,
        with_groups=selected.with_groups,
        subtotals=selected.subtotals,
        comparison=comparison,
        previous=selected.previous if comparison else frozenset(),
        with_empty=with_empty,
        scheme=region_scheme,
        as_of=as_of,
        participating_on=read.participating_on,
    )
    check_query(query, info.context.reference, [*read.faults, *order_violations(order_by)])
    asks = query.with_groups or query.totals or query.subtotals
    answer = await info.context.statistics.answer(query) if asks else Answer(by=query.by, groups=(), totals={})
    outside = info.context.actor.level is Level.OUTSIDE
    source = StatisticsSource.RELEASES if outside else StatisticsSource.EXACT
    return presented(query, answer, source, info.context.reference)


@strawberry.type
class StatisticsQuery:
    statistics: Statistics = strawberry.field(
        resolver=statistics,
        description="Exact figures within your scope, grouped and filtered. The state sees the country, a municipality or an"
        " institution its own. Roles outside the programme are answered from releases, over all semesters that were released: every figure"
        " has its standard error (`margins`), and small ones are null; what releases do not have is refused, and the refusal tells what they"
        " have. See `releases`.",
    )
