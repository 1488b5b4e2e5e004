"""Exports of records: every field is what the record's own address answers, as JSON and as a table."""

import csv
import json
from io import StringIO
from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.all_kinds import record_all_kinds
from tests.api.delivered import consultation, recorded
from tests.api.replica import LISTS
from tests.factories import Json, World

NOUNS = [noun for noun in LISTS if noun != "student"]
SIGNS = {"semicolon": ";", "comma": ","}
AMOUNTS = ("hours", "eur")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "'quoted", "A;B,C", 'He said "no"', "\\.", "\\N")


@pytest.fixture(scope="module")
async def records(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    active = await record_all_kinds(http, world, owner)
    for text in FORMULAS:
        body = consultation(active, mode="REMOTE", head_order=text, confirmed_on="2021-10-11", hours="0.25")
        await recorded(http, "/v1/interventions", body, world.coordinator(world.school))


async def answers(http: httpx.AsyncClient, world: World, noun: str) -> dict[str, Json]:
    """What the address of each record of the school answers."""
    page = (await http.get(f"/v1/{LISTS[noun]}", params={"limit": 200}, headers=world.head(world.school))).json()
    assert page["items"]
    one = [
        await http.get(f"/v1/{LISTS[noun]}/{each['id']}", headers=world.head(world.school)) for each in page["items"]
    ]
    return {answer.json()["id"]: answer.json() for answer in one}


async def exported(http: httpx.AsyncClient, noun: str, headers: dict[str, str], **asked: Any) -> httpx.Response:
    answer = await http.get(f"/v1/{LISTS[noun]}/export", params=asked, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer


def table(answer: httpx.Response, sign: str = ";") -> list[dict[str, str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=sign, strict=True))


def cell(value: Any, name: str, sign: str) -> str:
    """How a value of the record's own answer stands in a table."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str() if name in AMOUNTS and sign == ";":
            return value.replace(".", ",")
        case str() if value[0] in "=+-@'\t":
            return f"'{value}"
        case list() | dict():
            return json.dumps(value)
        case _:
            return str(value)


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("noun", NOUNS)
async def test_a_line_is_what_the_address_of_its_record_answers(
    http: httpx.AsyncClient, world: World, noun: str
) -> None:
    answer = await exported(http, noun, world.head(world.school), format="ndjson")
    assert answer.headers["content-type"] == "application/x-ndjson"
    found = [json.loads(line) for line in answer.text.split("\n") if line]
    assert {each["id"]: each for each in found} == await answers(http, world, noun)
    assert len({each["id"] for each in found}) == len(found)


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("delimiter", SIGNS)
async def test_a_table_has_every_field_of_every_record(
    http: httpx.AsyncClient, world: World, noun: str, delimiter: str
) -> None:
    answer = await exported(http, noun, world.head(world.school), delimiter=delimiter)
    sign, own = SIGNS[delimiter], await answers(http, world, noun)
    rows = table(answer, sign)
    assert rows[0].keys() == set().union(*(each.keys() for each in own.values()))
    assert {row["id"] for row in rows} == own.keys()
    for row in rows:
        record = own[row["id"]]
        for name, found in row.items():
            wanted = record.get(name)
            if isinstance(wanted, list | dict):
                assert json.loads(found) == wanted
            else:
                assert found == cell(wanted, name, sign), name


@pytest.mark.usefixtures("records")
async def test_a_table_opens_in_a_latvian_spreadsheet(http: httpx.AsyncClient, world: World) -> None:
    answer = await exported(http, "intervention", world.head(world.school))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == 'attachment; filename="interventions-2021-11-15.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbfid;student_id;institution_id;")
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n") == len(table(answer)) + 1
    orders = [row["head_order"] for row in table(answer)]
    assert {"'=1+1", "'+1", "'-1", "'@SUM(A1)", "''quoted", 'He said "no"', "\\.", "\\N"} <= set(orders)
    assert "0,25" in {row["hours"] for row in table(answer)}


@pytest.mark.usefixtures("records")
async def test_a_line_break_within_a_cell_stays_one(http: httpx.AsyncClient, world: World) -> None:
    answer = await exported(http, "outcome", world.head(world.school))
    evaluations = [row["evaluation"] for row in table(answer) if row["of"] == "PLAN"]
    assert any("\n\t" in each for each in evaluations)
    assert not any("\r" in each for each in evaluations)


@pytest.mark.usefixtures("records")
async def test_the_format_is_asked_for_in_either_way(http: httpx.AsyncClient, world: World) -> None:
    head = world.head(world.school)
    lines = await exported(http, "risk", {**head, "Accept": "application/x-ndjson"})
    assert lines.headers["content-type"] == "application/x-ndjson"
    chosen = await exported(http, "risk", {**head, "Accept": "application/x-ndjson"}, format="csv")
    assert chosen.headers["content-type"].startswith("text/csv")
    assert "Accept" in chosen.headers["vary"].split(", ")
    assert (await http.get("/v1/risks/export?format=xml", headers=head)).status_code == 422
    assert (await http.get("/v1/risks/export?limit=5", headers=head)).status_code == 422


FILTERS: list[tuple[str, Json]] = [
    ("enrolment", {"on": "2021-09-15"}),
    ("risk", {"type": "LANGUAGE_BARRIER", "open_only": True}),
    ("risk", {"type": "'; \\' -- %(x)s :y"}),
    ("plan", {"state": "ACTIVE", "semester": "2021-1"}),
    ("plan", {"code": "\\' OR true --"}),
    ("intervention", {"support_measure": "MEALS"}),
    ("intervention", {"attendance": "ATTENDED", "from": "2021-10-12", "to": "2021-10-31"}),
    ("outcome", {"of": "SCHOOL_YEAR", "school_year": "2021/22"}),
]


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(("noun", "asked"), FILTERS)
async def test_filters_are_those_of_the_list(http: httpx.AsyncClient, world: World, noun: str, asked: Json) -> None:
    head = world.head(world.school)
    listed = (await http.get(f"/v1/{LISTS[noun]}", params={**asked, "limit": 200}, headers=head)).json()["items"]
    rows = table(await exported(http, noun, head, **asked))
    assert sorted(row["id"] for row in rows) == sorted(each["id"] for each in listed)
    assert len(rows) < len(table(await exported(http, noun, head)))


async def test_a_measure_that_there_is_not_is_refused_as_in_the_list(http: httpx.AsyncClient, world: World) -> None:
    answer = await http.get("/v1/interventions/export?support_measure=NONE", headers=world.head(world.school))
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["violations"]] == ["/query/support_measure"]


async def test_an_export_of_nothing_has_its_columns(http: httpx.AsyncClient, world: World) -> None:
    answer = await exported(http, "outcome", world.head(world.college))
    assert answer.text.startswith("\ufeffid;student_id;institution_id;of;plan_id;")
    assert answer.text.count("\n") == 1
    assert (await exported(http, "outcome", world.head(world.college), format="ndjson")).content == b""
