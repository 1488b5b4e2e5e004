"""Exports of school systems against the register itself: a roster with schools, students and enrolments, and a table of risks."""

import asyncio
import csv
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.domain.personal_codes import demonstration_personal_code
from tests.api.clients import System, a_system, bearer_of
from tests.api.serving import on_a_socket
from tests.cli.conftest import Command
from tests.cli.roster import COLLEGE_NUMBER, SCHOOL_NUMBER, enrollment, rosters, user, write_roster, zipped
from tests.factories import World

CODE = demonstration_personal_code(9_910_000)
RISKS = """type = "risk"
external_id = "Nr."
date_format = "%d.%m.%Y"
[columns]
"Skolēns" = "student"
"Skola" = "institution"
"Risks" = "type"
"Kad" = "identified_on"
[constants]
identified_by = "TEACHER"
severity = "LOW"
[codes.type]
"zemi sasniegumi" = "LOW_ACHIEVEMENT"
[codes.institution]
"Pārbaudes skola" = "O-1"
"""


@pytest.fixture(scope="module")
async def system(app: FastAPI, world: World, owner: asyncpg.Connection) -> System:
    numbers = [(world.school, SCHOOL_NUMBER), (world.college, COLLEGE_NUMBER)]
    await owner.executemany(
        "INSERT INTO institution_registration VALUES ($1, $2, $3, NULL)",
        [(*each, date(2015, 9, 1)) for each in numbers],
    )
    return await a_system(app, world.school, world.college)


@pytest.fixture(scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with on_a_socket(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def environment(system: System) -> dict[str, str]:
    return {"REGISTER_CLIENT_ID": system.id, "REGISTER_CLIENT_SECRET": str(system.issued.secret)}


async def pushed(address: str, environment: dict[str, str], *arguments: object) -> tuple[int, str]:
    done = await asyncio.to_thread(lambda: Command(address)("push", *arguments, "--on", "2021-11-15", env=environment))
    return done.exit_code, done.output


async def test_a_roster_and_then_a_table_that_refers_to_it(
    http: httpx.AsyncClient, system: System, world: World, address: str, environment: dict[str, str], tmp_path: Path
) -> None:
    files = rosters(
        users=[user("U-1", identifier=CODE), user("U-2", "08"), user("U-3", "13")],
        enrollments=[
            enrollment("N-1", "U-1", beginDate="2021-09-01", endDate="2021-10-01"),
            enrollment("N-2", "U-1", school="O-2", class_="C-9", beginDate="2021-10-04"),
            enrollment("N-3", "U-2"),
            enrollment("N-4", "U-3"),
        ],
        demographics=[
            {"sourcedId": "U-1", "birthDate": "2007-05-14"},
            {"sourcedId": "U-2", "birthDate": "2008-01-02"},
            {"sourcedId": "U-3", "birthDate": "2008-01-03"},
        ],
    )
    files["users"] = [{**each, "grades": "03"} if each["sourcedId"] == "U-1" else each for each in files["users"]]
    roster = zipped(write_roster(tmp_path / "roster", files), tmp_path / "roster.zip")
    code, said = await pushed(address, environment, roster, "--rejected", tmp_path / "back")
    assert code == 1, said
    with (tmp_path / "back" / "enrollments.csv").open(encoding="utf-8", newline="") as file:
        assert [each["sourcedId"] for each in csv.DictReader(file)] == ["N-4"], "there is no grade 13"
    assert not (tmp_path / "back" / "users.csv").exists()
    headers = await bearer_of(http, system)
    enrolled = (await http.get("/v1/enrolments", headers=headers)).json()["items"]
    of_one = {each["institution_id"]: each for each in enrolled if each["grade"] == 3}
    assert of_one.keys() == {world.school, world.college}
    assert of_one[world.school]["end_reason"] == "LEFT"
    assert of_one[world.school]["student_id"] == of_one[world.college]["student_id"], "the personal code says so"

    (tmp_path / "risks.toml").write_text(RISKS, encoding="utf-8")
    rows = "Nr.,Skolēns,Skola,Risks,Kad\n1,U-2@O-1,Pārbaudes skola,zemi sasniegumi,20.09.2021\n"
    (tmp_path / "risks.csv").write_text(rows, encoding="utf-8")
    code, said = await pushed(address, environment, tmp_path / "risks.csv")
    assert code == 0, said
    code, said = await pushed(address, environment, roster, tmp_path / "risks.csv", "--language", "lv")
    assert code == 1
    assert "Vērtība ir lielāka" in said
    assert len((await http.get("/v1/risks", headers=headers)).json()["items"]) == 1
