"""Types that statistics and records share: codes with their names, institutions and semesters."""

from datetime import date

import strawberry

from app.api.graphql.enums import InstitutionKind
from app.domain import calendar


@strawberry.type(description="A code with its names in Latvian and English.")
class Label:
    code: str
    name_lv: str
    name_en: str


@strawberry.type(description="An institution by its name of today.")
class InstitutionLabel:
    id: int
    name: str
    kind: InstitutionKind


@strawberry.type(
    description="Semester I runs from 1 September to 31 December, semester II from 1 January to 31 August."
)
class Semester:
    code: str = strawberry.field(description='Written "2020-2": the second semester of 2020/21, which lies in 2021.')
    school_year: str = strawberry.field(description='Written "2020/21".')
    starts_on: date
    ends_on: date


def semester(value: calendar.Semester) -> Semester:
    return Semester(code=str(value), school_year=str(value.school_year), starts_on=value.start, ends_on=value.end)
