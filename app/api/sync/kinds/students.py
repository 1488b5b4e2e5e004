"""Students: what an institution states of a person. A student's own id is never the source's to choose."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar
from uuid import UUID, uuid4

from pydantic import BaseModel, TypeAdapter

from app.api import recording
from app.api.rest.persons import PersonBody
from app.api.sync.kinds.one_by_one import OneByOne
from app.api.sync.references import InstitutionReference
from app.api.sync.run import Run
from app.api.transactions import Transaction
from app.db import persons
from app.domain.errors import Invalid, NotFound, Refused, violation
from app.domain.ids import InstitutionId, StudentId
from app.domain.personal_codes import normalise_personal_code
from app.domain.students import Person, check_person, not_deletable


class StudentSaid(BaseModel, extra="forbid"):
    """A person, as the institution that registers the student states it."""

    institution: InstitutionReference = None
    person: PersonBody


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A student with what the client's institutions state of the person, in the order of their numbers.

    `institution_id` is the one that an item speaks of; the same student may be registered at several of them.
    """

    id: StudentId
    institution_id: InstitutionId = field(compare=False)
    statements: Mapping[InstitutionId, Person]
    version: int = 1


class Students(OneByOne[StudentSaid, Registered]):
    says: ClassVar[TypeAdapter[StudentSaid]] = TypeAdapter(StudentSaid)

    async def refer(self, run: Run, said: Sequence[StudentSaid]) -> None:
        await run.references.load_institutions([each.institution for each in said])

    async def current(self, run: Run, ids: Sequence[UUID]) -> Mapping[UUID, Registered]:
        found: defaultdict[StudentId, dict[InstitutionId, Person]] = defaultdict(dict)
        for each in await _stated(run.tx, [StudentId(student_id) for student_id in ids]):
            found[each.student_id][each.institution_id] = each
        return {student_id: _registered(student_id, statements) for student_id, statements in found.items()}

    async def counterpart(self, run: Run, said: StudentSaid) -> Registered | None:
        """Whom the institution itself has stated the personal code of."""
        institution_id = run.references.institution(said.institution, "/institution_id")
        code = _normal(run.tx, said.person.personal_code)
        if code is None:
            return None
        student_id = await persons.student_of(run.tx.connection, run.tx.register.sealer, code, first=institution_id)
        if student_id is None:
            return None
        found = (await self.current(run, [student_id])).get(student_id)
        return found if found is not None and institution_id in found.statements else None

    async def wanted(self, run: Run, said: StudentSaid, current: Registered | None) -> Registered:
        institution_id = run.references.institution(said.institution, "/institution_id")
        student_id = StudentId(uuid4()) if current is None else current.id
        stated = Person(student_id=student_id, institution_id=institution_id, **said.person.model_dump())
        if current is None:
            return Registered(id=student_id, institution_id=institution_id, statements={institution_id: stated})
        if institution_id in current.statements:
            code = _normal(run.tx, stated.personal_code)
            version = current.statements[institution_id].version
            stated = replace(stated, personal_code=code, version=version)
        statements = {**current.statements, institution_id: stated}
        return replace(current, institution_id=institution_id, statements=statements)

    async def create(self, run: Run, wanted: Registered) -> Registered:
        stated = wanted.statements[wanted.institution_id]
        await _spend(run, stated)
        registered = await recording.students.add(run.tx, stated)
        return replace(wanted, id=registered.id)

    async def locked(self, run: Run, record_id: UUID) -> Registered:
        student_id = StudentId(record_id)
        stated = [
            await recording.persons.locked(run.tx, student_id, each.institution_id)
            for each in await _stated(run.tx, [student_id])
        ]
        if not stated:
            raise NotFound("student", record_id=student_id)
        return _registered(student_id, {each.institution_id: each for each in stated})

    async def change(self, run: Run, current: Registered, wanted: Registered) -> Registered:
        stated = wanted.statements[wanted.institution_id]
        await _spend(run, stated)
        if (before := current.statements.get(wanted.institution_id)) is not None:
            await recording.persons.change(run.tx, before, stated, pointer="/person")
            return wanted
        # Registered at one more institution: it is the same student if the personal code says so, as it would be for anybody.
        registered = await recording.students.add(run.tx, replace(stated, student_id=StudentId(uuid4())))
        if registered.id != current.id:
            message = "At this institution it would be another student: send it under an id of its own."
            raise Invalid([violation("/person", "other-student", message)])
        return wanted

    async def remove(self, run: Run, current: Registered) -> None:  # noqa: ARG002 - whoever it is
        raise not_deletable()


def _registered(student_id: StudentId, statements: Mapping[InstitutionId, Person]) -> Registered:
    return Registered(id=student_id, institution_id=next(iter(statements)), statements=statements)


async def _stated(tx: Transaction, student_ids: Sequence[StudentId]) -> Sequence[Person]:
    own = sorted(tx.actor.institution_ids)
    return await persons.stated_by(tx.connection, tx.register.sealer, student_ids, own)


async def _spend(run: Run, stated: Person) -> None:
    """Count a personal code that the institution has not stated yet, also where nothing is kept: whoever tries code after code to find
    children comes to an end. Raises Refused beyond the allowance, and Invalid for a person that is wrong, who costs nothing.
    """
    tx = run.tx
    person = check_person(stated, today=tx.today, allow_test_codes=tx.register.allow_test_codes, pointer="/person")
    code, institution_id = person.personal_code, person.institution_id
    if code is None or await persons.has_stated(tx.connection, tx.register.sealer, code, institution_id):
        return
    standing = tx.register.limits.batch_persons.take(f"{tx.actor.subject} {institution_id}")
    if standing.refused:
        raise Refused(
            "The institution has been sent too many personal codes that are new to it:"
            f" another one is taken after {standing.retry_after} s.",
            code="too-many-persons",
        )


def _normal(tx: Transaction, code: str | None) -> str | None:
    """As it is kept; one that is wrong stays as it is, and is found wrong with the rest of the person."""
    if code is None:
        return None
    try:
        return normalise_personal_code(code, allow_test_codes=tx.register.allow_test_codes)
    except Invalid:
        return code
