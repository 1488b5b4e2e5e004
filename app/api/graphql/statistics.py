"""`Query.statistics`: the question is read from arguments and selection, the answer is named from reference data."""

import strawberry

from app.api.graphql.context import Info
from app.api.graphql.enums import Dimension, RegionScheme
from app.api.graphql.selection import measures_below, selects
from app.api.graphql.statistics_filter import StatisticsFilter
from app.api.graphql.statistics_keys import KeyNames
from app.api.graphql.statistics_types import Statistics, StatisticsDefinition, StatisticsGroup, StatisticsTotals
from app.domain.permissions import Permission, demand
from app.domain.reference import ReferenceData
from app.domain.statistics.answer import Answer
from app.domain.statistics.catalogue import definitions
from app.domain.statistics.definitions import DimensionDefinition, MeasureDefinition
from app.domain.statistics.query import Query
from app.domain.statistics.rules import check_query


async def statistics(
    info: Info,
    by: list[Dimension] = [],  # noqa: B006 - the schema's default; nobody changes it
    where: StatisticsFilter | None = None,
    region_scheme: RegionScheme = RegionScheme.PLANNING,
) -> Statistics:
    demand(info.context.actor, Permission.READ_STATISTICS)
    query = Query(
        by=tuple(by),
        where=None if where is None else where.where(),
        participating_on=None if where is None else where.participating_on,
        measures=measures_below(info.selected_fields, "groups"),
        totals=measures_below(info.selected_fields, "totals"),
        with_groups=selects(info.selected_fields, "groups"),
        scheme=region_scheme,
    )
    check_query(query, info.context.reference)
    asked = query.with_groups or query.totals
    answer = await info.context.statistics.answer(query) if asked else Answer(by=query.by, groups=(), totals={})
    return _present(query, answer, info.context.reference)


@strawberry.type
class StatisticsQuery:
    statistics: Statistics = strawberry.field(
        resolver=statistics,
        description="Exact figures within your scope, grouped and filtered. The state sees the country, a municipality or an"
        " institution its own. Roles outside the programme are refused.",
    )


def _present(query: Query, answer: Answer, reference: ReferenceData) -> Statistics:
    names = KeyNames(query, reference)
    return Statistics(
        groups=[StatisticsGroup(key=names.of(group.key), values=group.values) for group in answer.groups],
        totals=StatisticsTotals(values=answer.totals),
        definitions=[_definition(each) for each in definitions(query.asked, query.by)],
    )


def _definition(definition: MeasureDefinition | DimensionDefinition) -> StatisticsDefinition:
    return StatisticsDefinition(
        code=definition.code,
        name_lv=definition.name_lv,
        name_en=definition.name_en,
        definition_lv=definition.definition_lv,
        definition_en=definition.definition_en,
        unit=definition.unit if isinstance(definition, MeasureDefinition) else None,
    )
