"""The person behind a student: an institution corrects what it states itself."""

from app.api.transactions import Transaction
from app.db import persons
from app.domain.deeds import Action
from app.domain.ids import InstitutionId, StudentId
from app.domain.students import Person, check_person


async def locked(tx: Transaction, student_id: StudentId, stated_by: InstitutionId) -> Person:
    return await persons.get(tx.connection, tx.register.sealer, student_id, stated_by, lock=True)


async def change(tx: Transaction, current: Person, stated: Person, *, pointer: str = "") -> Person:
    """A new personal code is added to those by which the student is found; the former ones go on finding it. `pointer` is where the
    person stands in the data as it was sent.
    """
    sealer = tx.register.sealer
    changed = check_person(stated, today=tx.today, allow_test_codes=tx.register.allow_test_codes, pointer=pointer)
    if changed.personal_code != current.personal_code:
        await persons.state_code(tx.connection, sealer, changed, claims=not tx.only_validates)
    return await persons.change(tx.connection, sealer, changed, tx.deed(Action.CHANGE, "person", changed))
