"""The person behind a student, over REST: what one institution states. Only institutions read it, and no list shows it."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api import recording
from app.api.auth import PERSON_ATTEMPT, MayReadPersons, MayWriteStudents
from app.api.conditional import SeenVersion, demand_version, show_version
from app.api.ids import InstitutionNumber
from app.api.patches import MergePatch, unchanged
from app.api.problems import problems
from app.api.texts import Line
from app.api.transactions import ReadTx, WriteTx
from app.db import persons
from app.domain.actors import Actor
from app.domain.errors import Invalid, violation
from app.domain.ids import InstitutionId, StudentId
from app.domain.students import Person

router = APIRouter(prefix="/v1/students", tags=["persons"])

PersonalCode = Annotated[
    str,
    Field(
        max_length=20,
        description="Latvian personal code, 11 digits with or without the hyphen. Absent if the person has none.",
        examples=["000000-10015"],
    ),
]
StatedBy = Annotated[
    InstitutionNumber | None,
    Query(description="Whose statement. Your own institution's by default; needed if you act for several."),
]


class PersonBody(BaseModel, extra="forbid"):
    given_names: Annotated[Line, Field(examples=["Made Up"])]
    family_name: Annotated[Line, Field(examples=["Example"])]
    birth_date: date
    personal_code: PersonalCode | None = None


class PersonPatch(MergePatch):
    given_names: Line = unchanged()
    family_name: Line = unchanged()
    birth_date: date = unchanged()
    personal_code: PersonalCode | None = unchanged()


class PersonOut(BaseModel):
    student_id: StudentId
    institution_id: Annotated[InstitutionId, Field(description="The institution that states it.")]
    given_names: str
    family_name: str
    birth_date: date
    personal_code: Annotated[str | None, Field(description="11 digits.")]
    version: int

    @classmethod
    def of(cls, each: Person) -> "PersonOut":
        return cls.model_validate(each, from_attributes=True)


@router.get("/{student_id}/person", operation_id="get_person", responses=problems(404))
async def get_person(
    actor: MayReadPersons, tx: ReadTx, student_id: StudentId, response: Response, institution_id: StatedBy = None
) -> PersonOut:
    """Who the student is, as your institution has stated it. Once a transfer is settled, the old institution's statement as well:
    ask for it by its `institution_id`.
    """
    stated_by = _stated_by(actor, institution_id)
    person = tx.saw("person", await persons.get(tx.connection, tx.register.sealer, student_id, stated_by))
    show_version(response, person.version)
    return PersonOut.of(person)


@router.patch(
    "/{student_id}/person",
    operation_id="update_person",
    responses=problems(404, 409, 412, 428),
    dependencies=[PERSON_ATTEMPT],
)
async def update_person(
    actor: MayWriteStudents,
    tx: WriteTx,
    student_id: StudentId,
    seen: SeenVersion,
    body: PersonPatch,
    response: Response,
    institution_id: StatedBy = None,
) -> PersonOut:
    """Correct your institution's own statement by JSON merge patch (RFC 7396). A new personal code is added to those by which the
    student is found; the former ones go on finding it.
    """
    person = await recording.persons.locked(tx, student_id, _stated_by(actor, institution_id))
    demand_version("person", person.version, seen)
    saved = await recording.persons.change(tx, person, replace(person, **body.changes()))
    show_version(response, saved.version)
    return PersonOut.of(saved)


def _stated_by(actor: Actor, asked: InstitutionId | None) -> InstitutionId:
    if asked is not None:
        return asked
    if len(actor.institution_ids) != 1:
        wrong = violation(
            "/query/institution_id", "required", "You do not act for just one institution: say whose statement."
        )
        raise Invalid([wrong])
    return next(iter(actor.institution_ids))
