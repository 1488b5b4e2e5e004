"""Municipalities over REST, with what they came from and what became of them."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, Field

from app.api.auth import MayReadReference
from app.api.problems import problems
from app.api.reference_route import reference_router
from app.api.register import register_of
from app.api.rest.regions import On, RegionName, Scheme
from app.db import municipalities, regions
from app.domain.municipalities import Municipality, MunicipalityKind, Succession, SuccessionRelation
from app.domain.regions import RegionScheme

router = reference_router("municipalities")


class MunicipalityName(BaseModel):
    code: str = Field(description="ATVK code.", examples=["0038000"])
    name_lv: str = Field(examples=["Madonas novads"])
    name_en: str = Field(examples=["Madona municipality"])

    @classmethod
    def of_code(cls, code: str) -> "MunicipalityName":
        return cls.model_validate(municipalities.get(code), from_attributes=True)


class MunicipalityOut(MunicipalityName):
    iso_code: str = Field(description="ISO 3166-2 code.", examples=["LV-059"])
    kind: MunicipalityKind
    first_day: date = Field(alias="from")
    last_day: date | None = Field(alias="to", description="Null: it exists today.")
    region: RegionName = Field(description="On the day asked, else today or on its last day.")

    @classmethod
    def of(cls, each: Municipality, scheme: RegionScheme, day: date) -> "MunicipalityOut":
        return cls.model_validate(_shown(each, scheme, day))


class SuccessionOut(BaseModel):
    municipality: MunicipalityName
    effective_on: date
    relation: SuccessionRelation
    is_main: bool = Field(
        description="A split municipality has one main successor; equals that merged, no main predecessor."
    )
    part_lv: str | None = Field(description="Of a split: the part that went this way.")
    part_en: str | None

    @classmethod
    def of(cls, each: Succession, code: str) -> "SuccessionOut":
        ahead = each.predecessor == code
        return cls(
            municipality=MunicipalityName.of_code(each.successor if ahead else each.predecessor),
            effective_on=each.effective_on,
            relation=each.relation,
            is_main=each.is_main_successor if ahead else each.is_main_predecessor,
            part_lv=each.part_lv,
            part_en=each.part_en,
        )


class RegionMembershipOut(RegionName):
    first_day: date = Field(alias="from")
    last_day: date | None = Field(alias="to")


class MunicipalityHistory(MunicipalityOut):
    regions: list[RegionMembershipOut] = Field(description="Its regions in every scheme, by date.")
    predecessors: list[SuccessionOut]
    successors: list[SuccessionOut] = Field(description="More than one where it was split.")


def _shown(each: Municipality, scheme: RegionScheme, day: date) -> dict[str, object]:
    return {
        "code": each.code,
        "iso_code": each.iso_code,
        "name_lv": each.name_lv,
        "name_en": each.name_en,
        "kind": each.kind,
        "from": each.period.start,
        "to": each.period.end,
        "region": RegionName.assigned(scheme, municipalities.regions(each.code, day).get(scheme)),
    }


def _day_in(each: Municipality, today: date) -> date:
    """Today, or for a municipality that is no more its last day."""
    return today if each.period.end is None else min(today, each.period.end)


@router.get("", operation_id="list_municipalities")
async def list_municipalities(
    _actor: MayReadReference,
    request: Request,
    on: On = None,
    region: Annotated[
        str | None, Query(description="A region's code in the scheme, or `UNASSIGNED`.", examples=["PR-VIDZEME"])
    ] = None,
    scheme: Scheme = RegionScheme.PLANNING,
) -> list[MunicipalityOut]:
    """Municipalities in Latvian alphabetical order; of all times, one name may occur twice with different codes."""
    today = register_of(request).today()
    shown = [
        MunicipalityOut.of(each, scheme, _day_in(each, today) if on is None else on)
        for each in municipalities.find(on=on)
    ]
    return [each for each in shown if region in (None, each.region.code)]


@router.get("/{code}", operation_id="get_municipality", responses=problems(404))
async def get_municipality(
    _actor: MayReadReference, request: Request, code: str, scheme: Scheme = RegionScheme.PLANNING
) -> MunicipalityHistory:
    """One municipality of any time, with its regions by date, and its predecessors and successors, parts included."""
    found = municipalities.get(code)
    return MunicipalityHistory.model_validate(
        {
            **_shown(found, scheme, _day_in(found, register_of(request).today())),
            "regions": [
                {
                    **RegionName.assigned(each.scheme, regions.get(each.scheme, each.code)).model_dump(),
                    "from": each.period.start,
                    "to": each.period.end,
                }
                for each in municipalities.memberships(code)
            ],
            "predecessors": [
                SuccessionOut.of(e, code) for e in municipalities.successions(code) if e.successor == code
            ],
            "successors": [
                SuccessionOut.of(e, code) for e in municipalities.successions(code) if e.predecessor == code
            ],
        }
    )
