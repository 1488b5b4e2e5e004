"""What an enrolment looks like over REST."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from app.api.ids import InstitutionNumber
from app.api.patches import MergePatch, unchanged
from app.api.texts import CodeOf, Line, Paragraph
from app.db.enrolments import EnrolmentFilter
from app.domain.enrolments import EndReason, Enrolment
from app.domain.ids import EnrolmentId, InstitutionId, StudentId
from app.domain.periods import Period

Grade = Annotated[
    int, Field(ge=1, le=12, description="1-12; at a vocational institution the course, 1-4.", examples=[7])
]
Home = Annotated[
    Line, Field(description="ATVK code of the municipality where the student lives.", examples=["0031000"])
]
SpecialNeed = Annotated[
    Line,
    CodeOf("special-needs"),
    Field(description="A code of the list `special-needs`.", examples=["56"]),
]


class EnrolmentFields(BaseModel, extra="forbid"):
    """What an enrolment says besides whose and where it is."""

    grade: Grade
    first_day: date = Field(alias="from")
    last_day: date | None = Field(alias="to", default=None, description="Together with `end_reason`.")
    home_municipality: Home | None = None
    minority_programme: bool = False
    returned_emigrant: bool = False
    special_need: SpecialNeed | None = None
    end_reason: EndReason | None = None

    def at(self, student_id: StudentId, institution_id: InstitutionId, enrolment_id: EnrolmentId) -> Enrolment:
        return Enrolment(
            id=enrolment_id,
            student_id=student_id,
            institution_id=institution_id,
            grade=self.grade,
            period=Period(self.first_day, self.last_day),
            home_municipality=self.home_municipality,
            minority_programme=self.minority_programme,
            returned_emigrant=self.returned_emigrant,
            special_need=self.special_need,
            end_reason=self.end_reason,
        )


class EnrolmentNew(EnrolmentFields):
    student_id: StudentId
    institution_id: InstitutionNumber


class EnrolmentPatch(MergePatch):
    """Grade, marks, first day; or the end, by `to` and `end_reason` together."""

    grade: Grade = unchanged()
    first_day: date = unchanged("from")
    last_day: date | None = unchanged("to")
    home_municipality: Home | None = unchanged()
    minority_programme: bool = unchanged()
    returned_emigrant: bool = unchanged()
    special_need: SpecialNeed | None = unchanged()
    end_reason: EndReason | None = unchanged()


class EnrolmentOut(BaseModel):
    id: EnrolmentId
    student_id: StudentId
    institution_id: InstitutionId
    grade: Grade
    first_day: date = Field(alias="from")
    last_day: date | None = Field(alias="to")
    home_municipality: str | None
    minority_programme: bool
    returned_emigrant: bool
    special_need: str | None
    end_reason: EndReason | None
    version: int

    @classmethod
    def of(cls, each: Enrolment) -> "EnrolmentOut":
        return cls.model_validate(
            {
                "from": each.period.start,
                "to": each.period.end,
                **{name: getattr(each, name) for name in cls.model_fields if name not in ("first_day", "last_day")},
            }
        )


class TransferConfirmation(BaseModel, extra="forbid"):
    reason: Annotated[
        Paragraph, Field(description="Kept in the audit.", examples=["Order 1.9-23/118 of the authority"])
    ]


class TransferConfirmed(BaseModel):
    """What the confirmation has opened to the enrolment's institution."""

    enrolment_id: EnrolmentId
    institution_id: InstitutionId
    opened: Annotated[
        list[InstitutionId], Field(description="Institutions whose records of the student it reads from now on.")
    ]


class EnrolmentQuery(BaseModel):
    student_id: StudentId | None = None
    institution_id: InstitutionNumber | None = None
    on: date | None = Field(default=None, description="Enrolled on this day.")

    def filter(self) -> EnrolmentFilter:
        return EnrolmentFilter(**self.model_dump())
