"""Reference data: everything that dates decide, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.calendar import Semester
from app.domain.code_lists import CodeLists
from app.domain.geography import Geography
from app.domain.programmes import Programme
from app.domain.retention import Retention
from app.domain.school_calendar import SchoolCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceData:
    """`version` is a hash of the content: the same files give the same version, whatever the machine."""

    version: str
    geography: Geography
    semesters: tuple[Semester, ...]
    school_calendar: SchoolCalendar
    code_lists: CodeLists
    programmes: Mapping[str, Programme]
    retention: Retention
