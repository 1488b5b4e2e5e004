"""The one catalogue of statistics: from it come the GraphQL schema's words, what is valid, and what an answer says of itself."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from app.domain.statistics.definitions import Dimension, DimensionDefinition, Grain, Measure, MeasureDefinition
from app.domain.statistics.dimensions import DIMENSIONS
from app.domain.statistics.measures import MEASURES
from app.domain.statistics.rates import Rate

__all__ = ["DIMENSIONS", "MEASURES", "complete", "counted", "definitions", "grains"]


def definitions(
    measures: Collection[Measure], dimensions: Collection[Dimension]
) -> Iterator[MeasureDefinition | DimensionDefinition]:
    """Of what was asked, in the order of the catalogue: measures first."""
    yield from (each for code, each in MEASURES.items() if code in measures)
    yield from (each for code, each in DIMENSIONS.items() if code in dimensions)


def counted(measures: Collection[Measure]) -> frozenset[Measure]:
    """What is counted or added up for these measures: of a rate, its numerator and its denominator."""
    found: set[Measure] = set()
    for each in measures:
        share = MEASURES[each].share
        found |= {each} if share is None else {share.numerator, share.denominator}
    return frozenset(found)


def complete(
    measures: Collection[Measure], counts: Mapping[Measure, int | Decimal]
) -> dict[Measure, int | Decimal | Rate]:
    """The values of these measures, rates among them, from what was `counted` for them."""
    values: dict[Measure, int | Decimal | Rate] = {}
    for each in measures:
        share = MEASURES[each].share
        if share is None:
            values[each] = counts[each]
        else:
            values[each] = Rate(numerator=int(counts[share.numerator]), denominator=int(counts[share.denominator]))
    return values


def grains(measures: Collection[Measure]) -> frozenset[Grain]:
    return frozenset(MEASURES[each].grain for each in measures)
