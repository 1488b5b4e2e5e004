"""The log of changes in PostgreSQL: what was committed gets a place once, whoever sequences, and is told to those it concerns alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.db import change_log, changes
from app.db.scopes import DatabaseRole, Scope
from app.db.session import Database, driver_of
from app.domain.changes import ChangeOp
from app.domain.errors import Busy
from app.settings import Settings

SCHOOL = Scope(role=DatabaseRole.SCHOOL, institution_ids=(1,))
OTHER = Scope(role=DatabaseRole.SCHOOL, institution_ids=(2,))
STUDENT = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    made = Database(settings.database_url.get_secret_value(), pool_size=8)
    yield made
    await made.close()


@pytest.fixture(scope="module", autouse=True)
async def two_schools(owner: asyncpg.Connection) -> None:
    await owner.execute(
        "INSERT INTO institution (name, sort_key, kind, founder, opened_on)"
        " SELECT 'School ' || n, 'School ' || n, 'GENERAL', 'MUNICIPALITY', '2010-09-01' FROM generate_series(1, 2) AS n"
    )
    await owner.execute("INSERT INTO student (student_id) VALUES ($1)", STUDENT)
    await owner.execute("INSERT INTO student_access SELECT $1, id, id, 'OWN', '2021-09-01' FROM institution", STUDENT)


@pytest.fixture(autouse=True)
async def emptied(owner: asyncpg.Connection) -> None:
    await owner.execute("TRUNCATE change_inbox, change_log; UPDATE change_head SET position = 0, floor = 0")
    await owner.execute("DELETE FROM student_access WHERE owner_id <> institution_id")


async def note(database: Database, scope: Scope, *records: UUID) -> None:
    async with database.transaction(scope) as connection:
        await changes.note(connection, "risk", [(each, STUDENT, scope.institution_ids[0]) for each in records])


async def seen(database: Database, scope: Scope) -> list[tuple[int, int, list[UUID]]]:
    async with database.transaction(scope, read_only=True) as connection:
        driver = await driver_of(connection)
        rows = await driver.fetch("SELECT position, owner_id, record_ids FROM change_log ORDER BY position")
        return [tuple(row) for row in rows]


async def test_many_writers_and_many_sequencers_leave_no_gap(database: Database, owner: asyncpg.Connection) -> None:
    records = [uuid4() for _ in range(60)]

    async def write(number: int) -> None:
        async with database.transaction(SCHOOL) as connection:
            await changes.note(connection, "risk", [(records[number], STUDENT, 1)])
            await asyncio.sleep(0.002 * (number % 3))

    async def sequencing() -> None:
        for _ in range(20):
            await change_log.sequence(database)

    await asyncio.gather(*(write(number) for number in range(60)), sequencing(), sequencing())
    await change_log.sequence(database)
    rows = await owner.fetch("SELECT position, record_ids FROM change_log ORDER BY position")
    assert [row["position"] for row in rows] == list(range(1, 61))
    assert {each for row in rows for each in row["record_ids"]} == set(records)
    assert await owner.fetchval("SELECT count(*) FROM change_inbox") == 0


async def test_a_batch_is_a_few_rows(database: Database, owner: asyncpg.Connection) -> None:
    await note(database, SCHOOL, *(uuid4() for _ in range(1_200)))
    await change_log.sequence(database)
    sizes = await owner.fetch("SELECT cardinality(record_ids) AS size FROM change_log ORDER BY position")
    assert [row["size"] for row in sizes] == [500, 500, 200]


async def test_whoever_had_records_handed_over_is_told_of_these_alone(
    database: Database, owner: asyncpg.Connection
) -> None:
    foreign = uuid4()
    await owner.execute("INSERT INTO student (student_id) VALUES ($1)", foreign)
    await owner.execute("INSERT INTO student_access VALUES ($1, 1, 1, 'OWN', '2021-09-01')", foreign)
    await owner.execute("INSERT INTO student_access VALUES ($1, 1, 2, 'TRANSFER', '2021-09-01')", STUDENT)
    handed, kept = uuid4(), uuid4()
    async with database.transaction(SCHOOL) as connection:
        await changes.note(connection, "risk", [(kept, foreign, 1), (handed, STUDENT, 1)], op=ChangeOp.DELETE)
    await note(database, OTHER, own := uuid4())
    await change_log.sequence(database)
    assert [each[1:] for each in await seen(database, SCHOOL)] == [(1, [kept, handed])]
    assert [each[1:] for each in await seen(database, OTHER)] == [(1, [handed]), (2, [own])]
    await owner.execute(
        "UPDATE student_access SET restricted_on = '2021-09-01', restricted_by = 'AUTHORITY' WHERE reason = 'TRANSFER'"
    )
    await note(database, SCHOOL, uuid4())
    await change_log.sequence(database)
    assert len(await seen(database, OTHER)) == 2, "while they are restricted, nothing is told of them"


@pytest.mark.parametrize("role", ["SCHOOL", "SYNC", "PROVIDER", "PARTNER", "PARTNER_WIDE"])
async def test_each_notes_and_reads_what_is_of_its_institutions(database: Database, role: str) -> None:
    mine, other = Scope(role=DatabaseRole[role], institution_ids=(1,)), OTHER
    await note(database, mine, record := uuid4())
    await note(database, other, uuid4())
    await change_log.sequence(database)
    if role != "PROVIDER":  # who has no feed
        assert [each[1:] for each in await seen(database, mine)] == [(1, [record])]
    with pytest.raises(Busy):
        async with database.transaction(mine) as connection:
            await changes.note(connection, "risk", [(uuid4(), STUDENT, 2)])


async def test_nobody_notes_for_another_institution(database: Database) -> None:
    with pytest.raises(Busy):  # as every row that a policy refuses
        async with database.transaction(OTHER) as connection:
            await changes.note(connection, "risk", [(uuid4(), STUDENT, 1)])


async def test_an_epoch_is_of_one_database(database: Database, owner: asyncpg.Connection) -> None:
    await change_log.sequence(database)
    epoch = await owner.fetchval("SELECT epoch FROM change_head")
    await note(database, SCHOOL, uuid4())
    await change_log.sequence(database)
    assert await owner.fetchval("SELECT epoch FROM change_head") == epoch
    await owner.execute("UPDATE change_head SET database = replace(database, '/', '/1')")
    await change_log.sequence(database)
    assert await owner.fetchval("SELECT epoch FROM change_head") != epoch
    assert await owner.fetchval("SELECT floor = position FROM change_head")


async def test_an_operator_begins_an_epoch(database: Database, owner: asyncpg.Connection) -> None:
    await change_log.sequence(database)
    epoch = await owner.fetchval("SELECT epoch FROM change_head")
    assert await change_log.begin_epoch(database) == await owner.fetchval("SELECT epoch FROM change_head") != epoch


async def test_what_is_old_is_forgotten_and_said_to_be(database: Database, owner: asyncpg.Connection) -> None:
    for _ in range(3):
        await note(database, SCHOOL, uuid4())
        await change_log.sequence(database)
    await owner.execute("UPDATE change_log SET at = now() - interval '91 days' WHERE position < 3")
    await change_log.purge(database, timedelta(days=92))
    assert [each[0] for each in await seen(database, SCHOOL)] == [1, 2, 3]
    await change_log.purge(database, timedelta(days=90))
    assert [each[0] for each in await seen(database, SCHOOL)] == [3]
    assert await owner.fetchval("SELECT floor FROM change_head") == 2


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO change_log SELECT 7, now(), 1, 1, 'risk', 'UPSERT', '{}', '{}'",
        "UPDATE change_head SET position = 0",
        "DELETE FROM change_log",
        "SELECT * FROM change_inbox",
        "DELETE FROM change_inbox",
    ],
)
@pytest.mark.parametrize("role", [each for each in DatabaseRole if each is not DatabaseRole.SEQUENCER])
async def test_only_the_sequencer_moves(database: Database, role: DatabaseRole, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.transaction(Scope(role=role, institution_ids=(1,))) as connection:
            await (await driver_of(connection)).execute(statement)


async def test_the_sequencer_reads_no_record(database: Database) -> None:
    for table in ("risk", "plan", "enrolment", "person.person", "student"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.transaction(change_log.SEQUENCER) as connection:
                await (await driver_of(connection)).execute(f"SELECT * FROM {table}")  # noqa: S608 - the line above
