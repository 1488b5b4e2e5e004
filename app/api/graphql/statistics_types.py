"""The types of a statistics answer. Measures and dimensions are those of the catalogue, and so is every description."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeVar

import strawberry

from app.api.graphql.casework.connections import PageInfo
from app.api.graphql.enums import Dimension, Measure, MeasureUnit, StatisticsSource
from app.api.graphql.labels import InstitutionLabel, Label, Semester
from app.api.graphql.releases import Release
from app.domain.statistics import rates
from app.domain.statistics.answer import Values, number_of
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Coding
from app.domain.statistics.estimates import Estimate, RateEstimate

Type = TypeVar("Type")


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _low(root: "Rate") -> float | None:
    return _float(root.rate.low)


def _high(root: "Rate") -> float | None:
    return _float(root.rate.high)


@strawberry.type(
    description="A share from 0 to 1 of what was counted, rounded to four decimals, with the interval of 95 % by Wilson's method; value"
    " and interval are null where nothing was counted."
)
class Rate:
    """Its interval is computed where it is selected."""

    rate: strawberry.Private[rates.Rate | RateEstimate]
    value: float | None
    numerator: int | None
    denominator: int | None
    low: float | None = strawberry.field(resolver=_low, description="The lower end of the interval.")
    high: float | None = strawberry.field(resolver=_high, description="The upper end of the interval.")

    @classmethod
    def of(cls, rate: rates.Rate | RateEstimate) -> "Rate":
        parts = (number_of(each) for each in (rate.numerator, rate.denominator))
        numerator, denominator = (None if each is None else int(each) for each in parts)
        return cls(rate=rate, value=_float(rate.value), numerator=numerator, denominator=denominator)


_OF_UNITS: Final[dict[MeasureUnit, Any]] = {
    MeasureUnit.TEACHING_HOUR: Decimal,
    MeasureUnit.EUR: Decimal,
    MeasureUnit.SHARE: Rate,
}
"""Everything else is a count."""
_OF_CODINGS: Final[dict[Coding, Any]] = {
    Coding.INSTITUTION: InstitutionLabel,
    Coding.SEMESTER: Semester,
    Coding.SCHOOL_YEAR: str,
    Coding.NUMBER: int,
    Coding.YES_OR_NO: bool,
}
"""Everything else has a code and names."""


def with_measures(cls: type[Type]) -> type[Type]:
    """With a field for each measure of the catalogue. Reading one that was not computed is an error, never a zero."""
    for measure, definition in MEASURES.items():
        field = strawberry.field(resolver=_value_of(measure), description=definition.definition_en)
        cls.__annotations__[measure.lower()] = _OF_UNITS.get(definition.unit, int) | None
        setattr(cls, measure.lower(), field)
    return cls


def _value_of(measure: Measure) -> Callable[["MeasureValues"], Any]:
    def value(root: "MeasureValues") -> Any:  # noqa: ANN401 - as the field's annotation says
        found = root.values[measure]
        return Rate.of(found) if isinstance(found, rates.Rate | RateEstimate) else number_of(found)

    return value


def with_dimensions(cls: type[Type]) -> type[Type]:
    """With a field for each dimension of the catalogue."""
    for dimension, definition in DIMENSIONS.items():
        cls.__annotations__[dimension.lower()] = _OF_CODINGS.get(definition.coding, Label) | None
        setattr(cls, dimension.lower(), strawberry.field(default=None, description=definition.definition_en))
    return cls


@strawberry.type(description="How sure a figure of a release is.")
class Margin:
    measure: Measure
    standard_error: Decimal | None = strawberry.field(
        description="In the unit of the figure; of a rate, null where it is small. In 95 of 100 cases the true figure lies within 1.96"
        " of them."
    )
    small: bool = strawberry.field(
        description="Below 10, or a sum over fewer than 10 students; of a rate, also where noise leaves nothing of it: the figure itself is null."
    )


def _margins(root: "MeasureValues") -> list[Margin]:
    return [
        Margin(measure=each, standard_error=value.standard_error, small=value.small)
        for each in MEASURES
        if isinstance(value := root.values.get(each), Estimate | RateEstimate)
    ]


@strawberry.interface(
    description="The measures. Only those that a document selects are computed. Null only where releases have a small figure."
)
@with_measures
class MeasureValues:
    values: strawberry.Private[Values]
    margins: list[Margin] = strawberry.field(
        resolver=_margins,
        description="Of each figure that was computed, in an answer from releases. None of exact figures.",
    )


@strawberry.type(
    description="What the group is about. A field is null unless it is grouped by, or where the group has none."
)
@with_dimensions
class StatisticsKey:
    pass


@strawberry.type(description="The figures of a group in the period before.")
class StatisticsPrevious(MeasureValues):
    pass


@strawberry.type(description="The figures of one group.")
class StatisticsGroup(MeasureValues):
    key: StatisticsKey
    previous: StatisticsPrevious | None = strawberry.field(
        default=None,
        description="The same group one semester or one year earlier. Null unless a comparison is asked for.",
    )


@strawberry.type(description="The figures of one group by a part of what the others are grouped by.")
class StatisticsSubtotal(MeasureValues):
    key: StatisticsKey


@strawberry.type(
    description="The figures of everything that the filter covers, on whichever page. Students and plans in several groups are in it once,"
    " so it may be less than the sum of the groups."
)
class StatisticsTotals(MeasureValues):
    pass


@strawberry.type(description="How the catalogue defines a measure or a dimension.")
class StatisticsDefinition:
    code: str
    name_lv: str
    name_en: str
    definition_lv: str
    definition_en: str
    unit: MeasureUnit | None = strawberry.field(description="Null for a dimension.")
    numerator: Measure | None = strawberry.field(description="Of a rate.")
    denominator: Measure | None = strawberry.field(description="Of a rate.")
    dimensions: list[Dimension] = strawberry.field(
        description="By which a measure may be grouped and filtered; none for a dimension."
    )


Subtotals = Mapping[tuple[Dimension, ...], list[StatisticsSubtotal]]


def _subtotals(root: "Statistics", by: list[Dimension]) -> list[StatisticsSubtotal]:
    return root.subtotals_by[tuple(by)]


@strawberry.type(
    description="An answer of the statistics. The register counts its own students: none of its figures is the EU indicator of early"
    " leavers from education and training, which is a survey rate."
)
class Statistics:
    source: StatisticsSource
    releases: list[Release] = strawberry.field(description="From which it was answered. None of exact figures.")
    groups: list[StatisticsGroup] = strawberry.field(
        description="Those of this page, as ordered and then in the order of their keys. There are at most 10,000 on all pages."
    )
    page_info: PageInfo
    group_count: int = strawberry.field(description="On all pages.")
    totals: StatisticsTotals
    definitions: list[StatisticsDefinition] = strawberry.field(
        description="Of the measures that were selected and the dimensions that were asked by."
    )
    subtotals_by: strawberry.Private[Subtotals]

    subtotals: list[StatisticsSubtotal] = strawberry.field(
        resolver=_subtotals,
        description="Groups by a part of `by`, of everything that the filter covers: neither `having` nor pages concern them.",
    )
