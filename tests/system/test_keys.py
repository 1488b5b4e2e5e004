"""From one person key to the next, while the register is read and corrected."""

import asyncio
import os
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path

import asyncpg
import httpx
import pytest
from pydantic import ValidationError

from app.main import create_app
from app.settings import PersonSettings, Settings
from tests.factories import Json, World, a_person, register_student

FORMER, CURRENT = b"a former key of thirty-two bytes", b"the current key of thirty-two by"
STUDENTS = 60


def under(settings: Settings, current: int, *opening: int) -> Settings:
    """The settings of a service that seals under one key and opens under others as well."""
    keys = {1: FORMER, 2: CURRENT}
    changed = {
        "person_key_id": current,
        "person_key": keys[current],
        "person_former_keys": {k: keys[k] for k in opening},
    }
    return settings.model_copy(update=changed)


@asynccontextmanager
async def service(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://register.test") as client,
    ):
        yield client


async def command(settings: Settings, *words: str) -> tuple[int, str]:
    """`risk-register keys ...`, run as an operator would: its exit code, and what it said."""
    former = ",".join(f"{key_id}:{b64encode(key).decode()}" for key_id, key in settings.person_former_keys.items())
    environment = {
        **os.environ,
        "REGISTER_DATABASE_URL": settings.database_url.get_secret_value(),
        "REGISTER_PERSON_KEY": b64encode(settings.person_key).decode(),
        "REGISTER_PERSON_KEY_ID": str(settings.person_key_id),
        "REGISTER_PERSON_FORMER_KEYS": former,
        "REGISTER_PERSON_HASH_KEY": b64encode(settings.person_hash_key).decode(),
    }
    register = Path(sys.executable).with_name("risk-register")
    process = await asyncio.create_subprocess_exec(
        register, "keys", *words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def versions(owner: asyncpg.Connection) -> Counter[int]:
    return Counter(row["version"] for row in await owner.fetch("SELECT version FROM person.person"))


async def sealed_under(owner: asyncpg.Connection) -> set[int]:
    return {row["key_id"] for row in await owner.fetch("SELECT DISTINCT key_id FROM person.person")}


async def rounds(owner: asyncpg.Connection, subject: str) -> int:
    """How many transactions of a change of keys have been committed."""
    query = "SELECT count(*) FROM audit_event WHERE action = 'ROTATE_KEYS' AND subject = $1"
    return int(await owner.fetchval(query, subject))


async def test_keys_change_under_load_without_an_error(
    settings: Settings, world: World, owner: asyncpg.Connection
) -> None:
    headers = world.coordinator(world.school)
    stated: dict[str, Json] = {}
    async with service(under(settings, 1, 2)) as lagging, service(under(settings, 2, 1)) as leading:
        for _ in range(STUDENTS):
            person = a_person()
            stated[await register_student(lagging, world, world.school, person)] = person
        await owner.execute("UPDATE person.person SET likeness_hash = NULL")
        assert await sealed_under(owner) == {1}

        done, answers = asyncio.Event(), Counter[int]()

        async def correct_and_read(students: list[str]) -> None:
            """Each student by one writer at a time, so that no version is refused: now under the former key, now under the new one."""
            for number, (student_id, client) in enumerate(cycle((s, c) for s in students for c in (leading, lagging))):
                if done.is_set():
                    return
                address = f"/v1/students/{student_id}/person"
                read = await client.get(address, headers=headers)
                body, seen = {"given_names": f"Izdomāta {'abc'[number % 3]}"}, {"If-Match": read.headers["ETag"]}
                changed = await client.patch(address, json=body, headers={**headers, **seen})
                answers.update((read.status_code, changed.status_code))
                stated[student_id] |= body

        ids = list(stated)
        load = [asyncio.create_task(correct_and_read(ids[start::4])) for start in range(4)]
        await asyncio.sleep(0.3)
        rotated = asyncio.create_task(command(under(settings, 2, 1), "rotate", "--by", "keeper-of-keys"))
        async with asyncio.timeout(60):
            while await rounds(owner, "keeper-of-keys") < 3 and not rotated.done():  # noqa: ASYNC110 - another process does it
                await asyncio.sleep(0.02)
        done.set()
        await asyncio.gather(*load)
        code, said = await rotated
    assert await rounds(owner, "keeper-of-keys") >= 3, said  # what the lagging service sealed meanwhile was taken again
    assert set(answers) == {200}
    assert answers[200] > 100
    assert code == 0, said
    assert "Under another key than 2: 0." in said
    assert await owner.fetchval("SELECT count(*) FROM person.person WHERE likeness_hash IS NULL") == 0

    async with service(under(settings, 2)) as alone:
        for student_id, person in stated.items():
            read = await alone.get(f"/v1/students/{student_id}/person", headers=headers)
            assert {name: read.json()[name] for name in person} == person


async def test_a_change_of_keys_is_audited_and_changes_no_version(
    settings: Settings, world: World, owner: asyncpg.Connection
) -> None:
    async with service(under(settings, 1, 2)) as former:
        student_id = await register_student(former, world, world.school)
    before = await versions(owner)
    code, said = await command(under(settings, 2, 1), "rotate", "--by", "somebody")
    assert (code, await versions(owner), await sealed_under(owner)) == (0, before, {2}), said
    query = (
        "SELECT role, noun, student_ids, reason FROM audit_event WHERE action = 'ROTATE_KEYS' AND subject = 'somebody'"
    )
    assert [tuple(row) for row in await owner.fetch(query)] == [
        ("ADMINISTRATOR", "person", [], "1 statements sealed under key 2")
    ]
    assert student_id not in said


async def test_a_statement_that_no_key_opens_stays_and_is_named(
    settings: Settings, world: World, owner: asyncpg.Connection
) -> None:
    async with service(under(settings, 1, 2)) as former:
        damaged, sound = [await register_student(former, world, world.school) for _ in range(2)]
    await owner.execute("UPDATE person.person SET family_name = given_names WHERE student_id = $1", damaged)
    code, said = await command(under(settings, 2, 1), "rotate")
    assert code == 1
    assert damaged in said
    assert sound not in said
    assert await sealed_under(owner) == {1, 2}
    code, said = await command(under(settings, 2), "status")
    assert (code, "missing" in said, "Under another key than 2: 1." in said) == (0, True, True)
    await owner.execute("DELETE FROM person.person WHERE student_id = $1", damaged)


KEYS = {
    "database_url": "postgresql+asyncpg://nobody@nowhere/nothing",
    "person_key": CURRENT,
    "person_hash_key": bytes(32),
}
TEXT = b64encode(FORMER).decode()


@pytest.mark.parametrize(
    "former",
    [TEXT, f"{TEXT}:2", f"2:{TEXT[:-4]}", f"2:{TEXT},2:{TEXT}", f"1:{TEXT}", f"2:{b64encode(CURRENT).decode()}"],
)
def test_former_keys_that_cannot_be_are_refused_without_repeating_them(former: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PersonSettings.model_validate({**KEYS, "person_former_keys": former})
    assert TEXT[:20] not in str(refused.value)


def test_former_keys_are_read_by_their_ids() -> None:
    assert PersonSettings.model_validate(
        {**KEYS, "person_former_keys": f"2:{TEXT}, 7:{b64encode(bytes([7] * 32)).decode()}"}
    ).person_keys == {
        1: CURRENT,
        2: FORMER,
        7: bytes([7] * 32),
    }
