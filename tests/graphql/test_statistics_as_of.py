"""The whole history in the borders of any day: splits follow each institution, and what closed before goes with the main successor."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from app.settings import Settings
from tests.api.madona import record_madona
from tests.api.test_madona import AFTER, BEFORE
from tests.factories import World, make_world
from tests.graphql.conftest import Ask
from tests.graphql.tiny_register import Planned, write_plan

FIRST, REFORM, MERGER = date(2009, 7, 1), date(2021, 7, 1), date(2025, 7, 1)
LAST_OLD_DAY = date(2021, 6, 30)
AUTUMN, SPRING = date(2017, 9, 11), date(2022, 1, 10)
Place = tuple[str, date, date | None]
SCHOOLS: dict[str, list[Place]] = {
    "Aglonas vidusskola": [("0604300", FIRST, LAST_OLD_DAY), ("0042000", REFORM, None)],
    "Grāveru pamatskola": [("0604300", FIRST, LAST_OLD_DAY), ("0032000", REFORM, None)],
    "Priežmalas pamatskola": [("0604300", FIRST, date(2018, 8, 31))],
    "Inčukalna pamatskola": [("0801800", FIRST, LAST_OLD_DAY), ("0048000", REFORM, None)],
    "Vangažu vidusskola": [("0801800", FIRST, LAST_OLD_DAY), ("0044000", REFORM, None)],
    "Varakļānu vidusskola": [
        ("0701800", FIRST, LAST_OLD_DAY),
        ("0055000", REFORM, date(2025, 6, 30)),
        ("0038000", MERGER, None),
    ],
    "Murmastienes pamatskola": [("0701800", FIRST, date(2020, 8, 31))],
    "Dienvidkurzemes jaunā skola": [("0027000", date(2021, 9, 1), None)],
}
EVERY = "by: [INSTITUTION, MUNICIPALITY]"


@pytest.fixture(scope="module")
async def world(owner: asyncpg.Connection, settings: Settings) -> World:
    """Madona's schools over REST, and the schools of the splits by the owner, with a plan each before the reform or after."""
    return await make_world(owner, settings)


@pytest.fixture(scope="module", autouse=True)
async def schools(owner: asyncpg.Connection, http: httpx.AsyncClient, world: World) -> None:
    await owner.execute("DELETE FROM participation WHERE institution_id = $1", world.school)
    await record_madona(http, world)
    meirani = await owner.fetchval("SELECT id FROM institution WHERE name LIKE 'Meirānu%'")
    await owner.execute(
        "DELETE FROM institution_location WHERE institution_id = $1 AND valid_from = $2", meirani, REFORM
    )
    await owner.execute("UPDATE institution SET closed_on = $2 WHERE id = $1", meirani, LAST_OLD_DAY)
    for number, (name, places) in enumerate(SCHOOLS.items(), start=1):
        school = await owner.fetchval(
            "INSERT INTO institution (name, sort_key, kind, founder, opened_on) VALUES ($1, $1, 'GENERAL', 'MUNICIPALITY', $2) RETURNING id",
            name,
            places[0][1],
        )
        await owner.executemany(
            "INSERT INTO institution_location VALUES ($1, $2, $3, $4)", [(school, *place) for place in places]
        )
        day = AUTUMN if places[0][1] == FIRST else SPRING
        semester = "2017-1" if day == AUTUMN else "2021-2"
        student = UUID(int=number, version=4)
        await write_plan(
            owner,
            Planned(
                student=student,
                institution=school,
                first_day=day,
                semester=semester,
                grade=7,
                risks=["LOW_ACHIEVEMENT"],
            ),
        )
    await owner.execute("SELECT statistics_rebuild()")


async def places(ask: Ask, as_of: date | None) -> dict[str, Any]:
    day = "" if as_of is None else f', asOf: "{as_of}"'
    answer = await ask(f"{EVERY}{day}", "groups { key { institution { name } municipality { nameLv } } plans }")
    keys = [group["key"] for group in answer["groups"]]
    return {key["institution"]["name"]: (key["municipality"] or {"nameLv": None})["nameLv"] for key in keys}


async def test_each_plan_counts_where_its_institution_goes(ask: Ask) -> None:
    assert await places(ask, None) == await places(ask, date(2017, 9, 11)) | {
        "Dienvidkurzemes jaunā skola": "Dienvidkurzemes novads"
    }
    assert await places(ask, LAST_OLD_DAY) == {
        "Aglonas vidusskola": "Aglonas novads",
        "Grāveru pamatskola": "Aglonas novads",
        "Priežmalas pamatskola": "Aglonas novads",
        "Inčukalna pamatskola": "Inčukalna novads",
        "Vangažu vidusskola": "Inčukalna novads",
        "Varakļānu vidusskola": "Varakļānu novads",
        "Murmastienes pamatskola": "Varakļānu novads",
        "Dienvidkurzemes jaunā skola": None,
    }
    after = {
        "Aglonas vidusskola": "Preiļu novads",
        "Grāveru pamatskola": "Krāslavas novads",
        "Priežmalas pamatskola": "Preiļu novads",
        "Inčukalna pamatskola": "Siguldas novads",
        "Vangažu vidusskola": "Ropažu novads",
        "Varakļānu vidusskola": "Varakļānu novads",
        "Murmastienes pamatskola": "Varakļānu novads",
        "Dienvidkurzemes jaunā skola": "Dienvidkurzemes novads",
    }
    assert await places(ask, REFORM) == after
    assert await places(ask, MERGER) == after | {
        "Varakļānu vidusskola": "Madonas novads",
        "Murmastienes pamatskola": "Madonas novads",
    }


async def test_regions_are_those_of_that_day(ask: Ask) -> None:
    async def regions(day: date, scheme: str = "PLANNING") -> dict[str, int]:
        answer = await ask(
            f'by: [REGION], asOf: "{day}", regionScheme: {scheme}', "groups { key { region { code } } plans }"
        )
        return {group["key"]["region"]["code"]: group["plans"] for group in answer["groups"]}

    assert await regions(LAST_OLD_DAY) == {"PR-RIGA": 2, "PR-VIDZEME": 2, "PR-LATGALE": 3, "UNASSIGNED": 1}
    assert await regions(REFORM) == {"PR-RIGA": 2, "PR-VIDZEME": 2, "PR-KURZEME": 1, "PR-LATGALE": 3}
    assert await regions(date(2023, 12, 31), "NUTS3_2024") == {"UNASSIGNED": 8}


async def test_students_of_semesters_and_of_all_time_in_those_borders(ask: Ask) -> None:
    answer = await ask(
        f'by: [MUNICIPALITY, SEMESTER], where: {{municipalities: ["0042000", "0038000"]}}, asOf: "{MERGER}"',
        "groups { key { municipality { code } semester { code } } students plans } totals { students }",
    )
    assert [
        (g["key"]["municipality"]["code"], g["key"]["semester"]["code"], g["students"], g["plans"])
        for g in answer["groups"]
    ] == [
        ("0038000", "2017-1", 2, 2),
        ("0042000", "2017-1", 2, 2),
    ]
    assert answer["totals"]["students"] == 4


async def madona(ask: Ask, municipality: str, day: str, as_of: str) -> set[str]:
    where = f'participatingOn: "{day}", municipalities: ["{municipality}"]'
    answer = await ask(
        f'by: [INSTITUTION], where: {{{where}}}, asOf: "{as_of}"',
        "groups { key { institution { name } } institutionsParticipating } totals { institutionsParticipating }",
    )
    names = {group["key"]["institution"]["name"] for group in answer["groups"]}
    assert answer["totals"]["institutionsParticipating"] == len(names)
    return names


async def test_who_took_part_in_madona_by_name(ask: Ask) -> None:
    before = await madona(ask, "0700200", "2021-01-15", as_of="2021-01-15")
    assert (len(before), before) == (12, BEFORE)
    after = await madona(ask, "0038000", "2021-09-01", as_of="2021-09-01")
    assert (len(after), after) == (15, AFTER)
    of_the_old_year = await madona(ask, "0038000", "2021-06-30", as_of="2021-09-01")
    assert of_the_old_year == AFTER - {"Ērgļu vidusskola"} | {"Meirānu Kalpaka pamatskola"}
    assert await madona(ask, "0700200", "2021-09-01", as_of="2021-06-30") == BEFORE
