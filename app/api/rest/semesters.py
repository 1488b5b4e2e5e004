"""Semesters and their school calendar over REST."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from app.api.auth import MayReadReference
from app.api.problems import problems
from app.api.reference_route import reference_router
from app.api.rest.regions import On
from app.db import semesters
from app.domain.calendar import Semester
from app.domain.periods import Period
from app.domain.school_calendar import CalendarEntry, CalendarEntryKind

router = reference_router("semesters")

_NUMERALS = {1: "I", 2: "II"}


class SemesterOut(BaseModel):
    code: str = Field(examples=["2020-1"])
    school_year: str = Field(examples=["2020/21"])
    number: int = Field(examples=[1])
    name_lv: str = Field(examples=["2020./2021. mācību gada I semestris"])
    name_en: str = Field(examples=["School year 2020/21, semester I"])
    first_day: date = Field(alias="from")
    last_day: date = Field(alias="to")


class CalendarEntryOut(BaseModel):
    kind: CalendarEntryKind
    grade_from: int = Field(examples=[1])
    grade_to: int = Field(examples=[12])
    first_day: date = Field(alias="from")
    last_day: date = Field(alias="to")

    @classmethod
    def of(cls, each: CalendarEntry) -> "CalendarEntryOut":
        return cls.model_validate(
            {
                "kind": each.kind,
                "grade_from": each.grade_from,
                "grade_to": each.grade_to,
                "from": each.period.start,
                "to": each.period.end,
            }
        )


class SemesterWithCalendar(SemesterOut):
    calendar: list[CalendarEntryOut] = Field(
        description="Lessons and holidays of general education in the whole school year; empty where they are not known."
    )


def _shown(each: Semester) -> dict[str, object]:
    first_year, numeral = each.school_year.first_year, _NUMERALS[each.number]
    return {
        "code": str(each),
        "school_year": str(each.school_year),
        "number": each.number,
        "name_lv": f"{first_year}./{first_year + 1}. mācību gada {numeral} semestris",
        "name_en": f"School year {each.school_year}, semester {numeral}",
        "from": each.start,
        "to": each.end,
    }


@router.get("", operation_id="list_semesters")
async def list_semesters(
    _actor: MayReadReference,
    on: On = None,
    first_day: Annotated[date | None, Query(alias="from", description="Only those that end on or after it.")] = None,
    last_day: Annotated[date | None, Query(alias="to", description="Only those that begin on or before it.")] = None,
) -> list[SemesterOut]:
    """Semesters in the order of time. Every day lies in exactly one."""
    asked = Period(first_day or date.min, last_day)
    found = [each for each in semesters.find(on=on) if each.period.overlaps(asked)]
    return [SemesterOut.model_validate(_shown(each)) for each in found]


@router.get("/{code}", operation_id="get_semester", responses=problems(404))
async def get_semester(_actor: MayReadReference, code: str) -> SemesterWithCalendar:
    """One semester, with the school calendar of its year."""
    found = semesters.get(code)
    entries = [CalendarEntryOut.of(each) for each in semesters.calendar(found.school_year)]
    return SemesterWithCalendar.model_validate({**_shown(found), "calendar": entries})
