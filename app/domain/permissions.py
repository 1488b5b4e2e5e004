"""What each role may do at all. Where it may do it is decided by the database; whether it may happen now, by the noun's rules."""

from enum import StrEnum

from app.domain.actors import Actor, Role
from app.domain.errors import Forbidden


class Permission(StrEnum):
    READ_REFERENCE = "read reference data"
    READ_INSTITUTIONS = "read institutions and participations"
    WRITE_INSTITUTIONS = "write institutions and participations"
    READ_RECORDS = "read records of students"
    READ_PERSONS = "read the person behind a student"
    WRITE_STUDENTS = "write students, enrolments and risks"
    WRITE_PLANS = "write plans"
    DECIDE_PLANS = "approve, activate and return plans"
    END_PLANS = "complete and discontinue plans"
    WRITE_INTERVENTIONS = "write interventions"
    WRITE_OUTCOMES = "write outcomes"
    CONFIRM_TRANSFERS = "confirm transfers"
    ANSWER_SUBJECTS = "answer the requests of data subjects"
    ERASE_STUDENTS = "erase students"
    CLOSE_SEMESTERS = "close and reopen semesters"
    SEAL_RELEASES = "seal and withdraw releases"
    READ_RELEASES = "read releases"
    MERGE_STUDENTS = "find and merge students who are one person"
    DISCLOSE_IDENTITY = "learn who a student is"
    READ_STATISTICS = "read statistics"
    READ_ACCESS_LOGS = "read who looked at a student"
    SEND_BATCHES = "send batches of records"
    FOLLOW_CHANGES = "follow the changes of records"


P = Permission
_EVERYBODY = frozenset({P.READ_REFERENCE, P.READ_INSTITUTIONS})
_OUTSIDE = _EVERYBODY | {P.READ_STATISTICS, P.READ_RELEASES}
_SCHOOL = _EVERYBODY | {P.READ_RECORDS, P.READ_STATISTICS}
_CASE_WORK = _SCHOOL | {
    P.READ_PERSONS,
    P.WRITE_STUDENTS,
    P.WRITE_PLANS,
    P.WRITE_INTERVENTIONS,
    P.WRITE_OUTCOMES,
    P.END_PLANS,
}
_PARTNER = _EVERYBODY | {P.READ_RECORDS, P.READ_STATISTICS, P.DECIDE_PLANS, P.END_PLANS, P.FOLLOW_CHANGES}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SCHOOL_HEAD: _CASE_WORK | {P.DECIDE_PLANS, P.ANSWER_SUBJECTS, P.READ_ACCESS_LOGS, P.FOLLOW_CHANGES},
    Role.SCHOOL_COORDINATOR: _CASE_WORK | {P.FOLLOW_CHANGES},
    Role.PLAN_PREPARER: _CASE_WORK,
    Role.SUPPORT_PROVIDER: _SCHOOL | {P.WRITE_INTERVENTIONS},
    Role.MUNICIPALITY_COORDINATOR: _PARTNER,
    Role.VOCATIONAL_COORDINATOR: _PARTNER,
    Role.PROGRAMME_AUTHORITY: _PARTNER
    | {
        P.WRITE_INSTITUTIONS,
        P.CONFIRM_TRANSFERS,
        P.ANSWER_SUBJECTS,
        P.ERASE_STUDENTS,
        P.DISCLOSE_IDENTITY,
        P.MERGE_STUDENTS,
        P.CLOSE_SEMESTERS,
        P.SEAL_RELEASES,
        P.READ_RELEASES,
        P.READ_ACCESS_LOGS,
    },
    Role.REGIONAL_COORDINATOR: _EVERYBODY | {P.READ_RECORDS, P.READ_STATISTICS, P.FOLLOW_CHANGES},
    Role.ANALYST: _OUTSIDE,
    Role.EVALUATOR: _OUTSIDE,
    Role.MINISTRY: _OUTSIDE,
    Role.SYNC_CLIENT: (_CASE_WORK - {P.READ_STATISTICS}) | {P.SEND_BATCHES, P.FOLLOW_CHANGES},
    Role.ADMINISTRATOR: frozenset({P.READ_REFERENCE}),
}
del P


def demand(actor: Actor, permission: Permission) -> None:
    """Raise Forbidden unless the actor's role has this permission."""
    if permission not in PERMISSIONS[actor.role]:
        raise Forbidden(f"{actor.role} may not {permission.value}.", code="role-may-not")
