"""What a list of institutions may be asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Query

from app.api.texts import Line
from app.db.institution_search import Wanted
from app.domain.code_lists import Founder, InstitutionKind
from app.domain.geography import Geography
from app.domain.regions import RegionScheme


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionFilter:
    """Query parameters, which all have to hold."""

    kind: InstitutionKind | None = None
    founder: Founder | None = None
    municipality: Annotated[
        Line | None, Query(description="ATVK code: those that lie there on that day.", examples=["0038000"])
    ] = None
    region: Annotated[Line | None, Query(description="A region's code.", examples=["PR-VIDZEME"])] = None
    scheme: RegionScheme = RegionScheme.PLANNING
    on: Annotated[date | None, Query(description="The day of the borders: else `participating_on`, else today.")] = None
    participating_on: Annotated[
        date | None, Query(description="Those that take part in a programme on that day.", examples=["2021-01-15"])
    ] = None
    registration_number: Annotated[Line | None, Query(description="Of any time.", examples=["4400000001"])] = None
    q: Annotated[Line | None, Query(description="A part of the name.", examples=["pamatskola"])] = None

    def wanted(self, geography: Geography, today: date) -> Wanted:
        """Places are those of one day: the day asked, else the day of the participation, else today."""
        day = self.on or self.participating_on or today
        located_in = None if self.municipality is None else frozenset({self.municipality})
        if self.region is not None:
            in_region = geography.municipalities_of(self.scheme, self.region, day)
            located_in = in_region if located_in is None else located_in & in_region
        return Wanted(
            on=day,
            kind=self.kind,
            founder=self.founder,
            located_in=located_in,
            participating_on=self.participating_on,
            registration_number=self.registration_number,
            name=self.q,
        )
