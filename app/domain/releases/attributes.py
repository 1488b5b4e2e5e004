"""What cells of a release are about: levels, figures, and the attributes by which they are broken down."""

from enum import StrEnum

Code = str | int | bool | None
"""Text of a code list, a grade, yes or no; None is without: no special need, no result yet."""
Key = tuple[tuple["Attribute", Code], ...]
"""One code of each attribute of a table, in the order of Attribute. () is the total of a place."""


class Level(StrEnum):
    """From above: each region is a part of the state, each municipality of one region. No figure of an institution is ever released."""

    STATE = "STATE"
    REGION = "REGION"
    MUNICIPALITY = "MUNICIPALITY"


class Figure(StrEnum):
    """STUDENTS are contributions, one of each student; HOURS are teaching hours of 40 minutes; the sums are of what was attended."""

    STUDENTS = "STUDENTS"
    HOURS = "HOURS"
    CONSULTATIONS = "CONSULTATIONS"
    EUR = "EUR"


class Attribute(StrEnum):
    """The order is that of keys."""

    RISK = "RISK"
    RISK_GROUP = "RISK_GROUP"
    SUPPORT_MEASURE = "SUPPORT_MEASURE"
    RISK_RESULT = "RISK_RESULT"
    INSTITUTION_KIND = "INSTITUTION_KIND"
    GRADE = "GRADE"
    CONTINUED = "CONTINUED"
    SCHOOL_YEAR_RESULT = "SCHOOL_YEAR_RESULT"
    MINORITY_PROGRAMME = "MINORITY_PROGRAMME"
    SPECIAL_NEED = "SPECIAL_NEED"
    RETURNED_EMIGRANT = "RETURNED_EMIGRANT"


PROFILE = (Attribute.INSTITUTION_KIND, Attribute.GRADE, Attribute.CONTINUED, Attribute.SCHOOL_YEAR_RESULT)
MARKS = (Attribute.MINORITY_PROGRAMME, Attribute.SPECIAL_NEED, Attribute.RETURNED_EMIGRANT)
OF_EACH_STUDENT = (*PROFILE, *MARKS)
"""Each student has exactly one code of each."""

MEMBERSHIPS = frozenset({Attribute.RISK_GROUP, Attribute.SUPPORT_MEASURE})
"""A student is with some of the codes and without the others. Numbers of students do not add up over them; sums do."""
