"""Subject access over REST (GDPR, articles 15 and 20): all that is held of a student, as one document that programs can read, too."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from fastapi import APIRouter, Response

from app.api.auth import MayAnswerSubjects
from app.api.problems import problems
from app.api.rest.enrolment_models import EnrolmentOut
from app.api.rest.intervention_models import InterventionOut
from app.api.rest.named_codes import named_codes
from app.api.rest.outcome_models import present
from app.api.rest.persons import PersonOut
from app.api.rest.plans.models import PlanOut, PlanStepOut
from app.api.rest.restrictions import RestrictionOut
from app.api.rest.risks import RiskOut
from app.api.rest.subject_access_models import (
    NamedCode,
    NamedInstitution,
    PlanWithSteps,
    RetentionOut,
    RetentionRuleOut,
    SubjectAccessNew,
    SubjectAccessOut,
)
from app.api.transactions import Transaction, WriteTx
from app.db import institutions, persons, restrictions, students, subject_access
from app.domain.actors import Level
from app.domain.deeds import Action
from app.domain.erasures import Erasable
from app.domain.ids import StudentId
from app.domain.retention import Stay
from app.domain.students import Person
from app.domain.subject_access import check_access_request

router = APIRouter(prefix="/v1/students/{student_id}", tags=["rights of the data subject"])


@router.post("/subject-access", operation_id="answer_subject_access", responses=problems(404))
async def answer_subject_access(
    actor: MayAnswerSubjects, tx: WriteTx, student_id: StudentId, body: SubjectAccessNew, response: Response
) -> SubjectAccessOut:
    """Everything that the register holds of a student and you may hand out: the school's head what the institution sees, with its
    statement of the person; the authority all records, without a name. It writes nothing but its entry in the audit.
    """
    student = await students.get(tx.connection, student_id)
    # The authority reads no person, not even here: it learns a name by a disclosure alone.
    stated = (
        [] if actor.level is Level.STATE else await persons.of_student(tx.connection, tx.register.sealer, student.id)
    )
    check_access_request(body.request(), age=_age(tx, stated, body.requested_on), today=tx.today)
    held = await subject_access.held(tx.connection, student.id)
    stay = held.stay(student.id, await students.registered_on(tx.connection, student.id))
    writers = sorted({*held.institution_ids, *(each.institution_id for each in stated)})
    answer = SubjectAccessOut(
        student_id=student.id,
        requested_by=body.requested_by,
        requested_on=body.requested_on,
        answered_on=tx.today,
        purposes=_codes(tx, "processing-purposes"),
        recipients=_codes(tx, "recipients"),
        retention=list(_retention(tx, stay)),
        restrictions=[RestrictionOut.of(each) for each in await restrictions.of_student(tx.connection, student.id)],
        persons=[PersonOut.of(each) for each in stated],
        institutions=[
            NamedInstitution(id=each.id, name=each.name) for each in await institutions.of_ids(tx.connection, writers)
        ],
        enrolments=[EnrolmentOut.of(each) for each in held.enrolments],
        risks=[RiskOut.of(each) for each in held.risks],
        plans=[
            PlanWithSteps(plan=PlanOut.of(each), steps=[PlanStepOut.of(step) for step in held.steps.get(each.id, ())])
            for each in held.plans
        ],
        interventions=[InterventionOut.of(each) for each in held.interventions],
        outcomes=[present(each) for each in held.outcomes],
        codes=[],
    )
    answer.codes = named_codes(answer, tx.reference)
    deed = tx.deed(Action.ANSWER_SUBJECT, "student", student, reason=f"{body.requested_by}: {body.reason}")
    await subject_access.answered(tx.connection, replace(deed, institution_ids=tuple(writers)))
    response.headers["Cache-Control"] = "no-store"
    return answer


def _age(tx: Transaction, stated: Sequence[Person], on: date) -> int | None:
    """As the institution itself has stated it; what was handed over may differ."""
    return next((each.age_on(on) for each in stated if each.institution_id in tx.actor.institution_ids), None)


def _codes(tx: Transaction, name: str) -> list[NamedCode]:
    return [NamedCode.of(each) for each in tx.reference.code_lists[name].valid_on(tx.today)]


def _retention(tx: Transaction, stay: Stay) -> Iterator[RetentionOut]:
    rules = tx.reference.retention
    for what in Erasable:
        found = rules.first_day(stay, what, tx.today)
        yield RetentionOut(
            what=what,
            first_day=None if found is None else found[0],
            rules=[
                RetentionRuleOut(rule=each.code, name_lv=each.name_lv, name_en=each.name_en, source=each.source)
                for each in rules.of_student(stay, what, tx.today)
            ],
        )
