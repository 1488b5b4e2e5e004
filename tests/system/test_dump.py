"""Whoever carries a dump of the whole database away has no name, no birth date and no personal code."""

import asyncio
import subprocess
from base64 import b64encode

import asyncpg
import httpx

from app.db.embedded import EmbeddedServer
from tests.factories import World, a_person, register_student

# On no other row of the register: a day on which nothing else begins or ends, and names that are nobody's.
BIRTH_DATE = "2004-02-29"
GIVEN, FAMILY, CORRECTED = "Unikālijs", "Neatkārtojamais", "Vienreizējs"


async def dump(server: EmbeddedServer, database_name: str) -> str:
    """Everything, as the owner of the server sees it, past every policy."""
    process = await asyncio.create_subprocess_exec(
        server.binaries / "pg_dump",
        "--dbname",
        server.dsn("register_owner", database_name),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    dumped, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return dumped.decode()


def spellings(text: str) -> set[str]:
    """How a text may stand in a dump: as it is, in other case, as hexadecimal digits or in Base64, without its last letters'
    padding.
    """
    raw = text.encode()
    return {text, text.lower(), text.upper(), raw.hex(), b64encode(raw).decode().rstrip("=")[:-1]}


async def test_a_dump_tells_nobodys_name(
    server: EmbeddedServer, database_name: str, http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    person = a_person(given_names=GIVEN, family_name=FAMILY, birth_date=BIRTH_DATE)
    before = await dump(server, database_name)
    student_id = await register_student(http, world, world.school, person)
    await register_student(http, world, world.college, person)
    corrected = await http.patch(
        f"/v1/students/{student_id}/person",
        json={"given_names": CORRECTED, "personal_code": a_person()["personal_code"]},
        headers={**world.coordinator(world.school), "If-Match": '"1"'},
    )
    assert corrected.status_code == 200
    await http.post(
        "/v1/students/search",
        json={"personal_code": person["personal_code"]},
        headers=world.coordinator(world.school),
    )
    dumped = await dump(server, database_name)
    assert student_id in dumped  # it does hold what was written
    assert len(await owner.fetch("SELECT FROM person.person WHERE student_id = $1", student_id)) == 2
    code, new_code = person["personal_code"], corrected.json()["personal_code"]
    secrets = [GIVEN, FAMILY, CORRECTED, BIRTH_DATE, "29.02.2004", code, new_code, f"{code[:6]}-{code[6:]}"]
    written = {each for secret in secrets for each in spellings(secret)}
    assert {each for each in written if each in before} == set()  # else nothing would follow from the next line
    assert {each for each in written if each in dumped} == set()
