"""Who asks too often is told to wait, and when to come back; who does not, is not slowed down by it."""

from typing import Any

import httpx
import pytest

from app.api.rate_limits import address_of
from app.domain.actors import Role
from app.settings import Settings
from tests.api.serving import serving
from tests.factories import World, a_person


async def test_every_answer_says_where_the_client_stands(settings: Settings, world: World) -> None:
    async with serving(settings, rate_limit="3/minute") as http:
        answers = [
            await http.get(path, headers=world.authority()) for path in ("/v1/me", "/v1/risks", "/v1/risks/none")
        ]
    assert [each.status_code for each in answers] == [200, 200, 422]
    assert {each.headers["RateLimit-Policy"] for each in answers} == {'"requests";q=3;w=60'}
    assert [each.headers["RateLimit"] for each in answers] == [
        '"requests";r=2;t=20',
        '"requests";r=1;t=40',
        '"requests";r=0;t=60',
    ]


async def test_beyond_its_quota_a_client_waits_and_another_does_not(settings: Settings, world: World) -> None:
    flood, quiet = world.bearer(Role.ANALYST), world.bearer(Role.MINISTRY)
    async with serving(settings, rate_limit="3/minute") as http:
        answers = [await http.get("/v1/regions", headers=flood) for _ in range(50)]
        other = await http.get("/v1/regions", headers=quiet)
        also_here = await http.post("/graphql", headers=flood, json={"query": "{ __typename }"})
    assert [each.status_code for each in answers] == [200] * 3 + [429] * 47
    assert answers[3].json() == {
        "type": "/problems/too-many-requests",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "Too many requests. The next one is answered after 20 s.",
        "correlation_id": answers[3].headers["X-Correlation-Id"],
    }
    assert (answers[3].headers["Retry-After"], answers[3].headers["RateLimit"]) == ("20", '"requests";r=0;t=60')
    assert (other.status_code, other.headers["RateLimit"]) == (200, '"requests";r=2;t=20')
    assert also_here.status_code == 429


async def test_attempts_at_personal_codes_have_a_quota_of_their_own(settings: Settings, world: World) -> None:
    headers = world.coordinator(world.school)
    body: dict[str, Any] = {"institution_id": world.school, "person": a_person()}
    search = {"personal_code": body["person"]["personal_code"]}
    async with serving(settings, rate_limit_persons="2/hour") as http:
        registered = await http.post("/v1/students", json=body, headers=headers)
        found = await http.post("/v1/students/search", json=search, headers=headers)
        third = await http.post("/v1/students/search", json=search, headers=headers)
        other = await http.get(f"/v1/students/{found.json()['id']}", headers=headers)
        neighbour = await http.post("/v1/students/search", json=search, headers=world.head(world.other_school))
    assert (registered.status_code, found.status_code, third.status_code) == (201, 200, 429)
    assert found.headers["RateLimit"].endswith(', "persons";r=0;t=3600')
    assert third.headers["Retry-After"] == "1800"
    assert (other.status_code, neighbour.status_code) == (200, 404)


async def test_an_address_from_which_attempts_fail_waits_but_not_its_neighbours_who_are_known(
    settings: Settings, world: World
) -> None:
    wrong = {"Authorization": "Bearer guessed"}
    async with serving(settings, rate_limit_failures="3/minute") as http:
        answers = [await http.get("/v1/risks", headers=wrong) for _ in range(5)]
        without = await http.get("/v1/risks")
        neighbour = await http.get("/v1/risks", headers=world.authority())
    assert [each.status_code for each in answers] == [401] * 3 + [429] * 2
    assert answers[0].headers["RateLimit"] == '"failures";r=2;t=20'
    assert answers[3].headers["Retry-After"] == "20"
    assert answers[3].json()["correlation_id"] == answers[3].headers["X-Correlation-Id"]
    assert (without.status_code, neighbour.status_code) == (429, 200)


async def test_at_the_token_endpoint_nobody_has_shown_anything_yet(settings: Settings, world: World) -> None:
    wrong, form = ("00000000-0000-4000-8000-00000000abcd", "guessed"), {"grant_type": "client_credentials"}
    async with serving(settings, rate_limit_failures="2/minute") as http:
        statuses = [(await http.post("/oauth/token", data=form, auth=wrong)).status_code for _ in range(3)]
        malformed = await http.post("/oauth/token", data={"grant_type": "password"})
        known = await http.get("/v1/risks", headers=world.authority())
    assert statuses == [401, 401, 429]
    assert (malformed.status_code, malformed.headers["Retry-After"]) == (429, "30")
    assert known.status_code == 200


async def test_another_address_does_not_wait(settings: Settings) -> None:
    async with serving(settings, rate_limit_failures="1/minute", address="192.0.2.1") as first:
        assert [(await first.get("/v1/risks")).status_code for _ in range(2)] == [401, 429]
        app = first._transport.app  # type: ignore[attr-defined]  # noqa: SLF001 - the same service, from another address
        transport = httpx.ASGITransport(app=app, client=("192.0.2.2", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as second:
            assert (await second.get("/v1/risks")).status_code == 401


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("a socket", "a socket"),
    ],
)
def test_who_has_one_address_of_a_network_has_all_of_it(host: str, address: str) -> None:
    assert address_of({"type": "http", "client": (host, 1)}) == address


def test_without_an_address_all_are_one() -> None:
    assert address_of({"type": "http", "client": None}) == address_of({"type": "http"}) == "unknown"


@pytest.mark.parametrize(
    "name", ["rate_limit", "rate_limit_persons", "rate_limit_batch_persons", "rate_limit_failures"]
)
@pytest.mark.parametrize("text", ["many", "0/minute", "600/minute or so", "600"])
def test_a_setting_that_is_no_rate_is_refused(settings: Settings, name: str, text: str) -> None:
    with pytest.raises(ValueError, match=name):
        Settings.model_validate(settings.model_dump(exclude_unset=True) | {name: text})
