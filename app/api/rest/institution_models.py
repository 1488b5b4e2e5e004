"""What an institution looks like over REST."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.api.ids import InstitutionNumber
from app.api.patches import MergePatch, unchanged
from app.api.rest.municipalities import MunicipalityName
from app.api.rest.regions import RegionName
from app.api.texts import Line
from app.domain.code_lists import Founder, InstitutionKind
from app.domain.geography import Geography
from app.domain.ids import InstitutionId
from app.domain.institutions import Institution, Location, RegistrationNumber
from app.domain.periods import Period
from app.domain.regions import RegionScheme


class _Dated(BaseModel, extra="forbid"):
    first_day: date = Field(alias="from", examples=["2021-07-01"])
    last_day: date | None = Field(alias="to", default=None, description="Null: until further notice.")

    @property
    def period(self) -> Period:
        return Period(self.first_day, self.last_day)


class RegistrationNumberEntry(_Dated):
    number: Annotated[Line, Field(description="10 digits.", examples=["4400000001"])]

    @classmethod
    def of(cls, each: RegistrationNumber) -> "RegistrationNumberEntry":
        return cls.model_validate({"number": each.number, "from": each.period.start, "to": each.period.end})


class LocationEntry(_Dated):
    municipality: Annotated[Line, Field(description="ATVK code of a municipality of that time.", examples=["0038000"])]

    @classmethod
    def of(cls, each: Location) -> "LocationEntry":
        return cls.model_validate({"municipality": each.municipality, "from": each.period.start, "to": each.period.end})


RegistrationNumbers = Annotated[
    list[RegistrationNumberEntry], Field(max_length=50, description="All of them: a change replaces the whole list.")
]
Locations = Annotated[
    list[LocationEntry], Field(max_length=50, description="All of them: a change replaces the whole list.")
]


class InstitutionNew(BaseModel, extra="forbid"):
    name: Annotated[Line, Field(examples=["Paraugu pamatskola"])]
    kind: InstitutionKind
    founder: Founder
    opened_on: date = Field(examples=["1995-09-01"])
    closed_on: date | None = None
    merged_into: InstitutionNumber | None = None
    registration_numbers: RegistrationNumbers = []
    locations: Locations

    def institution(self, institution_id: InstitutionId) -> Institution:
        sent = self.model_dump(exclude={"registration_numbers", "locations"})
        return Institution(id=institution_id, **sent, **_parts(self.registration_numbers, self.locations))


class InstitutionPatch(MergePatch):
    name: Line = unchanged()
    founder: Founder = unchanged()
    opened_on: date = unchanged()
    closed_on: date | None = unchanged()
    merged_into: InstitutionNumber | None = unchanged()
    registration_numbers: RegistrationNumbers = unchanged()
    locations: Locations = unchanged()

    def changes(self) -> dict[str, Any]:
        sent = super().changes()
        return sent | _parts(sent.get("registration_numbers"), sent.get("locations"))


def _parts(numbers: list[RegistrationNumberEntry] | None, places: list[LocationEntry] | None) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if numbers is not None:
        parts["registration_numbers"] = tuple(
            RegistrationNumber(number=each.number, period=each.period) for each in numbers
        )
    if places is not None:
        parts["locations"] = tuple(Location(municipality=each.municipality, period=each.period) for each in places)
    return parts


class InstitutionOut(BaseModel):
    id: InstitutionId
    name: str
    kind: InstitutionKind
    founder: Founder
    opened_on: date
    closed_on: date | None
    merged_into: InstitutionId | None
    on: date = Field(description="The day for which the next three fields speak.")
    registration_number: str | None
    municipality: MunicipalityName | None = Field(description="Null while it is not open.")
    region: RegionName | None = Field(description="The planning region.")
    registration_numbers: list[RegistrationNumberEntry]
    locations: list[LocationEntry]
    version: int

    @classmethod
    def of(cls, each: Institution, geography: Geography, on: date) -> "InstitutionOut":
        code = each.municipality_on(on) if on in each.life else None
        scheme = RegionScheme.PLANNING
        return cls(
            id=each.id,
            name=each.name,
            kind=each.kind,
            founder=each.founder,
            opened_on=each.opened_on,
            closed_on=each.closed_on,
            merged_into=each.merged_into,
            on=on,
            registration_number=each.registration_number_on(on),
            municipality=None if code is None else MunicipalityName.of_code(code),
            region=None if code is None else RegionName.assigned(scheme, geography.region_of(code, scheme, on)),
            registration_numbers=[RegistrationNumberEntry.of(entry) for entry in each.registration_numbers],
            locations=[LocationEntry.of(place) for place in each.locations],
            version=each.version,
        )
