"""What the database refuses, in the words of the register. A constraint has the last word; its name finds the sentence."""

from asyncpg import PostgresError
from sqlalchemy.exc import DBAPIError

from app.domain.errors import Busy, Refused

REFUSALS: dict[str, tuple[str, str]] = {
    "uq_plan_semester": ("plan-exists", "This student already has a plan at this institution in this semester."),
    "uq_plan_open": (
        "plan-open",
        "This student already has an open plan at this institution: complete or discontinue it first.",
    ),
    "uq_plan_active": (
        "plan-active-elsewhere",
        "This student already has an active plan: it ends before another is activated.",
    ),
    "ix_enrolment_student_id_institution_id_valid_from": ("enrolment-exists", "This enrolment is recorded already."),
    "uq_outcome_plan": ("outcome-exists", "This plan already has an outcome: change it instead."),
    "uq_outcome_school_year": (
        "outcome-exists",
        "This school year of the student already has an outcome: change it instead.",
    ),
    "fk_plan_risk_risk": ("risk-in-use", "A plan answers this risk: it cannot be deleted. Set resolved_on instead."),
    "fk_outcome_result_risk": (
        "risk-in-use",
        "An outcome speaks of this risk: it cannot be deleted. Set resolved_on instead.",
    ),
    "fk_intervention_plan_risk": (
        "risk-in-use",
        "Support has been delivered against this risk: it stays part of the plan.",
    ),
    "fk_plan_enrolment": ("enrolment-in-use", "A plan hangs on this enrolment: end it instead of deleting it."),
    "fk_outcome_plan": ("plan-in-use", "This plan has an outcome: it cannot be deleted."),
    "fk_plan_continues": ("plan-in-use", "A later plan continues this one: it cannot be deleted."),
    "ex_institution_registration_overlap": ("overlap", "The institution's registration numbers overlap in time."),
    "ex_institution_location_overlap": ("overlap", "The institution's locations overlap in time."),
    "uq_institution_registration_number_valid_from": (
        "registration-number-taken",
        "Another institution has this registration number.",
    ),
    "uq_participation_institution_id_programme_valid_from": (
        "participation-exists",
        "This participation is recorded already.",
    ),
    "pk_student_access": ("student-exists", "The institution has already registered this student."),
    "uq_partner_municipality": ("partner-exists", "This municipality is a partner already."),
    "uq_partner_institution_id": ("partner-exists", "This institution is a partner already."),
    "uq_client_credential_client_id_kid": (
        "key-exists",
        "This client has a key of this kid already: keys are told apart by it.",
    ),
    "uq_semester_closing_standing": ("semester-closed", "This semester is closed already."),
    "pk_person": ("person-exists", "The institution has already stated who this student is."),
}


MERGED_MEANWHILE = "fk_student_access_student_student_id"
"""A student whose id was found a moment ago, and who has been merged since."""

_LOCK_NOT_AVAILABLE, _DEADLOCK = "55P03", "40P01"

_POLICY_CHECK = "ExecWithCheckOptions"
"""The function of PostgreSQL that refuses a new row under a policy. Its SQLSTATE is that of a missing grant as well, which is ours
to mend; the words of its message are in the server's language.
"""


def refusal_of(error: DBAPIError | PostgresError) -> Refused | None:
    """The refusal that a broken constraint, or a lock not to be had, stands for, or None where the register should never have let
    it come so far.

    A policy refuses a new row where what allowed it has ended since it was asked, as by a restriction: whoever asks again is told
    what is true by then.
    """
    cause = error if isinstance(error, PostgresError) else getattr(error.orig, "__cause__", None)
    name, state = getattr(cause, "constraint_name", None), getattr(cause, "sqlstate", None)
    by_policy = getattr(cause, "server_source_function", None) == _POLICY_CHECK
    if name == MERGED_MEANWHILE or state in (_LOCK_NOT_AVAILABLE, _DEADLOCK) or by_policy:
        return Busy()
    if name not in REFUSALS:
        return None
    code, message = REFUSALS[name]
    return Refused(message, code=code)
