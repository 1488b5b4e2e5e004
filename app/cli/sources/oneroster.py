"""OneRoster 1.2 in CSV (1EdTech): orgs, users, enrollments and academic sessions as institutions, students and enrolments.

An enrolment of OneRoster is one of a class; one of the register is one of an institution, and holds one grade. So all class
enrolments of a user at a school within a school year are one item, from the earliest to the latest day of them. It has ended where
the last of them has: COMPLETED if that was the end of its session, else LEFT, since OneRoster gives no reason.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.cli.sources.roster_files import Line, RosterFiles
from app.cli.sources.source import BadSource, Json, Place, Reasons, Source, Sourced, wrong
from app.client import Violation
from app.domain.calendar import SchoolYear, school_year_of

PERSONAL_CODE = re.compile(r"\d{6}-?\d{5}")
Stay = tuple[str, str, SchoolYear]
"""A user, a school and a school year."""


@dataclass(slots=True)
class _Span:
    """Class enrolments that are one enrolment of the register. `ends`: None as soon as one of them has no end."""

    begins: date
    ends: date | None
    session_ends: date | None
    lines: list[int] = field(default_factory=list)

    def widen(self, other: "_Span") -> None:
        self.begins = min(self.begins, other.begins)
        if self.ends is None or other.ends is None or other.ends > self.ends:
            self.ends, self.session_ends = (None if self.ends is None else other.ends), other.session_ends
        self.lines += other.lines


@dataclass(frozen=True, slots=True)
class OneRosterSource(Source):
    """`today`: what ends later has not ended."""

    roster: RosterFiles
    today: date

    def files(self) -> Sequence[Path]:
        return [self.roster.place(name) for name in ("orgs", "users", "enrollments")]

    def write_rejected(self, file: Path, reasons: Reasons, target: Path) -> None:
        self.roster.write_rejected(file.stem, reasons, target)

    def items(self) -> Iterator[Sourced]:
        schools = {each["sourcedId"]: each for each in self.roster.lines("orgs") if each["type"] == "school"}
        sessions = {each["sourcedId"]: each for each in self.roster.lines("academicSessions")}
        stays, unreadable = self._stays(schools, sessions)
        at: dict[str, list[Stay]] = defaultdict(list)
        for stay in stays:
            at[stay[0]].append(stay)
        attended = {school for _, school, _ in stays}
        yield from (self._institution(each) for id_, each in schools.items() if id_ in attended)
        yield from unreadable
        born = {each["sourcedId"]: each.get("birthDate") for each in self.roster.optional_lines("demographics")}
        for user in self.roster.lines("users"):
            if user["sourcedId"] in at:
                theirs = sorted(at[user["sourcedId"]], key=lambda stay: stays[stay].begins)
                for school in dict.fromkeys(school for _, school, _ in theirs):
                    yield self._student(user, school, born.get(user["sourcedId"]))
                yield from (self._enrolment(user, stay, stays[stay]) for stay in theirs)

    def _stays(
        self, schools: Mapping[str, Line], sessions: Mapping[str, Line]
    ) -> tuple[dict[Stay, _Span], list[Sourced]]:
        terms = {each["sourcedId"]: each["termSourcedIds"].split(",") for each in self.roster.optional_lines("classes")}
        found: dict[Stay, _Span] = {}
        unreadable: list[Sourced] = []
        for each in self.roster.lines("enrollments"):
            if each["role"] != "student" or each["schoolSourcedId"] not in schools:
                continue
            own = [sessions[term] for term in terms.get(each["classSourcedId"], ()) if term in sessions]
            try:
                span = _span(each, own)
            except ValueError as error:
                said = wrong("/data/from", "bad-cell", str(error))
                place = Place(self.roster.place("enrollments"), (each.number,))
                item: Json = {"type": "enrolment", "external_id": each["sourcedId"]}
                unreadable.append(Sourced(item=item, place=place, wrong=(said,)))
                continue
            stay = (each["userSourcedId"], each["schoolSourcedId"], school_year_of(span.begins))
            if stay in found:
                found[stay].widen(span)
            else:
                found[stay] = span
        return found, unreadable

    def _institution(self, org: Line) -> Sourced:
        number = org.get("identifier", "")
        missing = wrong(
            "/data/registration_number", "required", "The school has no identifier: its registration number."
        )
        return Sourced(
            item={"type": "institution", "external_id": org["sourcedId"], "data": {"registration_number": number}},
            place=Place(self.roster.place("orgs"), (org.number,)),
            wrong=() if number else (missing,),
        )

    def _student(self, user: Line, school: str, born: str | None) -> Sourced:
        code = _personal_code(user)
        given = " ".join(filter(None, (user.get("givenName"), user.get("middleName"))))
        person = {"given_names": given, "family_name": user.get("familyName", ""), "birth_date": born}
        missing = wrong("/data/person/birth_date", "required", "demographics.csv has no birthDate of this user.")
        return Sourced(
            item={
                "type": "student",
                "external_id": _student_id(user["sourcedId"], school),
                "data": {"institution": school, "person": person | ({"personal_code": code} if code else {})},
            },
            place=Place(self.roster.place("users"), (user.number,)),
            wrong=() if born else (missing,),
        )

    def _enrolment(self, user: Line, stay: Stay, span: _Span) -> Sourced:
        user_id, school, year = stay
        student = _student_id(user_id, school)
        grade, flaws = _grade(user)
        data: Json = {"student": student, "institution": school, "grade": grade, "from": span.begins.isoformat()}
        if span.ends is not None and span.ends < self.today:
            ended_with_session = span.session_ends is not None and span.ends >= span.session_ends
            data |= {"to": span.ends.isoformat(), "end_reason": "COMPLETED" if ended_with_session else "LEFT"}
        return Sourced(
            item={"type": "enrolment", "external_id": f"{student}/{year}", "data": data},
            place=Place(self.roster.place("enrollments"), tuple(span.lines)),
            wrong=flaws,
        )


def _span(line: Line, sessions: Sequence[Line]) -> _Span:
    """Of a class enrolment; what it does not say itself, the sessions of its class say. Raises ValueError."""
    session_ends = max((each["endDate"] for each in sessions), default="")
    begins = line.get("beginDate") or min((each["startDate"] for each in sessions), default="")
    ends = line.get("endDate") or session_ends
    if not begins:
        raise ValueError("Neither the enrollment nor its class says when it begins.")
    return _Span(
        begins=date.fromisoformat(begins),
        ends=date.fromisoformat(ends) if ends else None,
        session_ends=date.fromisoformat(session_ends) if session_ends else None,
        lines=[line.number],
    )


def _student_id(user: str, school: str) -> str:
    """A student is registered by each school for itself; whether the register knows one or two, the personal code decides."""
    return f"{user}@{school}"


def _grade(user: Line) -> tuple[int, tuple[Violation, ...]]:
    """`grades` has codes such as 07; one who is in several is in none that the register could hold."""
    said = {each.strip() for each in user.get("grades", "").split(",") if each.strip()}
    if len(said) == 1 and (text := said.pop()).isdecimal():
        return int(text), ()
    return 0, (wrong("/data/grade", "bad-cell", f"{user.get('grades', '')!r} is not one grade from 1 to 12."),)


def _personal_code(user: Line) -> str | None:
    """Of `identifier`, of the master identifier, or of one among `userIds` ("{type:id},{type:id}")."""
    ids: list[str] = re.findall(r"\{[^:{}]*:([^{}]*)\}", user.get("userIds", ""))
    for each in (user.get("identifier", ""), user.get("userMasterIdentifier", ""), *ids):
        if PERSONAL_CODE.fullmatch(each.strip()):
            return each.strip()
    return None


def checked(roster: RosterFiles) -> RosterFiles:
    """Raises BadSource unless it is a whole of OneRoster 1.2: what changed since an earlier export cannot be put together."""
    manifest = {each["propertyName"]: each["value"] for each in roster.lines("manifest")}
    version = manifest.get("oneroster.version")
    if version != "1.2":
        raise BadSource(f"{roster.path} is of OneRoster {version}; 1.2 is read")
    partial = [name for name in ("orgs", "users", "enrollments") if manifest.get(f"file.{name}") != "bulk"]
    if partial:
        raise BadSource(f"{roster.path}: {', '.join(partial)} must be bulk files, which say everything")
    return roster
