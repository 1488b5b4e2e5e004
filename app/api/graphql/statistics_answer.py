"""An answer of the statistics in the types of GraphQL."""

from app.api.graphql.casework.connections import PageInfo
from app.api.graphql.enums import StatisticsSource
from app.api.graphql.releases import Release
from app.api.graphql.statistics_keys import KeyNames
from app.api.graphql.statistics_types import (
    Statistics,
    StatisticsDefinition,
    StatisticsGroup,
    StatisticsPrevious,
    StatisticsSubtotal,
    StatisticsTotals,
)
from app.domain.reference import ReferenceData
from app.domain.statistics.answer import Answer, Group
from app.domain.statistics.catalogue import definitions
from app.domain.statistics.definitions import Dimension, DimensionDefinition, MeasureDefinition
from app.domain.statistics.query import Query


def presented(query: Query, answer: Answer, source: StatisticsSource, reference: ReferenceData) -> Statistics:
    names = KeyNames(query.by, query.scheme, reference)
    return Statistics(
        source=source,
        releases=[Release.of(each) for each in answer.releases],
        groups=[_group(group, names) for group in answer.groups],
        page_info=PageInfo(has_next_page=answer.has_next, end_cursor=answer.end_cursor),
        group_count=answer.group_count,
        totals=StatisticsTotals(values=answer.totals),
        definitions=[_definition(each) for each in definitions(query.asked, query.by)],
        subtotals_by={
            by: [
                StatisticsSubtotal(key=part.of(group.key), values=group.values)
                for part in [KeyNames(by, query.scheme, reference)]
                for group in groups
            ]
            for by, groups in answer.subtotals.items()
        },
    )


def _group(group: Group, names: KeyNames) -> StatisticsGroup:
    previous = None if group.previous is None else StatisticsPrevious(values=group.previous)
    return StatisticsGroup(key=names.of(group.key), values=group.values, previous=previous)


def _definition(definition: MeasureDefinition | DimensionDefinition) -> StatisticsDefinition:
    measure = definition if isinstance(definition, MeasureDefinition) else None
    share = None if measure is None else measure.share
    return StatisticsDefinition(
        code=definition.code,
        name_lv=definition.name_lv,
        name_en=definition.name_en,
        definition_lv=definition.definition_lv,
        definition_en=definition.definition_en,
        unit=None if measure is None else measure.unit,
        numerator=None if share is None else share.numerator,
        denominator=None if share is None else share.denominator,
        dimensions=[] if measure is None else [each for each in Dimension if each in measure.dimensions],
    )
