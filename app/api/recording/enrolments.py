"""Enrolments. Whatever is done to one may end a plan, and open or close what was written of the student."""

from dataclasses import replace

from app.api.recording import plan_steps
from app.api.transactions import Transaction
from app.db import enrolments, institutions, plans, students, transfers
from app.domain.closings import demand_counted_as_before
from app.domain.deeds import Action
from app.domain.enrolments import Enrolment, check_enrolment
from app.domain.ids import EnrolmentId
from app.domain.plans import check_enrolment_still_holds


async def locked(tx: Transaction, enrolment_id: EnrolmentId) -> Enrolment:
    """The student is locked before the enrolment: two that overlap would otherwise not see each other."""
    await students.lock(tx.connection, (await enrolments.get(tx.connection, enrolment_id)).student_id)
    return await enrolments.get(tx.connection, enrolment_id, lock=True)


async def add(tx: Transaction, enrolment: Enrolment) -> Enrolment:
    """Enrol a student that the institution has registered itself, under the id that it has now."""
    student_id = await students.demand_own(tx.connection, enrolment.student_id, enrolment.institution_id)
    await students.lock(tx.connection, student_id)
    checked = await _check(tx, replace(enrolment, student_id=student_id))
    await enrolments.add(tx.connection, checked, tx.deed(Action.CREATE, "enrolment", checked))
    await _settle(tx, checked)
    return checked


async def change(tx: Transaction, current: Enrolment, stated: Enrolment) -> Enrolment:
    """`current` is locked; `stated` is what it shall be. If that ends it, an open plan ends on the same day."""
    changed = await _check(tx, current.restated(stated))
    theirs = await plans.of_students(tx.connection, [changed.student_id])
    check_enrolment_still_holds(changed, theirs)
    demand_counted_as_before(changed, current, theirs, await tx.closed_semesters())
    saved = await enrolments.change(tx.connection, changed, tx.deed(Action.CHANGE, "enrolment", changed))
    if current.period.end is None and saved.period.end is not None:
        await plan_steps.end_with_enrolment(tx, saved, saved.period.end)
    await _settle(tx, saved)
    return saved


async def remove(tx: Transaction, current: Enrolment) -> None:
    """`current` is locked. The database refuses where a plan hangs on it."""
    await enrolments.remove(tx.connection, current, tx.deed(Action.DELETE, "enrolment", current))
    await _settle(tx, current)


async def _settle(tx: Transaction, enrolment: Enrolment) -> None:
    deed = tx.deed(Action.OPEN_HISTORY, "student", enrolment)
    await transfers.settle(tx.connection, enrolment.student_id, today=tx.today, deed=deed)


async def _check(tx: Transaction, enrolment: Enrolment) -> Enrolment:
    return check_enrolment(
        enrolment,
        institution=await institutions.get(tx.connection, enrolment.institution_id),
        others=await enrolments.others(tx.connection, enrolment),
        geography=tx.reference.geography,
        codes=tx.reference.code_lists,
        today=tx.today,
    )
