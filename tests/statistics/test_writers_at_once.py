"""Whoever writes at the same time, of one student or at one institution: nothing is lost between them, and nobody waits in a circle."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from random import Random

import asyncpg
import pytest

from app.db.embedded import EmbeddedServer
from app.db.scopes import AUTHORITY
from app.db.sealing import Sealer
from app.db.session import Connection, Database
from app.db.statistics import upkeep
from app.domain.errors import RegisterError
from app.settings import Settings
from tests.factories import World
from tests.statistics.clerk import ACTS, Clerk

Agree = Callable[[], Awaitable[bool]]
Write = Callable[[Connection], Awaitable[None]]


@pytest.fixture(scope="module")
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database_url.get_secret_value(), pool_size=4)
    yield opened
    await opened.close()


@pytest.fixture
async def clerk(database: Database, settings: Settings, world: World) -> Clerk:
    """With plans at each institution, under which support has been delivered."""
    sealer = Sealer(key_id=1, keys={1: settings.person_key}, hash_key=settings.person_hash_key)
    made = Clerk(database=database, sealer=sealer, at=(world.school, world.other_school))
    await made.registered(3)
    await made.do([Clerk.plan] * 8 + [Clerk.deliver] * 8, Random(1))
    assert len(made.delivered) > 5
    return made


@pytest.fixture
async def agree(server: EmbeddedServer, database_name: str) -> Agree:
    async def agree() -> bool:
        return await upkeep.differences(server.url("register_owner", database_name)) == []

    return agree


async def together(database: Database, *writes: Write) -> None:
    """Each in its own transaction: all have written before the first commits, and all commit at once."""
    written, go_on = asyncio.Barrier(len(writes)), asyncio.Lock()

    async def one(write: Write) -> None:
        async with database.transaction(AUTHORITY) as connection:
            async with go_on:
                await write(connection)
            await written.wait()

    await asyncio.gather(*map(one, writes))


async def test_support_of_one_institution(clerk: Clerk, agree: Agree) -> None:
    random = Random(2)
    mine = [each for each in clerk.plans.values() if each.institution_id == clerk.at[0]]
    assert len(mine) > 2
    await together(clerk.database, *(partial(clerk.deliver_under, each, random=random) for each in mine[:4]))
    assert await agree()


async def test_support_and_the_marks_of_the_enrolment(clerk: Clerk, agree: Agree) -> None:
    """One adds a difference to what the other makes anew."""
    for seed in range(3, 9):
        await together(
            clerk.database,
            partial(clerk.deliver, random=Random(seed)),
            partial(clerk.mark, random=Random(seed)),
        )
        assert await agree()


async def test_two_plans_of_one_student(database: Database, settings: Settings, world: World, agree: Agree) -> None:
    """Each would be the only one of its term, and is not: at one institution or at two."""
    sealer = Sealer(key_id=1, keys={1: settings.person_key}, hash_key=settings.person_hash_key)
    for seed in range(8):
        at = Clerk(database=database, sealer=sealer, at=(world.school,))
        await at.registered(1)
        elsewhere = Clerk(database=database, sealer=sealer, at=(world.other_school,), students=at.students)
        await together(
            database,
            partial(at.plan, random=Random(seed)),
            partial(elsewhere.plan, random=Random(seed)),
        )
        assert await agree()


async def test_a_plan_where_the_institution_moves(clerk: Clerk, agree: Agree) -> None:
    for seed in range(10, 16):
        await together(
            clerk.database,
            partial(clerk.relocate, random=Random(seed)),
            partial(clerk.plan, random=Random(seed)),
        )
        assert await agree()


async def test_many_clerks_of_the_same_students(clerk: Clerk, agree: Agree) -> None:
    """Each has plans of its own, of the same students at the same institutions, and some are refused what another has done."""

    async def busy(seed: int) -> None:
        random = Random(seed)
        other = Clerk(database=clerk.database, sealer=clerk.sealer, at=clerk.at, students=list(clerk.students))
        for _ in range(10):
            await other.do([Clerk.plan, *random.choices(ACTS, k=3)], random)
            await asyncio.sleep(random.random() / 100)

    await asyncio.gather(*(busy(seed) for seed in range(4)))
    assert await agree()


async def test_of_a_connection_that_is_cut_off_while_it_settles_nothing_is_left(
    clerk: Clerk, owner: asyncpg.Connection, agree: Agree
) -> None:
    before = await owner.fetchval("SELECT count(*) FROM intervention")

    async def delivered() -> None:
        async with clerk.database.transaction(AUTHORITY) as connection:
            await clerk.deliver(connection, Random(20))

    async with owner.transaction():
        await owner.execute("SELECT FROM statistics_version FOR UPDATE")
        writing = asyncio.create_task(delivered())
        waiting = "SELECT pid FROM pg_locks WHERE NOT granted"
        while (pid := await owner.fetchval(waiting)) is None:
            assert not writing.done()
            await asyncio.sleep(0.01)
        await owner.execute(f"SELECT pg_terminate_backend({pid}, 2000)")
    with pytest.raises((RegisterError, ConnectionError, asyncpg.PostgresError)):
        await writing
    assert await owner.fetchval("SELECT count(*) FROM intervention") == before
    assert await owner.fetchval("SELECT count(*) FROM statistics_pending") == 0
    assert await agree()
