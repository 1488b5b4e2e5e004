"""What the audit keeps: every change, every read of a student's records, every attempt that was refused; and nothing without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import httpx
import pytest

from app.db.embedded import EmbeddedServer
from app.domain.actors import Role
from app.main import create_app
from app.settings import Settings
from tests.api.plan_chain import draft
from tests.factories import Json, World, register_student

ABSENT = "00000000-0000-4000-8000-000000000000"
FIELDS = "action, noun, role, organisation, record_id, student_ids, institution_ids, outcome, reason"


async def kept(owner: asyncpg.Connection, correlation_id: str) -> list[asyncpg.Record]:
    return list(
        await owner.fetch(f"SELECT {FIELDS} FROM audit_event WHERE correlation_id = $1 ORDER BY id", correlation_id)  # noqa: S608 - ours
    )


def quoting(headers: dict[str, str], correlation_id: str) -> dict[str, str]:
    return {**headers, "X-Correlation-Id": correlation_id}


@pytest.fixture(scope="module")
async def plan(http: httpx.AsyncClient, world: World) -> Json:
    return await draft(http, world, world.school)


def addresses(plan: Json) -> dict[str, tuple[str, str]]:
    """Each read of records, and what the audit calls it."""
    student = plan["student_id"]
    return {
        "one student": (f"/v1/students/{student}", "READ student"),
        "students": ("/v1/students", "LIST student"),
        "a person": (f"/v1/students/{student}/person", "READ person"),
        "one enrolment": (f"/v1/enrolments/{plan['enrolment_id']}", "READ enrolment"),
        "enrolments": ("/v1/enrolments", "LIST enrolment"),
        "one risk": (f"/v1/risks/{plan['risk_ids'][0]}", "READ risk"),
        "risks": ("/v1/risks", "LIST risk"),
        "one plan": (f"/v1/plans/{plan['id']}", "READ plan"),
        "plans": ("/v1/plans", "LIST plan"),
        "a plan's steps": (f"/v1/plans/{plan['id']}/steps", "READ plan"),
        "who looked": (f"/v1/students/{student}/access-log", "READ access log"),
    }


@pytest.mark.parametrize("what", addresses({"student_id": "", "enrolment_id": "", "risk_ids": [""], "id": ""}))
async def test_a_read_is_kept_with_whom_it_was_about(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json, what: str
) -> None:
    address, expected = addresses(plan)[what]
    correlation_id = f"read-{what.replace(' ', '-')}".replace("'", "")
    answer = await http.get(address, headers=quoting(world.head(world.school), correlation_id))
    assert answer.status_code == 200, answer.text
    [entry] = await kept(owner, correlation_id)
    assert f"{entry['action']} {entry['noun']}" == expected
    assert (entry["role"], entry["organisation"]) == ("SCHOOL_HEAD", f"institution {world.school}")
    assert [str(each) for each in entry["student_ids"]] == [plan["student_id"]]
    assert entry["outcome"] == "DONE"


async def test_a_search_by_personal_code_is_kept_without_the_code(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    code = "000000-20012"
    headers = quoting(world.coordinator(world.school), "search-for-nobody")
    answer = await http.post("/v1/students/search", json={"personal_code": code}, headers=headers)
    assert answer.status_code in (404, 422)
    assert all(code not in str(dict(entry)) for entry in await kept(owner, "search-for-nobody"))


async def test_a_list_names_everybody_it_shows_and_nobody_else(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    registered = {await register_student(http, world, world.other_school) for _ in range(3)}
    headers = quoting(world.coordinator(world.other_school), "list-of-two")
    shown = (await http.get("/v1/students?limit=2", headers=headers)).json()["items"]
    [entry] = await kept(owner, "list-of-two")
    assert {str(each) for each in entry["student_ids"]} == {each["id"] for each in shown} < registered
    assert entry["record_id"] is None


async def test_a_document_of_graphql_is_kept_by_noun(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    query = f'{{ student(id: "{plan["student_id"]}") {{ enrolments {{ id }} plans {{ id risks {{ id }} outcome {{ id }} }} }} }}'
    headers = quoting(world.coordinator(world.school), "graphql-of-one")
    answer = await http.post("/graphql", json={"query": query}, headers=headers)
    assert answer.json()["data"]["student"]["plans"] == [
        {"id": plan["id"], "risks": [{"id": plan["risk_ids"][0]}], "outcome": None}
    ]
    entries = await kept(owner, "graphql-of-one")
    assert {entry["noun"] for entry in entries} == {"student", "enrolment", "plan", "risk"}
    assert {str(each) for entry in entries for each in entry["student_ids"]} == {plan["student_id"]}


async def test_statistics_and_public_facts_are_about_nobody(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    headers = quoting(world.authority(), "about-nobody")
    assert (await http.get("/v1/institutions", headers=headers)).status_code == 200
    query = {"query": "{ statistics { totals { plans } } }"}
    assert "errors" not in (await http.post("/graphql", json=query, headers=headers)).json()
    assert await kept(owner, "about-nobody") == []


async def test_an_attempt_on_what_is_foreign_or_absent_is_kept(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    for number, record_id in enumerate((plan["id"], ABSENT)):
        headers = quoting(world.head(world.other_school), f"attempt-on-{number}")
        assert (await http.get(f"/v1/plans/{record_id}", headers=headers)).status_code == 404
        await http.post("/graphql", json={"query": f'{{ plan(id: "{record_id}") {{ id }} }}'}, headers=headers)
        found = [tuple(entry)[:2] + tuple(entry)[4:] for entry in await kept(owner, f"attempt-on-{number}")]
        assert found == [
            ("ATTEMPT", "plan", record_id, [], [], "NOT_FOUND", "get_plan: not-found"),
            ("ATTEMPT", "plan", record_id, [], [], "NOT_FOUND", "query: not-found"),
        ]


async def test_whoever_looks_for_a_foreign_student_is_found_under_that_student(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    student = plan["student_id"]
    headers = quoting(world.head(world.other_school), "looks-for-another")
    risk = {"type": "LANGUAGE_BARRIER", "identified_on": "2021-09-20", "identified_by": "TEACHER", "severity": "LOW"}
    await http.get("/v1/plans", params={"student_id": student}, headers=headers)
    await http.get(f"/v1/students/{student}", headers=headers)
    of_mine = {"student_id": student, "institution_id": world.other_school, **risk}
    await http.post("/v1/risks", json=of_mine, headers=headers)
    for query in (
        f'{{ student(id: "{student}") {{ id }} }}',
        f'{{ plans(where: {{studentId: "{student}"}}) {{ edges {{ cursor }} }} }}',
        f'{{ interventions(where: {{studentId: "{student}"}}) {{ edges {{ cursor }} }} }}',
    ):
        await http.post("/graphql", json={"query": query}, headers=headers)
    found = await kept(owner, "looks-for-another")
    assert [(entry["action"], entry["noun"]) for entry in found] == [
        ("LIST", "plan"),
        ("ATTEMPT", "student"),
        ("ATTEMPT", "student"),
        ("ATTEMPT", "student"),
        ("READ", "plan"),
        ("READ", "intervention"),
    ]
    assert {tuple(map(str, entry["student_ids"])) for entry in found} == {(student,)}


async def test_an_attempt_that_the_role_may_not_make_is_kept(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    headers = quoting(world.bearer(Role.ANALYST), "not-for-analysts")
    path = f"/v1/students/{plan['student_id']}/person"
    assert (await http.get(path, headers=headers)).status_code == 403
    await http.post("/graphql", json={"query": "{ students { edges { cursor } } }"}, headers=headers)
    found = [(entry["noun"], entry["outcome"], entry["reason"]) for entry in await kept(owner, "not-for-analysts")]
    assert found == [
        ("students", "FORBIDDEN", "get_person: role-may-not"),
        ("students", "FORBIDDEN", "query: role-may-not"),
    ]


async def test_a_decision_that_is_refused_is_kept(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    headers = {**quoting(world.head(world.school), "approve-a-draft"), "If-Match": f'"{plan["version"]}"'}
    assert (await http.post(f"/v1/plans/{plan['id']}/approval", headers=headers)).status_code == 409
    [entry] = await kept(owner, "approve-a-draft")
    assert (entry["action"], entry["record_id"], entry["outcome"]) == ("ATTEMPT", plan["id"], "REFUSED")


@asynccontextmanager
async def nothing_can_be_kept(owner: asyncpg.Connection) -> AsyncIterator[None]:
    await owner.execute("ALTER TABLE audit_inbox ADD CONSTRAINT broken CHECK (subject = '') NOT VALID")
    try:
        yield
    finally:
        await owner.execute("ALTER TABLE audit_inbox DROP CONSTRAINT broken")


async def test_what_cannot_be_kept_is_neither_read_nor_done(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plan: Json
) -> None:
    headers = world.coordinator(world.school)
    query = {"query": f'{{ plan(id: "{plan["id"]}") {{ code }} }}'}
    before = await owner.fetchval("SELECT count(*) FROM risk")
    async with nothing_can_be_kept(owner):
        answers = [
            await http.get(f"/v1/plans/{plan['id']}", headers=headers),
            await http.get("/v1/plans", headers=headers),
            await http.get(f"/v1/students/{plan['student_id']}/person", headers=headers),
            await http.post("/graphql", json=query, headers=headers),
            await http.post(
                "/v1/risks",
                json={
                    "student_id": plan["student_id"],
                    "institution_id": world.school,
                    "type": "LANGUAGE_BARRIER",
                    "identified_on": "2021-09-20",
                    "identified_by": "TEACHER",
                    "severity": "MEDIUM",
                },
                headers=headers,
            ),
            await http.get(f"/v1/plans/{ABSENT}", headers=headers),
        ]
    assert [answer.status_code for answer in answers] == [500] * len(answers)
    assert all(plan["code"] not in answer.text and plan["student_id"] not in answer.text for answer in answers)
    assert await owner.fetchval("SELECT count(*) FROM risk") == before
    assert (await http.get(f"/v1/plans/{plan['id']}", headers=headers)).status_code == 200


async def test_the_running_service_seals(settings: Settings, world: World, owner: asyncpg.Connection) -> None:
    app = create_app(settings.model_copy(update={"audit_interval": timedelta(milliseconds=20)}))
    transport = httpx.ASGITransport(app=app)
    query = "SELECT count(*) FROM audit_log WHERE correlation_id = 'soon-sealed'"
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://register.test") as http,
    ):
        await http.get("/v1/plans", headers=quoting(world.coordinator(world.school), "soon-sealed"))
        async with asyncio.timeout(20):
            while not await owner.fetchval(query):  # noqa: ASYNC110 - the sealer tells nobody
                await asyncio.sleep(0.02)
    assert await owner.fetchval(query) == 1


async def test_a_service_that_does_not_seal_is_not_ready(
    http: httpx.AsyncClient, owner: asyncpg.Connection, server: EmbeddedServer, database_name: str
) -> None:
    assert (await http.get("/readyz")).status_code == 200
    hanging = await asyncpg.connect(server.dsn("register_owner", database_name))
    transaction = hanging.transaction()
    await transaction.start()
    await hanging.execute("SELECT FROM audit_head FOR UPDATE")
    await owner.execute(
        "INSERT INTO audit_inbox (at, subject, role, action, noun) VALUES (now() - interval '2 minutes', 'x', 'x', 'x', 'x')"
    )
    answer = await http.get("/readyz")
    await transaction.rollback()
    await hanging.close()
    assert (answer.status_code, answer.json()) == (503, {"status": "audit not sealed"})
