"""Each level gets its own figures, exact, and nothing of anybody else's."""

import pytest

from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId, PartnerId
from tests.graphql.conftest import Ask
from tests.graphql.tiny_register import AGLONA, COLLEGE, MADONA, MADONA_PARTNER

pytestmark = pytest.mark.usefixtures("tiny_register")

SELECTION = (
    "groups { key { institution { id } } students plans deliveredHours institutionsParticipating } totals { students }"
)


def school(institution: int, role: Role = Role.SCHOOL_HEAD) -> Actor:
    return Actor(
        subject="school", role=role, institution_ids=frozenset({InstitutionId(institution)}), staff_member="t-1"
    )


async def seen(ask: Ask, actor: Actor) -> tuple[dict[int, tuple[int, int, str, int]], int]:
    answer = await ask("by: [INSTITUTION]", SELECTION, actor)
    groups = {
        g["key"]["institution"]["id"]: (g["students"], g["plans"], g["deliveredHours"], g["institutionsParticipating"])
        for g in answer["groups"]
    }
    return groups, answer["totals"]["students"]


async def test_a_municipality_sees_the_institutions_under_its_agreement(ask: Ask) -> None:
    madona = Actor(subject="madona", role=Role.MUNICIPALITY_COORDINATOR, partner_id=PartnerId(MADONA_PARTNER))
    assert await seen(ask, madona) == ({1: (2, 3, "6.50", 1), 2: (1, 1, "0.00", 1)}, 3)


async def test_a_region_sees_the_institutions_that_lie_in_it(ask: Ask) -> None:
    latgale = Actor(subject="latgale", role=Role.REGIONAL_COORDINATOR, region_code="PR-LATGALE")
    assert await seen(ask, latgale) == ({4: (1, 2, "0.00", 1), 5: (1, 1, "0.00", 1)}, 2)


@pytest.mark.parametrize("role", [Role.SCHOOL_HEAD, Role.SCHOOL_COORDINATOR, Role.PLAN_PREPARER, Role.SUPPORT_PROVIDER])
async def test_a_school_sees_its_own_part_of_a_student_who_moved(ask: Ask, role: Role) -> None:
    assert await seen(ask, school(COLLEGE, role)) == ({3: (1, 1, "1.00", 1)}, 1)
    assert await seen(ask, school(MADONA, role)) == ({1: (2, 3, "6.50", 1)}, 2)


async def test_naming_an_institution_out_of_scope_finds_nothing(ask: Ask) -> None:
    where = f"by: [INSTITUTION], where: {{institutions: [{AGLONA}]}}"
    assert await ask(where, SELECTION, school(MADONA)) == {"groups": [], "totals": {"students": 0}}


@pytest.mark.parametrize("role", [Role.SYNC_CLIENT, Role.ADMINISTRATOR])
async def test_other_roles_are_refused(refused: Ask, role: Role) -> None:
    granted = frozenset({InstitutionId(MADONA)}) if role is Role.SYNC_CLIENT else frozenset()
    error = await refused(
        "{ statistics { totals { plans } } }", Actor(subject="outside", role=role, institution_ids=granted)
    )
    assert error["code"] == "role-may-not"
    assert error["message"] == f"{role} may not read statistics."
