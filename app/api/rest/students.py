"""Students over REST: registered with their person, and from then on spoken of by a pseudonym."""

from datetime import date
from typing import Annotated, NoReturn
from uuid import uuid4

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from app.api import recording
from app.api.auth import PERSON_ATTEMPT, MayReadPersons, MayReadRecords, MayWriteStudents
from app.api.conditional import show_version
from app.api.ids import InstitutionNumber
from app.api.paging import Page, Pages
from app.api.problems import problems
from app.api.rest.persons import PersonalCode, PersonBody
from app.api.transactions import ReadTx, WriteTx
from app.db import persons, students
from app.domain.errors import NotFound
from app.domain.ids import StudentId
from app.domain.personal_codes import normalise_personal_code
from app.domain.students import Person, Student, not_deletable

router = APIRouter(prefix="/v1/students", tags=["students"])


class StudentNew(BaseModel, extra="forbid"):
    institution_id: Annotated[InstitutionNumber, Field(description="Your institution, which registers the student.")]
    person: PersonBody

    def stated(self, student_id: StudentId) -> Person:
        return Person(student_id=student_id, institution_id=self.institution_id, **self.person.model_dump())


class StudentSearch(BaseModel, extra="forbid"):
    personal_code: PersonalCode


class StudentOut(BaseModel):
    id: Annotated[StudentId, Field(description="A pseudonym: random, and the same for every institution.")]
    version: int

    @property
    def student_id(self) -> StudentId:
        return self.id

    @classmethod
    def of(cls, each: Student) -> "StudentOut":
        return cls.model_validate(each, from_attributes=True)


@router.get("", operation_id="list_students", responses=problems())
async def list_students(
    _actor: MayReadRecords,
    tx: ReadTx,
    pages: Pages,
    institution_id: Annotated[InstitutionNumber | None, Query(description="Registered by this institution.")] = None,
    enrolled_on: Annotated[date | None, Query(description="Enrolled on this day.")] = None,
) -> Page[StudentOut]:
    """Students that you may see, in the order of their ids, which is no order of anything."""
    found = await students.page(
        tx.connection, institution_id=institution_id, enrolled_on=enrolled_on, after=pages.after, limit=pages.fetch
    )
    return tx.saw("student", pages.page(found, StudentOut.of))


@router.post(
    "",
    operation_id="create_student",
    status_code=status.HTTP_201_CREATED,
    responses=problems(409),
    dependencies=[PERSON_ATTEMPT],
)
async def create_student(_actor: MayWriteStudents, tx: WriteTx, body: StudentNew, response: Response) -> StudentOut:
    """Register a student with your institution's statement of the person. Nothing in the answer tells whether another institution
    has registered the same person before; what it wrote stays closed to you until a transfer is settled.
    """
    student = await recording.students.add(tx, body.stated(StudentId(uuid4())))
    response.headers["Location"] = f"/v1/students/{student.id}"
    show_version(response, student.version)
    return StudentOut.of(student)


@router.post("/search", operation_id="find_student", responses=problems(404), dependencies=[PERSON_ATTEMPT])
async def find_student(_actor: MayReadPersons, tx: ReadTx, body: StudentSearch, response: Response) -> StudentOut:
    """Find a student that your institution has registered, by a personal code that it states or once stated. The code travels in the
    body, since addresses are logged.
    """
    code = normalise_personal_code(
        body.personal_code, allow_test_codes=tx.register.allow_test_codes, pointer="/personal_code"
    )
    student_id = await persons.student_of(tx.connection, tx.register.sealer, code)
    if student_id is None:
        raise NotFound("student")
    student = tx.saw("student", await students.get(tx.connection, student_id))
    show_version(response, student.version)
    return StudentOut.of(student)


@router.get("/{student_id}", operation_id="get_student", responses=problems(404))
async def get_student(_actor: MayReadRecords, tx: ReadTx, student_id: StudentId, response: Response) -> StudentOut:
    """One student: no more than that there is one. What is known of it are its records."""
    student = tx.saw("student", await students.get(tx.connection, student_id))
    show_version(response, student.version)
    return StudentOut.of(student)


@router.delete(
    "/{student_id}",
    operation_id="delete_student",
    status_code=status.HTTP_409_CONFLICT,
    response_class=Response,
    response_model=None,
    responses=problems(404, 409),
)
async def delete_student(_actor: MayWriteStudents, tx: ReadTx, student_id: StudentId) -> NoReturn:
    """Always refused: end the enrolment instead, and delete single records that were entered by mistake."""
    await students.get(tx.connection, student_id)
    raise not_deletable()
