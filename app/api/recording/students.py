"""Students, registered with an institution's statement of the person."""

from app.api.transactions import Transaction
from app.db import persons, students
from app.domain.deeds import Action
from app.domain.errors import Forbidden, Refused
from app.domain.students import Person, Student, check_person


async def add(tx: Transaction, stated: Person) -> Student:
    """Register the person under `stated.student_id`, a new id, unless the personal code leads to another one.

    Nothing that is answered or raised tells whether another institution has registered the same person before.
    """
    if stated.institution_id not in tx.actor.institution_ids:
        raise Forbidden(f"You do not act for institution {stated.institution_id}.", code="not-your-institution")
    sealer, candidate = tx.register.sealer, stated.student_id
    person = check_person(stated, today=tx.today, allow_test_codes=tx.register.allow_test_codes, pointer="/person")
    person = await persons.claimed(tx.connection, sealer, person, claims=not tx.only_validates)
    if await students.is_own(tx.connection, person.student_id, person.institution_id):
        raise Refused(
            f"The institution has already registered this student, as {person.student_id}.", code="student-exists"
        )
    student, deed = Student(id=person.student_id), tx.deed(Action.CREATE, "student", person)
    await students.add(tx.connection, student, person.institution_id, candidate=candidate, today=tx.today, deed=deed)
    await persons.add(tx.connection, sealer, person)
    return student
