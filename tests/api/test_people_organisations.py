"""Who a person of the identity provider is in the register: one role, and the organisation whose public number the token says, today."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import asyncpg
import httpx
import pytest

from app.api.tokens.claims import Naming
from app.main import create_app
from app.settings import Settings
from tests.api.identity_provider import IdentityProvider, SigningKey, running
from tests.api.people import bearer, roles, trusting
from tests.factories import World, a_person, make_partner

KEY = SigningKey(kid="rsa")
RENUMBERED = date(2021, 11, 16)
SCHOOL, SCHOOL_THEN, COLLEGE, AMBIGUOUS = "4400900001", "4400900002", "4400900003", "4400900004"
"""Registration numbers: of the school until it is renumbered and from then on, and of the college."""


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with running() as started:
        started.publish(KEY)
        yield started


@pytest.fixture(scope="module")
def settings(settings: Settings, provider: IdentityProvider) -> Settings:
    return trusting(settings, provider.issuer)


@pytest.fixture(scope="module")
async def numbered(owner: asyncpg.Connection, world: World) -> World:
    """The school is renumbered tomorrow; of one number two institutions say that it is theirs."""
    periods = [
        (world.school, SCHOOL, date(2010, 9, 1), date(2021, 11, 15)),
        (world.school, SCHOOL_THEN, RENUMBERED, None),
        (world.college, COLLEGE, date(2010, 9, 1), None),
        (world.other_school, AMBIGUOUS, date(2010, 9, 1), None),
        (world.school, AMBIGUOUS, date(2000, 9, 1), date(2010, 8, 31)),
    ]
    await owner.executemany("INSERT INTO institution_registration VALUES ($1, $2, $3, $4)", periods)
    return world


@asynccontextmanager
async def on_the_day(settings: Settings, **changed: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The same register on another day, or with the provider understood otherwise."""
    app = create_app(settings.model_copy(update=changed))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://register.test") as client,
    ):
        yield client


async def me(http: httpx.AsyncClient, provider: IdentityProvider, *role: str, **claims: Any) -> dict[str, Any] | None:
    """What the register says of whoever has these claims; None where it refuses the token."""
    answer = await http.get("/v1/me", headers=bearer(KEY.sign(provider.claims(**roles(*role), **claims))))
    if answer.status_code == 401:
        assert answer.json()["detail"] == "This token is not accepted."
        return None
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_head_is_known_by_the_registration_number_of_today(
    http: httpx.AsyncClient, provider: IdentityProvider, numbered: World
) -> None:
    said = await me(http, provider, "vaditajs", institution=SCHOOL)
    assert said is not None
    assert (said["role"], said["level"], said["institution_ids"]) == ("SCHOOL_HEAD", "SCHOOL", [numbered.school])
    assert said["subject"] == "7f5f7a52-0d2b-4c0e-9d53-2f1b0a6c9a01"
    assert "approve, activate and return plans" in said["permissions"]


async def test_the_number_changes_by_date(
    http: httpx.AsyncClient, settings: Settings, provider: IdentityProvider, numbered: World
) -> None:
    assert await me(http, provider, "vaditajs", institution=SCHOOL_THEN) is None
    async with on_the_day(settings, today=RENUMBERED) as tomorrow:
        said = await me(tomorrow, provider, "vaditajs", institution=SCHOOL_THEN)
        assert said is not None
        assert said["institution_ids"] == [numbered.school]
        assert await me(tomorrow, provider, "vaditajs", institution=SCHOOL) is None


async def test_a_number_of_two_institutions_is_nobodys(
    http: httpx.AsyncClient, settings: Settings, provider: IdentityProvider, numbered: World, owner: asyncpg.Connection
) -> None:
    said = await me(http, provider, "vaditajs", institution=AMBIGUOUS)
    assert said is not None
    assert said["institution_ids"] == [numbered.other_school]
    async with on_the_day(settings, today=date(2030, 1, 1)) as later:
        taken = (numbered.college, AMBIGUOUS, date(2030, 1, 1))
        await owner.execute("UPDATE institution_registration SET valid_to = '2029-12-31' WHERE number = $1", COLLEGE)
        await owner.execute("INSERT INTO institution_registration VALUES ($1, $2, $3, NULL)", *taken)
        assert await me(later, provider, "vaditajs", institution=AMBIGUOUS) is None
        await owner.execute("DELETE FROM institution_registration WHERE valid_from = '2030-01-01'")
        await owner.execute("UPDATE institution_registration SET valid_to = NULL WHERE number = $1", COLLEGE)


async def test_a_municipalitys_coordinator_has_the_institutions_under_its_agreements(
    http: httpx.AsyncClient, provider: IdentityProvider, numbered: World
) -> None:
    """Madona signed under its old code, which is nobody's today: what it signed is the new municipality's."""
    said = await me(http, provider, "pasvaldibas-koordinators", partner="0038000")
    assert said is not None
    assert (said["partner_id"], said["institution_ids"]) == (numbered.madona, [numbered.school])
    assert await me(http, provider, "pasvaldibas-koordinators", partner="0700200") is None


async def test_the_municipality_of_today_comes_before_what_it_inherited(
    http: httpx.AsyncClient, provider: IdentityProvider, numbered: World, owner: asyncpg.Connection
) -> None:
    own = await make_partner(owner, municipality="0038000")
    said = await me(http, provider, "pasvaldibas-koordinators", partner="0038000")
    assert said is not None
    assert (said["partner_id"], said["institution_ids"]) == (own, [numbered.school])
    await owner.execute("DELETE FROM partner WHERE id = $1", own)


async def test_a_partner_that_is_an_institution_is_known_by_its_number(
    http: httpx.AsyncClient, provider: IdentityProvider, numbered: World
) -> None:
    said = await me(http, provider, "tehnikuma-koordinators", partner=COLLEGE)
    assert said is not None
    assert (said["partner_id"], said["institution_ids"]) == (numbered.college_itself, [numbered.college])


async def test_a_regional_coordinator_has_a_planning_region(
    http: httpx.AsyncClient, provider: IdentityProvider, numbered: World
) -> None:
    said = await me(http, provider, "regiona-koordinators", region="PR-VIDZEME")
    assert said is not None
    assert (said["region"], said["institution_ids"]) == ("PR-VIDZEME", [numbered.school, numbered.college])


async def test_a_provider_of_support_is_a_staff_member_of_an_institution(
    http: httpx.AsyncClient, provider: IdentityProvider, numbered: World
) -> None:
    said = await me(http, provider, "atbalsta-specialists", institution=[SCHOOL], staff_member="T-017")
    assert said is not None
    assert (said["staff_member"], said["institution_ids"]) == ("T-017", [numbered.school])


async def test_the_authority_needs_no_organisation_and_gets_none(
    http: httpx.AsyncClient, provider: IdentityProvider
) -> None:
    said = await me(http, provider, "ikvd", institution=SCHOOL, partner=COLLEGE, region="PR-VIDZEME", staff_member="x")
    assert said is not None
    assert (said["role"], said["institution_ids"]) == ("PROGRAMME_AUTHORITY", None)
    assert (said["partner_id"], said["region"], said["staff_member"]) == (None, None, None)


HEAD, COORDINATOR, COLLEGES, REGIONAL, SPECIALIST = (
    ("vaditajs",),
    ("pasvaldibas-koordinators",),
    ("tehnikuma-koordinators",),
    ("regiona-koordinators",),
    ("atbalsta-specialists",),
)


@pytest.mark.parametrize(
    ("role", "claims"),
    [
        ((), {}),
        (("students",), {}),
        (("SCHOOL_HEAD",), {"institution": SCHOOL}),
        (("SYNC_CLIENT",), {"institutions": [1]}),
        (("vaditajs", "ikvd"), {"institution": SCHOOL}),
        ((), {"realm_access": "ikvd"}),
        ((), {"realm_access": {"roles": {"ikvd": True}}}),
        ((), {"realm_access": {"roles": [["ikvd"], True, None, 1.5]}}),
        ((), {"realm_access": ["ikvd"]}),
        (HEAD, {}),
        (HEAD, {"institution": "4400900099"}),
        (HEAD, {"institution": 1}),
        (HEAD, {"institution": "1"}),
        (HEAD, {"institution": ""}),
        (HEAD, {"institution": "44009000\x001"}),
        (HEAD, {"institution": "' OR true"}),
        (HEAD, {"institution": "4" * 5_000}),
        (HEAD, {"institution": True}),
        (HEAD, {"institution": []}),
        (HEAD, {"institution": {"number": SCHOOL}}),
        (HEAD, {"institution": [SCHOOL, COLLEGE]}),
        (HEAD, {"partner": COLLEGE}),
        (COORDINATOR, {}),
        (COORDINATOR, {"partner": "0099999"}),
        (COORDINATOR, {"partner": "0054010"}),
        (COORDINATOR, {"institution": SCHOOL}),
        (COLLEGES, {"partner": SCHOOL}),
        (COLLEGES, {"partner": "4400900099"}),
        (REGIONAL, {}),
        (REGIONAL, {"region": "LV00A"}),
        (REGIONAL, {"region": "Vidzeme"}),
        (SPECIALIST, {"institution": SCHOOL}),
        (SPECIALIST, {"institution": SCHOOL, "staff_member": "'; RESET ROLE; --"}),
        (SPECIALIST, {"institution": SCHOOL, "staff_member": "T" * 41}),
        (SPECIALIST, {"staff_member": "T-017"}),
    ],
    ids=str,
)
async def test_who_does_not_fit_is_refused(
    http: httpx.AsyncClient,
    provider: IdentityProvider,
    numbered: World,
    role: tuple[str, ...],
    claims: dict[str, Any],
) -> None:
    assert numbered.school
    answer = await http.get("/v1/me", headers=bearer(KEY.sign(provider.claims(**{**roles(*role), **claims}))))
    assert (answer.status_code, answer.json()["detail"]) == (401, "This token is not accepted.")


async def test_two_names_of_one_role_are_one_role(
    http: httpx.AsyncClient, provider: IdentityProvider, numbered: World
) -> None:
    said = await me(http, provider, "vaditajs", "direktors", institution=SCHOOL)
    assert said is not None
    assert (said["role"], said["institution_ids"]) == ("SCHOOL_HEAD", [numbered.school])


async def test_a_provider_may_know_our_own_ids(settings: Settings, provider: IdentityProvider, numbered: World) -> None:
    async with on_the_day(settings, oidc_organisations_by=Naming.ID, oidc_institution_claim="register.school") as http:
        head = await me(http, provider, "vaditajs", register={"school": numbered.school})
        assert head is not None
        assert head["institution_ids"] == [numbered.school]
        coordinator = await me(http, provider, "pasvaldibas-koordinators", partner=[str(numbered.riga)])
        assert coordinator is not None
        assert coordinator["institution_ids"] == [numbered.other_school]
        for wrong in (0, -1, 99_999, 2**31, 2**63, "4400900001", "²", "one"):
            assert await me(http, provider, "vaditajs", register={"school": wrong}) is None
            assert await me(http, provider, "tehnikuma-koordinators", partner=wrong) is None


async def test_a_claims_name_may_have_dots(settings: Settings, provider: IdentityProvider, numbered: World) -> None:
    name = "https://register.example/role"
    async with on_the_day(settings, oidc_role_claim=name) as http:
        said = await me(http, provider, **{name: "vaditajs", "institution": SCHOOL})
        assert said is not None
        assert said["institution_ids"] == [numbered.school]


@pytest.mark.parametrize("sub", ["izdomata.paraudze@example.lv", "Izdomāta Paraudze", "\ud800", "x" * 255])
async def test_the_audit_knows_a_person_by_no_name(
    http: httpx.AsyncClient, provider: IdentityProvider, numbered: World, owner: asyncpg.Connection, sub: str
) -> None:
    token = KEY.sign(provider.claims(**roles("vaditajs"), sub=sub, institution=SCHOOL))
    said = await me(http, provider, "vaditajs", sub=sub, institution=SCHOOL)
    assert said is not None
    body = {"institution_id": numbered.school, "person": a_person()}
    assert (await http.post("/v1/students", json=body, headers=bearer(token))).status_code == 201
    kept = await owner.fetchval("SELECT subject FROM audit_event ORDER BY id DESC LIMIT 1")
    assert kept == said["subject"]
    assert kept.startswith("sha256-")
    assert len(kept) == len("sha256-") + 64
