"""Semesters, their school calendar, and which of them are closed, over REST."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from app.api.auth import MayReadReference
from app.api.problems import problems
from app.api.reference_route import reference_router
from app.api.rest.regions import On
from app.api.transactions import ReadTx
from app.db import closings, semesters
from app.domain.calendar import Semester
from app.domain.closings import Closing
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
    closed_on: date | None = Field(
        description="Since when it is closed for the whole country: its records change no more. Null while they may.",
        examples=["2021-01-29"],
    )

    @classmethod
    def of(cls, each: Semester, closing: Closing | None) -> "SemesterOut":
        return cls.model_validate(shown(each, closing))


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


def shown(each: Semester, closing: Closing | None) -> dict[str, object]:
    first_year, numeral = each.school_year.first_year, _NUMERALS[each.number]
    return {
        "code": str(each),
        "school_year": str(each.school_year),
        "number": each.number,
        "name_lv": f"{first_year}./{first_year + 1}. mācību gada {numeral} semestris",
        "name_en": f"School year {each.school_year}, semester {numeral}",
        "from": each.start,
        "to": each.end,
        "closed_on": None if closing is None else closing.closed_on,
    }


@router.get("", operation_id="list_semesters")
async def list_semesters(
    _actor: MayReadReference,
    tx: ReadTx,
    on: On = None,
    first_day: Annotated[date | None, Query(alias="from", description="Only those that end on or after it.")] = None,
    last_day: Annotated[date | None, Query(alias="to", description="Only those that begin on or before it.")] = None,
) -> list[SemesterOut]:
    """Semesters in the order of time, and which of them are closed. Every day lies in exactly one."""
    asked = Period(first_day or date.min, last_day)
    found = [each for each in semesters.find(on=on) if each.period.overlaps(asked)]
    closed = await closings.standing(tx.connection)
    return [SemesterOut.of(each, closed.get(each)) for each in found]


@router.get("/{code}", operation_id="get_semester", responses=problems(404))
async def get_semester(_actor: MayReadReference, tx: ReadTx, code: str) -> SemesterWithCalendar:
    """One semester, with the school calendar of its year."""
    found = semesters.get(code)
    entries = [CalendarEntryOut.of(each) for each in semesters.calendar(found.school_year)]
    closing = (await closings.standing(tx.connection)).get(found)
    return SemesterWithCalendar.model_validate({**shown(found, closing), "calendar": entries})
