"""The owner of the tables is no superuser: it migrates up and down, and the service runs on what it has made."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import httpx
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from app.db.embedded import EmbeddedServer
from app.db.migrations import ALEMBIC_INI, migrate
from tests.factories import World, end_enrolment, enrol, identify_risk, register_student

OWNER = "plain_owner"
DATABASE, AGAIN = "register", "register_again"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """One of its own: roles belong to the server, and on that of the other tests a superuser has made them."""
    with EmbeddedServer.start(tmp_path_factory.mktemp("postgres"), durable=False) as running:
        yield running


@pytest.fixture(scope="module")
async def database_name(server: EmbeddedServer) -> str:
    """Made as docs/running.md says, and nothing more."""
    superuser = await asyncpg.connect(server.dsn("register_owner", "postgres"))
    await superuser.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE")
    for name in (DATABASE, AGAIN):
        await superuser.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
    await superuser.close()
    await migrate(server.url(OWNER, DATABASE))
    return DATABASE


@pytest.fixture
async def plain(server: EmbeddedServer, database_name: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server.dsn(OWNER, database_name))
    yield connection
    await connection.close()


async def test_the_service_runs_on_what_it_has_made(http: httpx.AsyncClient, world: World) -> None:
    """Also where definer functions do the work: a code is claimed, a history follows a transfer, a restriction spreads."""
    student_id = await register_student(http, world, world.school)
    await identify_risk(http, world, student_id, world.school)
    await end_enrolment(http, world, await enrol(http, world, student_id, world.school))
    there = await http.get(f"/v1/students/{student_id}", headers=world.coordinator(world.other_school))
    assert there.status_code == httpx.codes.NOT_FOUND
    person = (await http.get(f"/v1/students/{student_id}/person", headers=world.coordinator(world.school))).json()
    stated = {each: person[each] for each in ("given_names", "family_name", "birth_date", "personal_code")}
    assert await register_student(http, world, world.other_school, stated) == student_id
    await enrol(http, world, student_id, world.other_school, **{"from": "2021-11-01"})
    assert await risks_seen(http, world, student_id) == 1
    restricted = await http.post(
        f"/v1/students/{student_id}/restriction", json={"reason": "A request"}, headers=world.head(world.school)
    )
    assert restricted.status_code == httpx.codes.OK
    assert await risks_seen(http, world, student_id) == 0


async def risks_seen(http: httpx.AsyncClient, world: World, student_id: str) -> int:
    answer = await http.get(f"/v1/risks?student_id={student_id}", headers=world.coordinator(world.other_school))
    assert answer.status_code == httpx.codes.OK, answer.text
    return len(answer.json()["items"])


async def test_it_sees_no_student(plain: asyncpg.Connection, http: httpx.AsyncClient, world: World) -> None:
    """Migrating, it becomes the keeper for a moment; at no time has it the keeper's rights as its own."""
    await enrol(http, world, await register_student(http, world, world.school), world.school)
    for table in ("enrolment", "student", "student_access", "person.person", "person.personal_code"):
        assert await plain.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - of the line above
    assert not await plain.fetchval("SELECT pg_has_role('register_keeper', 'USAGE')")
    assert not await plain.fetchval("SELECT has_schema_privilege('register_keeper', 'public', 'CREATE')")


async def test_down_and_up_again(server: EmbeddedServer, database_name: str) -> None:
    """In a second database of the same server; what its audit holds survives, though it may not read it."""
    assert database_name != AGAIN
    await migrate(server.url(OWNER, AGAIN))
    superuser = await asyncpg.connect(server.dsn("register_owner", AGAIN))
    kept = "SELECT count(*) FROM audit_event WHERE subject = 'jana.k'"
    await superuser.execute(
        "INSERT INTO audit_inbox (subject, role, action, noun, student_ids, institution_ids, correlation_id)"
        " VALUES ('jana.k', 'SCHOOL_HEAD', 'READ', 'risk', '{}', '{}', 'one')"
    )
    await down(server, "0011")
    assert await superuser.fetchval(kept) == 1
    await migrate(server.url(OWNER, AGAIN))
    assert await superuser.fetchval(kept) == 1
    await down(server, "base")
    await migrate(server.url(OWNER, AGAIN))
    assert await superuser.fetchval(kept) == 0
    await superuser.close()


async def down(server: EmbeddedServer, revision: str) -> None:
    def downgrade(connection: Connection) -> None:
        config = Config(ALEMBIC_INI)
        config.attributes["connection"] = connection
        command.downgrade(config, revision)

    engine = create_async_engine(server.url(OWNER, AGAIN))
    async with engine.connect() as connection:
        await connection.run_sync(downgrade)
        await connection.commit()
    await engine.dispose()
