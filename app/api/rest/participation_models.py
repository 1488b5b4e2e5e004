"""What a participation looks like over REST."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.api.ids import InstitutionNumber, PartnerNumber
from app.api.patches import MergePatch, unchanged
from app.api.texts import Line
from app.domain.ids import InstitutionId, ParticipationId, PartnerId
from app.domain.participations import Participation
from app.domain.periods import Period

Agreement = Annotated[Line, Field(description="Number of the cooperation agreement.", examples=["8.3.4.0/16/I/001-17"])]


class ParticipationNew(BaseModel, extra="forbid"):
    institution_id: InstitutionNumber
    programme: Annotated[Line, Field(examples=["PUMPURS"])]
    partner_id: PartnerNumber
    agreement_number: Agreement
    agreement_date: date
    first_day: date = Field(alias="from", examples=["2019-09-01"])
    last_day: date | None = Field(alias="to", default=None, description="Null: until further notice.")

    def participation(self, participation_id: ParticipationId) -> Participation:
        sent = self.model_dump(exclude={"first_day", "last_day"})
        return Participation(id=participation_id, period=Period(self.first_day, self.last_day), **sent)


class ParticipationPatch(MergePatch):
    agreement_number: Agreement = unchanged()
    agreement_date: date = unchanged()
    first_day: date = unchanged("from")
    last_day: date | None = unchanged("to")

    def applied_to(self, each: Participation) -> dict[str, Any]:
        """The fields of the participation that become others."""
        sent = self.changes()
        start, end = sent.pop("first_day", each.period.start), sent.pop("last_day", each.period.end)
        return {**sent, "period": Period(start, end)}


class ParticipationOut(BaseModel):
    id: ParticipationId
    institution_id: InstitutionId
    programme: str
    partner_id: PartnerId
    agreement_number: str
    agreement_date: date
    first_day: date = Field(alias="from")
    last_day: date | None = Field(alias="to")
    version: int

    @classmethod
    def of(cls, each: Participation) -> "ParticipationOut":
        own = {name: getattr(each, name) for name in cls.model_fields if name not in ("first_day", "last_day")}
        return cls.model_validate({**own, "from": each.period.start, "to": each.period.end})
