"""Releases over REST: sealed of a closed semester alone, never changed, withdrawn at most, and paid for in any case."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from app.main import create_app
from app.settings import Settings
from tests.api.closing import kind
from tests.api.releases import AUTUMN, CLOSED, closed_again, exact, figures, seal, sealed, supported
from tests.factories import World

__all__ = ["exact"]
OK, CREATED = httpx.codes.OK, httpx.codes.CREATED
REASON = {"reason": "Vienas skolas stundas bija ierakstītas divreiz."}


@pytest.fixture(scope="module", autouse=True)
async def closed(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    await supported(http, world, owner)
    await owner.execute(CLOSED)


@pytest.fixture(autouse=True)
async def none_before(owner: asyncpg.Connection) -> None:
    await owner.execute("DELETE FROM release_cell; DELETE FROM release")


async def test_only_a_closed_semester_is_released(http: httpx.AsyncClient, world: World) -> None:
    assert kind(await seal(http, world, "2020-2")) == "semester-not-closed"
    assert (await seal(http, world, "2020-3")).status_code == httpx.codes.NOT_FOUND
    assert (await http.get("/v1/releases", headers=world.authority())).json() == []


async def test_a_second_is_sealed_only_of_a_semester_that_was_reopened(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    made = await sealed(http, world)
    answer = await seal(http, world)
    assert (answer.status_code, kind(answer)) == (httpx.codes.CONFLICT, "nothing-to-correct")
    withdrawal = f"/v1/releases/{made['id']}/withdrawal"
    assert (await http.post(withdrawal, json=REASON, headers=world.authority())).status_code == OK
    assert kind(await seal(http, world)) == "nothing-to-correct"
    assert len((await http.get("/v1/releases", headers=world.authority())).json()) == 1
    await closed_again(owner)
    assert (await sealed(http, world))["number"] == 2
    assert kind(await seal(http, world)) == "nothing-to-correct"


async def test_what_was_sealed_is_listed_with_what_it_cost(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    made = [await sealed(http, world)]
    await closed_again(owner)
    made.append(await sealed(http, world))
    analyst = world.bearer(Role.ANALYST)
    assert (await http.get("/v1/releases", headers=analyst)).json() == made
    assert [each["number"] for each in made] == [1, 2]
    first, second = made
    assert Decimal(first["spent"]) == Decimal(first["rho"])
    assert Decimal(second["spent"]) == Decimal(first["rho"]) + Decimal(second["rho"])
    assert 0 < Decimal(first["rho"]) <= Decimal("0.2")
    assert (first["semester"], first["sealed_on"], first["delta"]) == (AUTUMN, "2021-11-15", "0.000001")
    one = (await http.get(f"/v1/releases/{first['id']}", headers=analyst)).json()
    definition = one.pop("definition")
    assert one == first
    assert definition["regions"]["PR-VIDZEME"]
    tables = {(each["figure"], each["level"], *each["attributes"]) for each in definition["tables"]}
    assert ("STUDENTS", "MUNICIPALITY", "RISK_GROUP") in tables


async def test_noise_is_drawn_for_each_anew(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    one = await sealed(http, world)
    await closed_again(owner)
    other = await sealed(http, world)
    same = await owner.fetchval(
        "SELECT avg((a.value = b.value)::int) FROM release_cell AS a"
        " JOIN release_cell AS b USING (figure, level, attributes, position)"
        " WHERE a.release_id = $1::text::uuid AND b.release_id = $2::text::uuid",
        one["id"],
        other["id"],
    )
    assert same < 0.01


@pytest.mark.usefixtures("exact")
async def test_it_is_of_what_was_recorded(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    made = await sealed(http, world)
    madona, vidzeme = "0038000", "PR-VIDZEME"
    assert await figures(owner, made, "STUDENTS", "STATE", "") == {(None,): 1}
    assert await figures(owner, made, "STUDENTS", "STATE", "INSTITUTION_KIND,GRADE") == {(None, "GENERAL", "7"): 1}
    assert await figures(owner, made, "STUDENTS", "REGION", "SCHOOL_YEAR_RESULT") == {(vidzeme, "LEFT_EARLY"): 1}
    assert await figures(owner, made, "STUDENTS", "REGION", "RISK,RISK_RESULT") == {
        (vidzeme, "LEARNING_DIFFICULTY", "REDUCED"): 1
    }
    assert await figures(owner, made, "STUDENTS", "MUNICIPALITY", "MINORITY_PROGRAMME") == {(madona, "false"): 1}
    assert await figures(owner, made, "HOURS", "MUNICIPALITY", "") == {(madona,): Decimal("1.5")}
    assert await figures(owner, made, "HOURS", "REGION", "SUPPORT_MEASURE") == {
        (vidzeme, "SUBJECT_CONSULTATION"): Decimal("1.5")
    }
    assert await figures(owner, made, "CONSULTATIONS", "REGION", "") == {(vidzeme,): 1}
    assert await figures(owner, made, "EUR", "REGION", "SUPPORT_MEASURE") == {(vidzeme, "MEALS"): Decimal("22.5")}


async def test_it_adds_up_exactly(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    made = await sealed(http, world)
    off = await owner.fetch(
        "SELECT s.figure, s.attributes, s.position FROM release_cell AS s JOIN release_cell AS r"
        " ON r.release_id = s.release_id AND r.figure = s.figure AND r.attributes = s.attributes AND r.codes = s.codes"
        " WHERE s.release_id = $1::text::uuid AND s.level = 'STATE' AND r.level = 'REGION'"
        " GROUP BY s.figure, s.attributes, s.position, s.value HAVING sum(r.value) <> s.value",
        made["id"],
    )
    assert off == []


async def test_one_that_is_withdrawn_says_why_and_stays_paid_for(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    made = await sealed(http, world)
    address = f"/v1/releases/{made['id']}/withdrawal"
    answer = await http.post(address, json=REASON, headers=world.authority())
    assert answer.status_code == OK, answer.text
    assert answer.json() == made | {"withdrawn_on": "2021-11-15", "withdrawal_reason": REASON["reason"]}
    assert kind(await http.post(address, json=REASON, headers=world.authority())) == "release-withdrawn"
    assert (await http.get("/v1/releases", headers=world.bearer(Role.MINISTRY))).json() == [answer.json()]
    await closed_again(owner)
    again = await sealed(http, world)
    assert Decimal(again["spent"]) == 2 * Decimal(made["rho"])
    entries = await owner.fetch(
        "SELECT action, record_id, reason FROM audit_event WHERE noun = 'release' AND outcome = 'DONE' ORDER BY at DESC LIMIT 3"
    )
    assert [tuple(each) for each in entries] == [
        ("SEAL", again["id"], None),
        ("WITHDRAW", made["id"], REASON["reason"]),
        ("SEAL", made["id"], None),
    ]


async def test_of_many_at_once_one_is_sealed_and_paid_for(http: httpx.AsyncClient, world: World) -> None:
    answers = await asyncio.gather(*(seal(http, world) for _ in range(4)))
    assert {each.status_code for each in answers} <= {CREATED, httpx.codes.CONFLICT}
    assert {kind(each) for each in answers if each.status_code != CREATED} <= {
        "release-under-way",
        "nothing-to-correct",
    }
    listed = (await http.get("/v1/releases", headers=world.authority())).json()
    assert len(listed) == [each.status_code for each in answers].count(CREATED) == 1
    assert listed[0]["spent"] == listed[0]["rho"]


@pytest.fixture
async def frugal(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A register that may spend less than two releases cost."""
    app = create_app(settings.model_copy(update={"release_ceiling": Decimal("0.3")}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as client:
            yield client


async def test_beyond_the_ceiling_there_is_none(
    frugal: httpx.AsyncClient, http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    made = await sealed(frugal, world)
    await closed_again(owner)
    assert kind(await seal(frugal, world)) == "privacy-ceiling"
    await frugal.post(f"/v1/releases/{made['id']}/withdrawal", json=REASON, headers=world.authority())
    assert kind(await seal(frugal, world)) == "privacy-ceiling"
    assert await owner.fetchval("SELECT count(*) FROM release") == 1
    assert await owner.fetchval("SELECT count(DISTINCT release_id) FROM release_cell") == 1
    assert (await seal(http, world)).status_code == CREATED


async def test_nobody_else_seals_one(http: httpx.AsyncClient, world: World) -> None:
    for headers in (world.bearer(Role.ANALYST), world.head(world.school), world.bearer(Role.ADMINISTRATOR)):
        answer = await http.post("/v1/releases", json={"semester": AUTUMN}, headers=headers)
        assert answer.status_code == httpx.codes.FORBIDDEN
