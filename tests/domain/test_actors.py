"""Who acts, and whether the scope fits the role."""

from dataclasses import replace

import pytest

from app.domain.actors import LEVELS, OF_PEOPLE, Actor, Level, Role
from app.domain.ids import InstitutionId, PartnerId
from tests.domain.examples import SCHOOL, actor

TWO = frozenset({SCHOOL, InstitutionId(2)})
SCHOOLS = [role for role, level in LEVELS.items() if level is Level.SCHOOL]
UNSCOPED = [role for role, level in LEVELS.items() if level in (Level.STATE, Level.OUTSIDE, Level.OPERATOR)]


def test_every_role_has_a_level_and_every_level_a_role() -> None:
    assert set(LEVELS) == set(Role)
    assert set(LEVELS.values()) == set(Level)
    assert all(actor(role).level is level for role, level in LEVELS.items())


@pytest.mark.parametrize("role", list(Role))
def test_a_full_scope_has_no_flaw(role: Role) -> None:
    assert actor(role).flaw() is None


@pytest.mark.parametrize("role", SCHOOLS)
@pytest.mark.parametrize("institutions", [frozenset(), TWO])
def test_a_role_of_a_school_has_exactly_one_institution(role: Role, institutions: frozenset[InstitutionId]) -> None:
    wrong = replace(actor(role), institution_ids=institutions)
    assert wrong.flaw() == f"{role} needs exactly one institution."


@pytest.mark.parametrize("institutions", [frozenset(), TWO])
def test_a_school_system_has_the_institutions_of_the_day(institutions: frozenset[InstitutionId]) -> None:
    """Grants come and go by date: on some days there is none, which is a scope like any other."""
    assert replace(actor(Role.SYNC_CLIENT), institution_ids=institutions).flaw() is None


@pytest.mark.parametrize("role", [Role.MUNICIPALITY_COORDINATOR, Role.VOCATIONAL_COORDINATOR])
def test_a_coordinator_of_a_partner_has_a_partner(role: Role) -> None:
    assert Actor(subject="somebody", role=role).flaw() == f"{role} needs a partner."
    assert Actor(subject="somebody", role=role, partner_id=PartnerId(1)).flaw() is None


def test_a_regional_coordinator_has_a_region() -> None:
    assert Actor(subject="somebody", role=Role.REGIONAL_COORDINATOR).flaw() == "REGIONAL_COORDINATOR needs a region."
    assert Actor(subject="somebody", role=Role.REGIONAL_COORDINATOR, region_code="PR-VIDZEME").flaw() is None


@pytest.mark.parametrize("role", UNSCOPED)
def test_the_state_those_outside_and_operators_need_no_scope(role: Role) -> None:
    assert Actor(subject="somebody", role=role).flaw() is None


def test_a_support_provider_is_a_staff_member() -> None:
    provider = replace(actor(Role.SUPPORT_PROVIDER), staff_member=None)
    assert provider.flaw() == "SUPPORT_PROVIDER needs a staff member."
    assert replace(actor(Role.SCHOOL_HEAD), staff_member=None).flaw() is None


@pytest.mark.parametrize("reference", ["", "Anna Ozola", "anna@skola.example", "T" * 41, "'; RESET ROLE; --", "T-1\n"])
def test_a_staff_member_is_a_plain_reference(reference: str) -> None:
    wrong = replace(actor(Role.SUPPORT_PROVIDER), staff_member=reference)
    assert wrong.flaw() == (
        "A staff member's reference has letters, digits, dots, hyphens and underscores only, at most 40."
    )


def test_a_machine_is_no_person() -> None:
    assert set(Role) - OF_PEOPLE == {Role.SYNC_CLIENT}
