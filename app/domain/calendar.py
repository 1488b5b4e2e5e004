"""School years and semesters. Every date lies in exactly one: I is September to December, II January to August."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from app.domain.errors import Invalid, violation
from app.domain.periods import Period

FIRST_YEAR, LAST_YEAR = 1900, 2199
FIRST_MONTH = 9


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """From 1 September of `first_year` (1900 to 2199) to 31 August of the next. Written "2020/21"."""

    first_year: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.first_year <= LAST_YEAR:
            raise _invalid("school-year", f"School years begin in {FIRST_YEAR} to {LAST_YEAR}.")

    def __str__(self) -> str:
        return f"{self.first_year}/{(self.first_year + 1) % 100:02}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2020/21"; raises Invalid unless the second year follows the first."""
        if re.fullmatch(r"[0-9]{4}/[0-9]{2}", text):
            year = cls(int(text[:4]))
            if str(year) == text:
                return year
        raise _invalid("school-year", f"{text!r} is not a school year such as 2020/21.")

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def start(self) -> date:
        return date(self.first_year, FIRST_MONTH, 1)

    @property
    def end(self) -> date:
        return date(self.first_year + 1, 8, 31)

    @property
    def semesters(self) -> tuple["Semester", "Semester"]:
        return Semester(self, 1), Semester(self, 2)

    def next(self) -> Self:
        return type(self)(self.first_year + 1)

    def previous(self) -> Self:
        return type(self)(self.first_year - 1)


@dataclass(frozen=True, slots=True, order=True)
class Semester:
    """`number` is 1 or 2. Written "2020-2": the second semester of 2020/21, which lies in 2021."""

    school_year: SchoolYear
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2):
            raise _invalid("semester", "A school year has semesters 1 and 2.")

    def __str__(self) -> str:
        return f"{self.school_year.first_year}-{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2020-1"; raises Invalid for anything else."""
        if re.fullmatch(r"[0-9]{4}-[12]", text):
            return cls(SchoolYear(int(text[:4])), int(text[5]))
        raise _invalid("semester", f"{text!r} is not a semester such as 2020-1.")

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def start(self) -> date:
        return self.school_year.start if self.number == 1 else date(self.school_year.first_year + 1, 1, 1)

    @property
    def end(self) -> date:
        return date(self.school_year.first_year, 12, 31) if self.number == 1 else self.school_year.end

    def next(self) -> Self:
        return type(self)(self.school_year, 2) if self.number == 1 else type(self)(self.school_year.next(), 1)

    def previous(self) -> Self:
        return type(self)(self.school_year.previous(), 2) if self.number == 1 else type(self)(self.school_year, 1)


def school_year_of(day: date) -> SchoolYear:
    return SchoolYear(day.year if day.month >= FIRST_MONTH else day.year - 1)


def semester_of(day: date) -> Semester:
    return Semester(school_year_of(day), 1 if day.month >= FIRST_MONTH else 2)


def _invalid(noun: str, message: str) -> Invalid:
    return Invalid([violation("", f"not-a-{noun}", message)])
