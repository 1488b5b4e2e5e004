"""What a definition in the catalogue is made of. The catalogue is data: a new measure is an entry, not a branch."""

from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    REGION = "REGION"
    MUNICIPALITY = "MUNICIPALITY"
    INSTITUTION = "INSTITUTION"
    SEMESTER = "SEMESTER"
    SCHOOL_YEAR = "SCHOOL_YEAR"
    INSTITUTION_KIND = "INSTITUTION_KIND"
    GRADE = "GRADE"
    RISK_GROUP = "RISK_GROUP"
    RISK = "RISK"
    SUPPORT_MEASURE = "SUPPORT_MEASURE"
    SUBJECT = "SUBJECT"
    SPECIALIST = "SPECIALIST"
    DELIVERY_MODE = "DELIVERY_MODE"


class Measure(StrEnum):
    STUDENTS = "STUDENTS"
    PLANS = "PLANS"
    PLANS_CONTINUED = "PLANS_CONTINUED"
    INTERVENTIONS = "INTERVENTIONS"
    NOT_ATTENDED = "NOT_ATTENDED"
    DELIVERED_HOURS = "DELIVERED_HOURS"
    CONSULTATIONS = "CONSULTATIONS"
    EUR = "EUR"
    INSTITUTIONS_PARTICIPATING = "INSTITUTIONS_PARTICIPATING"


class MeasureUnit(StrEnum):
    """TEACHING_HOUR is 40 minutes; EUR has two decimals; the others are counts."""

    STUDENT = "STUDENT"
    PLAN = "PLAN"
    INTERVENTION = "INTERVENTION"
    TEACHING_HOUR = "TEACHING_HOUR"
    EUR = "EUR"
    INSTITUTION = "INSTITUTION"


class Grain(StrEnum):
    """What one row is that a measure counts or adds up."""

    PLAN = "PLAN"
    INTERVENTION = "INTERVENTION"
    PARTICIPATION = "PARTICIPATION"


PLACE_AND_TIME = frozenset(
    {
        Dimension.REGION,
        Dimension.MUNICIPALITY,
        Dimension.INSTITUTION,
        Dimension.SEMESTER,
        Dimension.SCHOOL_YEAR,
        Dimension.INSTITUTION_KIND,
    }
)
RISK = frozenset({Dimension.RISK_GROUP, Dimension.RISK})
DELIVERY = frozenset({Dimension.SUPPORT_MEASURE, Dimension.SUBJECT, Dimension.SPECIALIST, Dimension.DELIVERY_MODE})

VALID_DIMENSIONS: dict[Grain, frozenset[Dimension]] = {
    Grain.PLAN: frozenset(Dimension),
    Grain.INTERVENTION: frozenset(Dimension),
    Grain.PARTICIPATION: PLACE_AND_TIME,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionDefinition:
    """`filter_name` is what a query calls the list of its codes; `code_list` the code list they come from, if they do."""

    code: Dimension
    name_lv: str
    name_en: str
    definition_lv: str
    definition_en: str
    filter_name: str
    code_list: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDefinition:
    code: Measure
    name_lv: str
    name_en: str
    definition_lv: str
    definition_en: str
    unit: MeasureUnit
    grain: Grain

    @property
    def dimensions(self) -> frozenset[Dimension]:
        """What it may be grouped and filtered by."""
        return VALID_DIMENSIONS[self.grain]
