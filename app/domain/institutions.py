"""Institutions: schools and vocational institutions, with a past. Renumbered, moved by a reform, merged and closed by date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.code_lists import Founder, InstitutionKind
from app.domain.errors import Violation, check, violation
from app.domain.geography import Geography
from app.domain.ids import InstitutionId
from app.domain.periods import Period

REGISTRATION_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationNumber:
    """A number in the state register of educational institutions (10 digits, no check digit), as long as it was in use."""

    number: str
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """The municipality (ATVK code) in which the institution lies, for statistics. Access follows the partner instead."""

    municipality: str
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    id: InstitutionId
    name: str
    kind: InstitutionKind
    founder: Founder
    registration_numbers: tuple[RegistrationNumber, ...]
    locations: tuple[Location, ...]
    opened_on: date
    closed_on: date | None = None
    merged_into: InstitutionId | None = None
    version: int = 1

    @property
    def life(self) -> Period:
        return Period(self.opened_on, self.closed_on)

    def municipality_on(self, day: date) -> str | None:
        """ATVK code of where it lies on that day, or None before it opened and after it closed."""
        return next((place.municipality for place in self.locations if day in place.period), None)

    def registration_number_on(self, day: date) -> str | None:
        return next((entry.number for entry in self.registration_numbers if day in entry.period), None)


def check_institution(institution: Institution, geography: Geography) -> Institution:
    """Raise Invalid unless its dates fit together and each location lies within its municipality's own life."""
    check(_violations(institution, geography))
    return institution


def _violations(institution: Institution, geography: Geography) -> Iterator[Violation]:
    if not institution.name.strip():
        yield violation("/name", "empty", "An institution has a name.")
    if institution.closed_on is not None and institution.closed_on < institution.opened_on:
        yield violation("/closed_on", "ends-before-start", "It cannot close before it opened.")
    if institution.merged_into is not None and institution.closed_on is None:
        yield violation("/merged_into", "not-closed", "An institution merged into another one has a closing date.")
    if institution.merged_into == institution.id:
        yield violation("/merged_into", "merged-into-itself", "An institution cannot merge into itself.")
    yield from _in_order([entry.period for entry in institution.registration_numbers], "/registration_numbers")
    for index, entry in enumerate(institution.registration_numbers):
        if not (len(entry.number) == REGISTRATION_DIGITS and entry.number.isascii() and entry.number.isdigit()):
            yield violation(f"/registration_numbers/{index}/number", "format", "A registration number has 10 digits.")
    yield from _location_violations(institution, geography)


def _location_violations(institution: Institution, geography: Geography) -> Iterator[Violation]:
    if not institution.locations:
        yield violation("/locations", "empty", "An institution lies somewhere: give at least one location.")
    for index, place in enumerate(institution.locations):
        municipality = geography.municipality(place.municipality)
        if municipality is None:
            yield violation(
                f"/locations/{index}/municipality", "unknown-code", f"No municipality {place.municipality}."
            )
        elif not place.period.within(municipality.period):
            yield violation(
                f"/locations/{index}",
                "outside-municipality-life",
                f"{place.municipality} existed from {municipality.period.start} to {municipality.period.end or 'today'}:"
                " give its successor its own dates.",
            )
    yield from _in_order([place.period for place in institution.locations], "/locations")


def _in_order(periods: Sequence[Period], pointer: str) -> Iterator[Violation]:
    for index, period in enumerate(periods):
        if period.end is not None and period.end < period.start:
            yield violation(f"{pointer}/{index}/to", "ends-before-start", "A period cannot end before it starts.")
        if any(period.overlaps(earlier) for earlier in periods[:index]):
            yield violation(f"{pointer}/{index}", "overlap", "Periods of the same kind cannot overlap.")
