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
    RISK_RESULT = "RISK_RESULT"
    SCHOOL_YEAR_RESULT = "SCHOOL_YEAR_RESULT"
    MINORITY_PROGRAMME = "MINORITY_PROGRAMME"
    SPECIAL_NEED = "SPECIAL_NEED"
    RETURNED_EMIGRANT = "RETURNED_EMIGRANT"


class Measure(StrEnum):
    STUDENTS = "STUDENTS"
    PLANS = "PLANS"
    PLANS_CONTINUED = "PLANS_CONTINUED"
    INTERVENTIONS = "INTERVENTIONS"
    NOT_ATTENDED = "NOT_ATTENDED"
    DELIVERED_HOURS = "DELIVERED_HOURS"
    CONSULTATIONS = "CONSULTATIONS"
    EUR = "EUR"
    PLANNED_HOURS = "PLANNED_HOURS"
    PLANNED_EUR = "PLANNED_EUR"
    INTERVENTIONS_SCHEDULED = "INTERVENTIONS_SCHEDULED"
    STAFF_INVOLVED = "STAFF_INVOLVED"
    INSTITUTIONS_PARTICIPATING = "INSTITUTIONS_PARTICIPATING"
    RISKS_ANSWERED = "RISKS_ANSWERED"
    RISKS_WITH_RESULT = "RISKS_WITH_RESULT"
    RISKS_RESOLVED = "RISKS_RESOLVED"
    RISKS_REDUCED = "RISKS_REDUCED"
    RISKS_IMPROVED = "RISKS_IMPROVED"
    STUDENTS_WITH_YEAR_RESULT = "STUDENTS_WITH_YEAR_RESULT"
    STUDENTS_PROMOTED = "STUDENTS_PROMOTED"
    STUDENTS_LEFT_EARLY = "STUDENTS_LEFT_EARLY"
    ATTENDANCE_RATE = "ATTENDANCE_RATE"
    CONTINUATION_RATE = "CONTINUATION_RATE"
    RESOLVED_RATE = "RESOLVED_RATE"
    IMPROVED_RATE = "IMPROVED_RATE"
    PROMOTED_RATE = "PROMOTED_RATE"
    LEFT_EARLY_RATE = "LEFT_EARLY_RATE"


class MeasureUnit(StrEnum):
    """TEACHING_HOUR is 40 minutes; EUR has two decimals; SHARE lies from 0 to 1; the others are counts."""

    STUDENT = "STUDENT"
    PLAN = "PLAN"
    RISK = "RISK"
    INTERVENTION = "INTERVENTION"
    TEACHING_HOUR = "TEACHING_HOUR"
    EUR = "EUR"
    STAFF_MEMBER = "STAFF_MEMBER"
    INSTITUTION = "INSTITUTION"
    SHARE = "SHARE"


class Grain(StrEnum):
    """What one row is that a measure counts or adds up."""

    PLAN = "PLAN"
    PLAN_RISK = "PLAN_RISK"
    INTERVENTION = "INTERVENTION"
    PLANNED = "PLANNED"
    STAFF = "STAFF"
    PARTICIPATION = "PARTICIPATION"


class Coding(StrEnum):
    """What the codes of a dimension are: of a code list, places, institutions by id, times, numbers (grades), or yes and no."""

    CODE_LIST = "CODE_LIST"
    REGION = "REGION"
    MUNICIPALITY = "MUNICIPALITY"
    INSTITUTION = "INSTITUTION"
    SEMESTER = "SEMESTER"
    SCHOOL_YEAR = "SCHOOL_YEAR"
    NUMBER = "NUMBER"
    YES_OR_NO = "YES_OR_NO"


HUNDREDTHS = frozenset({MeasureUnit.TEACHING_HOUR, MeasureUnit.EUR})
"""Units that have two decimals. Everything else but a share is whole."""
NUMBERS = frozenset({Coding.INSTITUTION, Coding.NUMBER})
"""Of what the codes are numbers. All others are texts, but for yes and no."""
TIME = frozenset({Dimension.SEMESTER, Dimension.SCHOOL_YEAR})
PLACES = frozenset({Dimension.REGION, Dimension.MUNICIPALITY})
PLACE_AND_TIME = TIME | PLACES | {Dimension.INSTITUTION, Dimension.INSTITUTION_KIND}
RISK = frozenset({Dimension.RISK_GROUP, Dimension.RISK, Dimension.RISK_RESULT})
DELIVERY = frozenset({Dimension.SUPPORT_MEASURE, Dimension.SUBJECT, Dimension.SPECIALIST, Dimension.DELIVERY_MODE})
_ALL = frozenset(Dimension)

VALID_DIMENSIONS: dict[Grain, frozenset[Dimension]] = {
    Grain.PLAN: _ALL,
    Grain.PLAN_RISK: _ALL - DELIVERY,
    Grain.INTERVENTION: _ALL,
    Grain.PLANNED: _ALL - {Dimension.DELIVERY_MODE},
    Grain.STAFF: PLACE_AND_TIME,
    Grain.PARTICIPATION: PLACE_AND_TIME,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionDefinition:
    """`filter_name` is what a query calls the list of its codes (of yes and no: the answer wanted), `range_name` what it calls a range of
    them, where they have an order; `code_list` the code list they come from, if they do.
    """

    code: Dimension
    name_lv: str
    name_en: str
    definition_lv: str
    definition_en: str
    coding: Coding
    filter_name: str
    range_name: str | None = None
    code_list: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The measures that a rate is made of. What the numerator counts is part of what the denominator counts."""

    numerator: Measure
    denominator: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDefinition:
    code: Measure
    name_lv: str
    name_en: str
    definition_lv: str
    definition_en: str
    unit: MeasureUnit
    grain: Grain
    share: Share | None = None

    @property
    def dimensions(self) -> frozenset[Dimension]:
        """What it may be grouped and filtered by."""
        return VALID_DIMENSIONS[self.grain]
