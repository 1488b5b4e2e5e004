"""Identified risks of students."""

from dataclasses import replace

from app.api.transactions import Transaction
from app.db import risks, students
from app.domain.closings import demand_open
from app.domain.deeds import Action
from app.domain.errors import Refused
from app.domain.ids import RiskId
from app.domain.risks import Risk, check_risk


async def locked(tx: Transaction, risk_id: RiskId) -> Risk:
    return await risks.get(tx.connection, risk_id, lock=True)


async def add(tx: Transaction, risk: Risk) -> Risk:
    """Record a risk of a student that the institution has registered itself, under the id that it has now."""
    student_id = await students.demand_own(tx.connection, risk.student_id, risk.institution_id)
    checked = _check(tx, replace(risk, student_id=student_id))
    await risks.add(tx.connection, checked, tx.deed(Action.CREATE, "risk", checked))
    return checked


async def change(tx: Transaction, stated: Risk) -> Risk:
    """`stated` is what the risk, which is locked, shall be."""
    changed = _check(tx, stated)
    if changed.type != (await risks.get(tx.connection, changed.id)).type:
        for semester in await risks.semesters_in_force(tx.connection, changed):
            demand_open(semester, await tx.closed_semesters())
    return await risks.change(tx.connection, changed, tx.deed(Action.CHANGE, "risk", changed))


async def remove(tx: Transaction, current: Risk) -> None:
    """Raises Refused where a plan answers the risk, which is locked."""
    if await risks.is_answered(tx.connection, current):
        raise Refused("A plan answers this risk: it cannot be deleted. Set resolved_on instead.", code="risk-in-use")
    await risks.remove(tx.connection, current, tx.deed(Action.DELETE, "risk", current))


def _check(tx: Transaction, risk: Risk) -> Risk:
    return check_risk(risk, codes=tx.reference.code_lists, today=tx.today)
