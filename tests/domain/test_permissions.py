"""What each role may do at all: who is on the list of each permission, and that the list is kept."""

from itertools import product

import pytest

from app.domain.actors import LEVELS, Level, Role
from app.domain.errors import Forbidden
from app.domain.permissions import PERMISSIONS, Permission, demand
from app.domain.plan_steps import WHO_MAY, Step
from tests.domain.examples import actor

CASE_WORKERS = {Role.SCHOOL_HEAD, Role.SCHOOL_COORDINATOR, Role.PLAN_PREPARER}
PARTNERS = {Role.MUNICIPALITY_COORDINATOR, Role.VOCATIONAL_COORDINATOR}
OUTSIDE = {Role.ANALYST, Role.EVALUATOR, Role.MINISTRY}
SEEING = CASE_WORKERS | PARTNERS | {Role.SUPPORT_PROVIDER, Role.PROGRAMME_AUTHORITY, Role.REGIONAL_COORDINATOR}

WHO = {
    Permission.READ_REFERENCE: set(Role),
    Permission.READ_INSTITUTIONS: set(Role) - {Role.ADMINISTRATOR},
    Permission.WRITE_INSTITUTIONS: {Role.PROGRAMME_AUTHORITY},
    Permission.READ_RECORDS: SEEING | {Role.SYNC_CLIENT},
    Permission.READ_PERSONS: CASE_WORKERS | {Role.SYNC_CLIENT},
    Permission.WRITE_STUDENTS: CASE_WORKERS | {Role.SYNC_CLIENT},
    Permission.WRITE_PLANS: CASE_WORKERS | {Role.SYNC_CLIENT},
    Permission.DECIDE_PLANS: PARTNERS | {Role.SCHOOL_HEAD, Role.PROGRAMME_AUTHORITY},
    Permission.END_PLANS: CASE_WORKERS | PARTNERS | {Role.PROGRAMME_AUTHORITY, Role.SYNC_CLIENT},
    Permission.WRITE_INTERVENTIONS: CASE_WORKERS | {Role.SUPPORT_PROVIDER, Role.SYNC_CLIENT},
    Permission.WRITE_OUTCOMES: CASE_WORKERS | {Role.SYNC_CLIENT},
    Permission.CONFIRM_TRANSFERS: {Role.PROGRAMME_AUTHORITY},
    Permission.ANSWER_SUBJECTS: {Role.SCHOOL_HEAD, Role.PROGRAMME_AUTHORITY},
    Permission.ERASE_STUDENTS: {Role.PROGRAMME_AUTHORITY},
    Permission.DISCLOSE_IDENTITY: {Role.PROGRAMME_AUTHORITY},
    Permission.MERGE_STUDENTS: {Role.PROGRAMME_AUTHORITY},
    Permission.CLOSE_SEMESTERS: {Role.PROGRAMME_AUTHORITY},
    Permission.SEAL_RELEASES: {Role.PROGRAMME_AUTHORITY},
    Permission.READ_RELEASES: OUTSIDE | {Role.PROGRAMME_AUTHORITY},
    Permission.READ_STATISTICS: SEEING | OUTSIDE,
    Permission.READ_ACCESS_LOGS: {Role.SCHOOL_HEAD, Role.PROGRAMME_AUTHORITY},
    Permission.SEND_BATCHES: {Role.SYNC_CLIENT},
    Permission.FOLLOW_CHANGES: SEEING - {Role.PLAN_PREPARER, Role.SUPPORT_PROVIDER} | {Role.SYNC_CLIENT},
}


@pytest.mark.parametrize("permission", list(Permission))
def test_each_permission_is_for_these_roles_and_no_other(permission: Permission) -> None:
    assert {role for role in Role if permission in PERMISSIONS[role]} == WHO[permission]


@pytest.mark.parametrize(("role", "permission"), list(product(Role, Permission)))
def test_a_role_without_the_permission_is_forbidden(role: Role, permission: Permission) -> None:
    if role in WHO[permission]:
        demand(actor(role), permission)
        return
    with pytest.raises(Forbidden) as forbidden:
        demand(actor(role), permission)
    assert forbidden.value.code == "role-may-not"
    assert forbidden.value.message == f"{role} may not {permission.value}."


@pytest.mark.parametrize("role", sorted(OUTSIDE | {Role.ADMINISTRATOR}))
def test_those_outside_and_operators_touch_no_record(role: Role) -> None:
    """Which figures those outside are told is a matter of their database role: see tests/api/test_released_statistics.py."""
    released = {Permission.READ_STATISTICS, Permission.READ_RELEASES}
    assert PERMISSIONS[role] <= {Permission.READ_REFERENCE, Permission.READ_INSTITUTIONS} | released


def test_no_level_above_the_school_reads_names() -> None:
    reading = {LEVELS[role] for role in Role if Permission.READ_PERSONS in PERMISSIONS[role]}
    assert reading == {Level.SCHOOL, Level.MACHINE}


def test_whoever_approves_returns_or_activates_a_plan_may_decide_on_plans() -> None:
    deciding = {Step.APPROVE_SCHOOL, Step.APPROVE_PARTNER, Step.ACTIVATE, Step.RETURN}
    roles = set().union(*(roles for (_, step), roles in WHO_MAY.items() if step in deciding))
    assert roles == WHO[Permission.DECIDE_PLANS]


def test_whoever_ends_a_plan_may_end_plans() -> None:
    ending = {Step.COMPLETE, Step.DISCONTINUE}
    roles = set().union(*(roles for (_, step), roles in WHO_MAY.items() if step in ending))
    assert roles <= WHO[Permission.END_PLANS]
