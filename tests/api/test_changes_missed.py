"""No change is missed: many writers, long and short transactions, followers that crash, and beside them a cursor that is a sequence.

The sequence is what many feeds are made of. A number is taken when a row is written, and seen when its transaction commits; whoever has
read a later number by then never comes back to it. Were the transactions here too tame for that, the test would prove nothing: so it
demands that the sequence does miss some.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import risks
from app.db.scopes import DatabaseRole, Scope
from app.db.session import Database, driver_of
from app.domain.actors import Actor, Role
from app.domain.deeds import Action, Deed
from app.domain.ids import InstitutionId, RiskId, StudentId
from app.domain.risks import IdentifiedBy, Risk, Severity
from app.settings import Settings
from tests.api.replica import Replica, is_equal
from tests.factories import World, register_student

WRITERS, TIMES = 16, 25
SHORT, LONG = 0.003, 0.15
"""Seconds for which a transaction stays open after it has written."""


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    made = Database(settings.database_url.get_secret_value(), pool_size=WRITERS)
    yield made
    await made.close()


@pytest.fixture
async def plain(owner: asyncpg.Connection) -> AsyncIterator[None]:
    await owner.execute("CREATE TABLE plain (position bigint GENERATED ALWAYS AS IDENTITY, risk_id uuid)")
    await owner.execute("GRANT INSERT ON plain TO register_school")
    yield
    await owner.execute("DROP TABLE plain")


@dataclass(slots=True)
class Writer:
    """Records, changes and deletes risks of its own student, one transaction after the other."""

    database: Database
    institution_id: InstitutionId
    student_id: StudentId
    chance: random.Random
    written: list[Risk] = field(default_factory=list)

    async def write(self) -> None:
        for _ in range(TIMES):
            scope = Scope(role=DatabaseRole.SCHOOL, institution_ids=(self.institution_id,))
            async with self.database.transaction(scope) as connection:
                for _ in range(self.chance.choice([1, 1, 3])):
                    each = await self._one(connection)
                    driver = await driver_of(connection)
                    await driver.execute("INSERT INTO plain (risk_id) VALUES ($1)", each.id)
                await asyncio.sleep(self.chance.choice([0, SHORT, SHORT, SHORT, LONG]) * self.chance.random())

    async def _one(self, connection: AsyncConnection) -> Risk:
        deed = Deed(
            actor=Actor(subject="w", role=Role.SCHOOL_HEAD), action=Action.CHANGE, noun="risk", correlation_id="w"
        )
        kind = self.chance.random()
        if kind < 0.5 or not self.written:
            each = Risk(
                id=RiskId(uuid4()),
                student_id=self.student_id,
                institution_id=self.institution_id,
                type="LANGUAGE_BARRIER",
                identified_on=date(2021, 9, 20),
                identified_by=IdentifiedBy.TEACHER,
                severity=self.chance.choice(list(Severity)),
                resolved_on=None,
                version=1,
            )
            await risks.add(connection, each, deed)
            self.written.append(each)
            return each
        each = self.written.pop(self.chance.randrange(len(self.written)))
        if kind < 0.8:
            changed = replace(each, severity=self.chance.choice(list(Severity)))
            self.written.append(await risks.change(connection, changed, deed))
        else:
            await risks.remove(connection, each, deed)
        return each


async def follow(replica: Replica, chance: random.Random, over: asyncio.Event) -> None:
    """One page after the other; now and then it dies before page and cursor are stored, and begins from what was."""
    while not over.is_set():
        stored = replica.cursor, deepcopy(replica.kept), deepcopy(replica.sent)
        await replica.page(wait=chance.choice([0, 0, 1]), limit=chance.choice([1, 5, 1000]))
        if chance.random() < 0.3:
            replica.cursor, replica.kept, replica.sent = stored
        await asyncio.sleep(chance.random() * 0.02)


async def follow_plain(owner: asyncpg.Connection, told: list[UUID], over: asyncio.Event) -> None:
    position = 0
    while not over.is_set():
        rows = await owner.fetch("SELECT position, risk_id FROM plain WHERE position > $1 ORDER BY position", position)
        for row in rows:
            position = row["position"]
            told.append(row["risk_id"])
        await asyncio.sleep(0.005)


@pytest.mark.usefixtures("plain")
async def test_followers_miss_nothing_where_a_sequence_does(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, database: Database
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails
    schools = [world.school, world.other_school]
    writers = []
    for number in range(WRITERS):
        institution_id = schools[number % 2]
        student_id = StudentId(UUID(await register_student(http, world, institution_id)))
        writers.append(Writer(database, institution_id, student_id, random.Random(seed + number)))
    readers = [world.head(world.school), world.sync(*schools), world.municipality(world.riga), world.authority()]
    replicas = [Replica(http=http, headers=each) for each in readers]
    over, told = asyncio.Event(), list[UUID]()
    followers = [follow(each, random.Random(seed - n), over) for n, each in enumerate(replicas, start=1)]
    following = asyncio.gather(*followers, follow_plain(owner, told, over))
    await asyncio.gather(*(each.write() for each in writers))
    await asyncio.sleep(0.1)
    over.set()
    await following
    for replica in replicas:
        assert await is_equal(replica)
    assert sum(noun == "risk" for noun, _ in replicas[-1].kept) == sum(len(each.written) for each in writers)
    assert len(told) < await owner.fetchval("SELECT count(*) FROM plain"), "the sequence was not put to the test"
