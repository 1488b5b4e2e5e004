"""The client and the register itself: what is pushed is there once, and what is followed is what is there."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.client import AsyncRegisterClient, ClientKey, ClientSecret, FixedToken, MemoryStore, Retries, SqliteStore
from app.domain.clients import Algorithm
from tests.api.clients import System, a_system
from tests.api.replica import view
from tests.client.test_replica import records
from tests.factories import World, a_person, enrol, register_student

Json = dict[str, Any]
ADDRESS = "http://127.0.0.1"


class Careless(httpx.ASGITransport):
    """Loses the answer of every other request for a batch, after the register has done what it was asked."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app=app, raise_app_exceptions=False)
        self.batches = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        if request.url.path.startswith("/v1/sync/batches") and request.method == "POST":
            self.batches += 1
            if self.batches % 2:
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return answer


def speaking(app: FastAPI, system: System, transport: httpx.ASGITransport | None = None) -> AsyncRegisterClient:
    http = httpx.AsyncClient(transport=transport or httpx.ASGITransport(app=app, raise_app_exceptions=False))
    secret = ClientSecret(client_id=system.id, secret=str(system.issued.secret))
    return AsyncRegisterClient(ADDRESS, secret, http=http, retries=Retries(base=0))


@pytest.fixture(scope="module")
async def system(app: FastAPI, world: World) -> System:
    return await a_system(app, world.school, world.college)


@pytest.fixture
async def client(app: FastAPI, system: System) -> AsyncRegisterClient:
    return speaking(app, system)


def household(world: World, name: str) -> Sequence[Json]:
    """A student with an enrolment, a risk, and a plan that is submitted: in an order in which nothing could be applied."""
    consent = {
        "application_signed_on": "2021-09-20",
        "application_signed_by": "GUARDIAN",
        "guardian_agreed_on": "2021-09-20",
        "student_agreed_on": "2021-09-20",
    }
    measure = {"risk": f"R-{name}", "support_measure": "SUBJECT_CONSULTATION", "subject": "MATHEMATICS", "hours": "20"}
    at = {"student": f"S-{name}", "institution": world.school}
    identified = {"identified_on": "2021-09-15", "identified_by": "TEACHER", "severity": "MEDIUM"}
    plan = {"enrolment": f"E-{name}", "semester": "2021-1", "risks": [f"R-{name}"], "planned_measures": [measure]}
    said = {
        "plan": (f"P-{name}", plan | {"consent": consent}),
        "risk": (f"R-{name}", at | {"type": "LANGUAGE_BARRIER"} | identified),
        "enrolment": (f"E-{name}", at | {"grade": 7, "from": "2021-09-01"}),
        "student": (f"S-{name}", {"institution": world.school, "person": a_person()}),
    }
    submitted = {"op": "submit", "type": "plan", "external_id": f"P-{name}"}
    return [submitted, *({"type": each, "external_id": id_, "data": data} for each, (id_, data) in said.items())]


async def pushed(client: AsyncRegisterClient, items: Sequence[Json], **options: Any) -> dict[str, tuple[int, int]]:
    """Created and unchanged, by type. Nothing may be rejected."""
    totals: dict[str, tuple[int, int]] = {}
    async for each in client.push(items, **options):
        assert each.rejected == ()
        for type_, counts in each.report.counts.items():
            created, unchanged = totals.get(type_, (0, 0))
            totals[type_] = created + counts.created, unchanged + counts.unchanged
    return totals


async def test_what_is_cut_into_single_items_still_comes_in_order(client: AsyncRegisterClient, world: World) -> None:
    items = household(world, "one-by-one")
    assert await pushed(client, items, batch_items=1) == {
        "student": (1, 0),
        "enrolment": (1, 0),
        "risk": (1, 0),
        "plan": (1, 0),
    }
    again = await pushed(client, items)
    assert {created for created, _ in again.values()} == {0}
    assert again["plan"] == (0, 2)


async def test_answers_that_are_lost_apply_nothing_twice(app: FastAPI, system: System, world: World) -> None:
    transport = Careless(app)
    items = [each for n in range(3) for each in household(world, f"lost-{n}")]
    totals = await pushed(speaking(app, system, transport), items, batch_items=4)
    assert {created for created, _ in totals.values()} == {3}
    assert transport.batches == 8


async def test_a_rejection_is_told_in_latvian_and_its_report_stays(app: FastAPI, system: System, world: World) -> None:
    client = speaking(app, system)
    data = {"student": "S-nobody", "institution": world.school, "grade": 7, "from": "2021-09-01"}
    wrong = {"type": "enrolment", "external_id": "E-nobody", "data": data}
    [told] = [each async for each in client.push([wrong])]
    [rejected] = told.rejected
    assert (rejected.item, rejected.violations[0].code) == (wrong, "unknown-reference")
    assert (await client.report(told.report.id)).rejected[0].external_id == "E-nobody"


async def test_a_key_in_place_of_a_secret(app: FastAPI, world: World) -> None:
    system = await a_system(app, world.school, algorithm=Algorithm.ES256)
    key = ClientKey(client_id=system.id, kid=system.kid, key=private(system))
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))
    schema = await AsyncRegisterClient(ADDRESS, key, http=http).schema()
    assert [each.type for each in schema.types] == [
        "institution",
        "student",
        "enrolment",
        "risk",
        "plan",
        "intervention",
        "outcome",
    ]


def private(system: System) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat  # noqa: PLC0415

    return system.signing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


async def test_a_replica_is_what_the_register_shows(
    http: httpx.AsyncClient, client: AsyncRegisterClient, system: System, world: World, tmp_path: Path
) -> None:
    items = [*household(world, "followed"), *household(world, "deleted")]
    await pushed(client, items)
    memory = MemoryStore()
    with SqliteStore(tmp_path / "replica.db") as sqlite:
        for store in (memory, sqlite):
            _ = [page async for page in client.follow(store, once=True, limit=2)]
        extra = {"type": "LOW_MOTIVATION", "identified_on": "2021-10-01", "identified_by": "TEACHER", "severity": "LOW"}
        risk = {"student": "S-followed", "institution": world.school} | extra
        await pushed(client, [{"type": "risk", "external_id": "R-more", "data": risk}])
        await pushed(client, [{"op": "delete", "type": "risk", "external_id": "R-more"}])
        for store in (memory, sqlite):
            _ = [page async for page in client.follow(store, once=True)]
        headers = {"Authorization": f"Bearer {await token(http, system)}"}
        shown = await view(http, headers)
        assert {(each.type, each.id): each.data for each in records(memory).values()} == shown
        assert records(sqlite) == records(memory)
        assert {"E-followed", "P-deleted"} <= {each.external_id for each in records(memory).values()}


@pytest.mark.parametrize("limit", [1, 1000])
async def test_a_replica_follows_its_institutions(
    app: FastAPI, http: httpx.AsyncClient, world: World, tmp_path: Path, limit: int
) -> None:
    for institution_id in (world.school, world.other_school, world.college):
        student_id = await register_student(http, world, institution_id)
        await enrol(http, world, student_id, institution_id, grade=3)
        await register_student(http, world, institution_id)
    memory = MemoryStore()
    with SqliteStore(tmp_path / "replica.db") as sqlite:
        for ids in (
            (world.school,),
            (world.school, world.other_school),
            (world.other_school, world.college),
            (),
            (world.school, world.college),
        ):
            headers = world.sync(*ids)
            bearer = FixedToken(headers["Authorization"].removeprefix("Bearer "))
            client = AsyncRegisterClient(ADDRESS, bearer, http=httpx.AsyncClient(transport=httpx.ASGITransport(app)))
            for store in (memory, sqlite):
                _ = [page async for page in client.follow(store, once=True, limit=limit)]
            shown = await view(http, headers)
            assert {(each.type, each.id): each.data for each in records(memory).values()} == shown
            assert records(sqlite) == records(memory)


async def token(http: httpx.AsyncClient, system: System) -> str:
    answer = await http.post("/oauth/token", data=system.by_form())
    return str(json.loads(answer.content)["access_token"])
