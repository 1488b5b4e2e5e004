"""The answer of statistics in JSON: its fields are the catalogue's measures and dimensions, in lower case."""

from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Field, create_model

from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import HUNDREDTHS, Dimension, Measure, MeasureUnit


class CodeLabel(BaseModel):
    """A code, and what it is called in the language that was asked for."""

    code: str | int | bool
    name: str


class RateOut(BaseModel):
    """A share of what was counted, with four decimals; null where nothing was. `low` and `high`: Wilson's interval of 95 %; in answers
    from releases that of the noise.
    """

    value: Decimal | None
    numerator: int | None
    denominator: int | None
    low: Decimal | None
    high: Decimal | None


def _value(measure: Measure) -> Any:  # noqa: ANN401 - a type
    definition = MEASURES[measure]
    if definition.share is not None:
        return RateOut
    return Decimal if definition.unit in HUNDREDTHS else int


# As create_model takes its fields.
_KEY: Final[dict[str, Any]] = {
    each.lower(): (CodeLabel | None, Field(default=None, description=DIMENSIONS[each].definition_en))
    for each in Dimension
}
_VALUES: Final[dict[str, Any]] = {
    each.lower(): (_value(each) | None, Field(default=None, description=MEASURES[each].definition_en))
    for each in Measure
}
KeyOut = create_model(
    "StatisticsKeyOut",
    __doc__="What a group is about: the dimensions that were grouped by. Null where the group has none.",
    **_KEY,
)
ValuesOut = create_model(
    "StatisticsValuesOut",
    __doc__="The measures that were asked for, and no others. Hours and EUR are texts with two decimals.",
    **_VALUES,
)


class MarginOut(BaseModel):
    """How sure a figure of a release is: the true one lies within 1.96 standard errors in 95 of 100 cases. A small one is null."""

    standard_error: Decimal | None
    small: bool


_MARGINS: Final[dict[str, Any]] = {each.lower(): (MarginOut | None, None) for each in Measure}
MarginsOut = create_model(
    "StatisticsMarginsOut", __doc__="Of each measure that was asked for, in answers from releases.", **_MARGINS
)


class ReleaseUsed(BaseModel):
    """A release that the answer is from: see `/v1/releases`."""

    id: UUID
    number: int
    semester: str = Field(examples=["2020-1"])


class GroupOut(BaseModel):
    key: KeyOut
    values: ValuesOut
    margins: MarginsOut | None = Field(default=None, description="Null of exact figures.")
    previous: ValuesOut | None = Field(
        default=None, description="The same in the period before; null unless a comparison was asked for."
    )


class SubtotalsOut(BaseModel):
    by: list[Dimension]
    groups: list[GroupOut]


class PageOut(BaseModel):
    group_count: int = Field(description="On all pages.")
    has_next: bool
    end_cursor: str | None = Field(description="The `after` of the next page.")


class StatisticsOut(BaseModel):
    """The register counts its own students: none of its figures is the EU indicator of early leavers from education and training."""

    source: Literal["EXACT", "RELEASES"] = Field(
        description="Exact figures within your scope; or, for whoever is outside, sealed releases, with noise."
    )
    releases: list[ReleaseUsed] = Field(description="Those that it is from. None of exact figures.")
    by: list[Dimension]
    measures: list[Measure]
    groups: list[GroupOut]
    totals: ValuesOut | None = Field(
        description="Of all groups on all pages, each student and plan once. Null unless asked for."
    )
    totals_margins: MarginsOut | None = Field(description="Null of exact figures.")
    subtotals: list[SubtotalsOut]
    page: PageOut


class DefinitionOut(BaseModel):
    """How the catalogue defines a measure or a dimension."""

    code: str = Field(examples=["STUDENTS"])
    name_lv: str
    name_en: str
    definition_lv: str
    definition_en: str


class MeasureDefinitionOut(DefinitionOut):
    unit: MeasureUnit
    numerator: Measure | None = Field(description="Of a rate.")
    denominator: Measure | None = Field(description="Of a rate.")
    dimensions: list[Dimension] = Field(description="What it may be grouped and filtered by.")


class DimensionDefinitionOut(DefinitionOut):
    filter_name: str = Field(description="The parameter that lists its codes.")
    range_name: str | None = Field(description="The parameter that says a range of them.")
    code_list: str | None = Field(description="Where its codes are: `/v1/code-lists/{name}`.")


class DefinitionsOut(BaseModel):
    measures: list[MeasureDefinitionOut]
    dimensions: list[DimensionDefinitionOut]


class Words(BaseModel):
    lv: str
    en: str


class ExplanationOut(BaseModel):
    """What a question means, and how it is answered. It has no figures."""

    definitions: DefinitionsOut = Field(description="Of the measures that were asked for, and the dimensions asked by.")
    filter: Words = Field(description="In words.", examples=[{"lv": "reģions: Latgale", "en": "region: Latgale"}])
    borders: Words = Field(description="In whose borders places count.")
    source: Words = Field(description="What the figures are counted from, and in whose scope.")
    plan: list[str] = Field(
        description="Of each statement the plan that PostgreSQL makes of it for you, without estimates of how many rows there are."
    )
