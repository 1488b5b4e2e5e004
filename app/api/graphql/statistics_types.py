"""The types of a statistics answer. Every description is the catalogue's definition."""

from decimal import Decimal
from typing import Any

import strawberry

from app.api.graphql.enums import DeliveryMode, InstitutionKind, MeasureUnit
from app.api.graphql.labels import InstitutionLabel, Label, Semester
from app.domain.statistics.answer import Values
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Dimension, Measure


def measured(measure: Measure) -> Any:  # noqa: ANN401 - a field of the type that its annotation says
    """A field for the measure. Reading one that was not computed is an error, never a zero."""

    def value(root: "MeasureValues") -> Any:  # noqa: ANN401 - int or Decimal, as the field's annotation says
        return root.values[measure]

    return strawberry.field(resolver=value, description=MEASURES[measure].definition_en)


def keyed(dimension: Dimension) -> Any:  # noqa: ANN401 - a field of the type that its annotation says
    return strawberry.field(default=None, description=DIMENSIONS[dimension].definition_en)


@strawberry.interface(description="The measures. Only those that a document selects are computed.")
class MeasureValues:
    values: strawberry.Private[Values]
    students: int = measured(Measure.STUDENTS)
    plans: int = measured(Measure.PLANS)
    plans_continued: int = measured(Measure.PLANS_CONTINUED)
    interventions: int = measured(Measure.INTERVENTIONS)
    not_attended: int = measured(Measure.NOT_ATTENDED)
    delivered_hours: Decimal = measured(Measure.DELIVERED_HOURS)
    consultations: int = measured(Measure.CONSULTATIONS)
    eur: Decimal = measured(Measure.EUR)
    institutions_participating: int = measured(Measure.INSTITUTIONS_PARTICIPATING)


@strawberry.type(
    description="What the group is about. A field is null unless it is grouped by, or where the group has none."
)
class StatisticsKey:
    region: Label | None = keyed(Dimension.REGION)
    municipality: Label | None = keyed(Dimension.MUNICIPALITY)
    institution: InstitutionLabel | None = keyed(Dimension.INSTITUTION)
    semester: Semester | None = keyed(Dimension.SEMESTER)
    school_year: str | None = keyed(Dimension.SCHOOL_YEAR)
    institution_kind: InstitutionKind | None = keyed(Dimension.INSTITUTION_KIND)
    grade: int | None = keyed(Dimension.GRADE)
    risk_group: Label | None = keyed(Dimension.RISK_GROUP)
    risk: Label | None = keyed(Dimension.RISK)
    support_measure: Label | None = keyed(Dimension.SUPPORT_MEASURE)
    subject: Label | None = keyed(Dimension.SUBJECT)
    specialist: Label | None = keyed(Dimension.SPECIALIST)
    delivery_mode: DeliveryMode | None = keyed(Dimension.DELIVERY_MODE)


@strawberry.type(description="The figures of one group.")
class StatisticsGroup(MeasureValues):
    key: StatisticsKey


@strawberry.type(
    description="The figures of everything that the groups cover. Students and plans in several groups are in it once, so it may be"
    " less than the sum of the groups."
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


@strawberry.type(
    description="An answer of the statistics. The register counts its own students: none of its figures is the EU indicator of early"
    " leavers from education and training, which is a survey rate."
)
class Statistics:
    groups: list[StatisticsGroup] = strawberry.field(description="In the order of their keys. At most 10,000.")
    totals: StatisticsTotals
    definitions: list[StatisticsDefinition] = strawberry.field(
        description="Of the measures that were selected and the dimensions that were asked by."
    )
