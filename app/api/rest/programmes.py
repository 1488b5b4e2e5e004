"""Programmes and their dated rules over REST."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, Field

from app.api.auth import MayReadReference
from app.api.reference_route import reference_router
from app.api.rest.regions import On
from app.db import programmes
from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.programmes import Programme, ProgrammeRule, RuleTopic

router = reference_router("programmes")


class ProgrammeRuleOut(BaseModel):
    id: int
    topic: RuleTopic
    kind: InstitutionKind | None = Field(description="Null: both kinds of institution.")
    grade_from: int | None = Field(description="A course at a vocational institution. Null: every grade.")
    grade_to: int | None
    mode: DeliveryMode | None
    value: Decimal | None = Field(description="Of a bound: in the unit that the topic names.", examples=["2.00"])
    source: str
    first_day: date = Field(alias="from")
    last_day: date | None = Field(alias="to")

    @classmethod
    def of(cls, each: ProgrammeRule) -> "ProgrammeRuleOut":
        own = {name: getattr(each, name) for name in cls.model_fields if name not in ("first_day", "last_day")}
        return cls.model_validate({**own, "from": each.period.start, "to": each.period.end})


class ProgrammeOut(BaseModel):
    code: str = Field(examples=["PUMPURS"])
    name_lv: str
    name_en: str
    first_day: date = Field(alias="from")
    last_day: date | None = Field(alias="to")
    consultations_from: date = Field(description="The first day on which hours may be delivered.")
    consultations_to: date | None
    rules: list[ProgrammeRuleOut] = Field(description="What no rule permits on a day is not permitted.")

    @classmethod
    def of(cls, each: Programme) -> "ProgrammeOut":
        return cls.model_validate(
            {
                "code": each.code,
                "name_lv": each.name_lv,
                "name_en": each.name_en,
                "from": each.period.start,
                "to": each.period.end,
                "consultations_from": each.consultations.start,
                "consultations_to": each.consultations.end,
                "rules": [ProgrammeRuleOut.of(rule) for rule in each.rules],
            }
        )


@router.get("", operation_id="list_programmes")
async def list_programmes(_actor: MayReadReference, on: On = None) -> list[ProgrammeOut]:
    """Programmes with their dated rules: who is eligible, what may be delivered, how much and under which conditions."""
    return [ProgrammeOut.of(each) for each in programmes.find(on=on)]
