"""A service with a wrong key does not start, and none is ever entered in place of the right one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app.db import key_checks
from app.db.session import Database
from app.domain.key_checks import HASH_KEY, UnfitKeys
from app.main import sealer_from
from app.settings import Settings
from tests.factories import World, register_student
from tests.system.test_keys import CURRENT, FORMER, command, service, under

WRONG = b"a key of which nobody here knows"
FORGET = "TRUNCATE person.key_check"
FORGET_ALL = "TRUNCATE person.key_check, person.person"


@pytest.fixture
def right(settings: Settings) -> Settings:
    return under(settings, 1, 2)


@pytest.fixture(autouse=True)
async def one_student(right: Settings, world: World, owner: asyncpg.Connection) -> AsyncIterator[str]:
    """Registered under key 1."""
    async with service(right) as http:
        yield await register_student(http, world, world.school)
    await owner.execute(FORGET_ALL)


def wrongly(right: Settings, **changed: Any) -> Settings:
    return right.model_copy(update=changed)


WRONG_KEYS = [
    ({"person_key": WRONG}, "Key 1 of REGISTER_PERSON_KEY"),
    ({"person_former_keys": {2: WRONG}}, "Key 2 of REGISTER_PERSON_FORMER_KEYS"),
    ({"person_key_id": 2, "person_key": FORMER, "person_former_keys": {1: CURRENT}}, "Key 1 of REGISTER_PERSON_FORMER"),
    ({"person_hash_key": WRONG}, "REGISTER_PERSON_HASH_KEY"),
]


@pytest.mark.parametrize(("changed", "named"), WRONG_KEYS, ids=[named for _, named in WRONG_KEYS])
async def test_a_wrong_key_does_not_start(right: Settings, changed: dict[str, Any], named: str) -> None:
    with pytest.raises(UnfitKeys, match=f"{named}.* is not the key that this register knows"):
        async with service(wrongly(right, **changed)):
            pytest.fail("it started")
    async with service(right):
        pass


@pytest.mark.parametrize(("changed", "named"), [WRONG_KEYS[0], WRONG_KEYS[3]], ids=["sealing", "hashing"])
@pytest.mark.parametrize("without", ["likeness_hash", "version"])
async def test_a_register_that_remembers_no_key_yet_asks_its_statements(
    right: Settings, owner: asyncpg.Connection, changed: dict[str, Any], named: str, without: str
) -> None:
    """Also those that are older than the hash of their likeness."""
    if without == "likeness_hash":
        await owner.execute("UPDATE person.person SET likeness_hash = NULL")
    await owner.execute(FORGET)
    with pytest.raises(UnfitKeys, match=f"{named} does not fit what is sealed"):
        async with service(wrongly(right, **changed)):
            pytest.fail("it started")
    assert await owner.fetchval("SELECT count(*) FROM person.key_check") == 0
    async with service(right):
        assert await owner.fetchval("SELECT array_agg(key_id ORDER BY key_id) FROM person.key_check") == [
            HASH_KEY,
            1,
            2,
        ]


async def test_a_damaged_statement_proves_nothing(right: Settings, world: World, owner: asyncpg.Connection) -> None:
    async with service(right) as http:
        damaged = await register_student(http, world, world.school)
    await owner.execute("UPDATE person.person SET family_name = given_names WHERE student_id = $1", damaged)
    await owner.execute(FORGET)
    async with service(right):
        pass


async def test_of_two_that_start_at_once_with_different_keys_one_starts(
    right: Settings, owner: asyncpg.Connection
) -> None:
    await owner.execute(FORGET_ALL)
    databases = [Database(right.database_url.get_secret_value(), pool_size=1) for _ in range(6)]
    sealers = [sealer_from(each) for each in (right, wrongly(right, person_former_keys={2: WRONG})) for _ in range(3)]
    ended = await asyncio.gather(
        *(key_checks.check(*both) for both in zip(databases, sealers, strict=True)), return_exceptions=True
    )
    await asyncio.gather(*(each.close() for each in databases))
    refused = [isinstance(each, UnfitKeys) for each in ended]
    assert refused in ([False] * 3 + [True] * 3, [True] * 3 + [False] * 3)
    assert [each for each in ended if each is not None and not isinstance(each, UnfitKeys)] == []


async def test_a_key_in_use_that_is_missing_does_not_start(settings: Settings) -> None:
    with pytest.raises(UnfitKeys, match="sealed under key 1, which is not here"):
        async with service(under(settings, 2)):
            pytest.fail("it started")


@pytest.mark.parametrize("word", ["status", "rotate"])
async def test_commands_about_keys_refuse_a_wrong_one(right: Settings, word: str) -> None:
    code, said = await command(wrongly(right, person_hash_key=WRONG), word)
    assert (code, said) == (1, "REGISTER_PERSON_HASH_KEY is not the key that this register knows.\n")


async def test_a_database_that_is_away_is_told(right: Settings) -> None:
    away = type(right.database_url)("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    code, said = await command(wrongly(right, database_url=away), "status")
    assert (code, said) == (1, "The database of REGISTER_DATABASE_URL does not answer.\n")


async def test_what_is_remembered_of_a_key_tells_nothing_of_it(right: Settings, owner: asyncpg.Connection) -> None:
    kept = [row["check_value"] for row in await owner.fetch("SELECT check_value FROM person.key_check")]
    assert len({*kept, FORMER, CURRENT, right.person_hash_key}) == 6
    sealer = sealer_from(right)
    again = sealer_from(wrongly(right, person_key_id=3))
    assert sealer.checks()[1] != again.checks()[3]  # the same key under two ids is not seen to be the same


async def test_a_database_that_was_not_migrated_is_told(right: Settings, owner: asyncpg.Connection) -> None:
    await owner.execute("ALTER TABLE person.key_check RENAME TO elsewhere")
    code, said = await command(right, "status")
    await owner.execute("ALTER TABLE person.elsewhere RENAME TO key_check")
    assert code == 1
    assert said.startswith("The database of REGISTER_DATABASE_URL refuses: is it migrated")
