"""The analyst asks the same questions as everybody, over REST and GraphQL, and is answered from releases and from nothing else."""

import csv
from io import BytesIO, StringIO
from typing import Any

import asyncpg
import httpx
import pytest
from pyarrow import parquet

from app.domain.actors import Role
from tests.api.releases import CLOSED, closed_again, sealed, supported
from tests.factories import Json, World

OK = httpx.codes.OK
OUTSIDE = [Role.ANALYST, Role.EVALUATOR, Role.MINISTRY]
STATISTICS = """{ statistics(by: [SEMESTER], where: {%s}, %s) {
  source releases { id number semester { code } rho tables { figure level attributes deviation } bounds { hours eur } }
  groupCount pageInfo { endCursor hasNextPage }
  groups {
    key { semester { code } } plans students continuationRate { value numerator denominator low high } deliveredHours
    margins { measure standardError small }
  }
  totals { plans margins { measure standardError small } }
} }"""


@pytest.fixture(scope="module")
async def release(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> Json:
    await supported(http, world, owner)
    await owner.execute(CLOSED)
    # Of one student there is hardly anything to be told: noise aside, a figure of thousands.
    made = await sealed(http, world)
    await owner.execute("UPDATE release_cell SET value = value + 4000 WHERE figure = 'STUDENTS'")
    return made


async def graphql(http: httpx.AsyncClient, headers: dict[str, str], document: str) -> Json:
    return dict((await http.post("/graphql", json={"query": document}, headers=headers)).json())


async def rest(http: httpx.AsyncClient, headers: dict[str, str], **asked: Any) -> httpx.Response:
    return await http.get("/v1/statistics", params=asked, headers=headers)


@pytest.mark.parametrize("role", OUTSIDE)
async def test_graphql_is_answered_from_the_release(
    http: httpx.AsyncClient, world: World, release: Json, role: Role
) -> None:
    answer = await graphql(http, world.bearer(role), STATISTICS % ('semesters: ["2021-1"]', "first: 5"))
    assert "errors" not in answer, answer
    told = answer["data"]["statistics"]
    assert told["source"] == "RELEASES"
    [used] = told["releases"]
    assert (used["id"], used["semester"], used["rho"]) == (release["id"], {"code": "2021-1"}, release["rho"])
    assert ("STUDENTS", "STATE", []) in [(each["figure"], each["level"], each["attributes"]) for each in used["tables"]]
    [group] = told["groups"]
    assert group["plans"] == group["students"] == told["totals"]["plans"]
    assert 3_800 < group["plans"] < 4_200
    margins = {each["measure"]: each for each in group["margins"]}
    assert list(margins) == ["STUDENTS", "PLANS", "DELIVERED_HOURS", "CONTINUATION_RATE"]
    assert [margins["PLANS"]] == told["totals"]["margins"]
    assert margins["PLANS"]["small"] is False
    assert float(margins["PLANS"]["standardError"]) > 5
    assert group["continuationRate"]["denominator"] == group["plans"]
    assert told["groupCount"] == 1


async def test_exact_figures_say_that_they_are(http: httpx.AsyncClient, world: World, release: Json) -> None:
    answer = await graphql(http, world.authority(), STATISTICS % ('semesters: ["2021-1"]', "first: 5"))
    told = answer["data"]["statistics"]
    assert (told["source"], told["releases"]) == ("EXACT", [])
    assert told["totals"]["margins"] == []
    body = (await rest(http, world.authority(), by="SEMESTER", measures="PLANS", totals="true")).json()
    assert (body["source"], body["releases"], body["totals_margins"]) == ("EXACT", [], None)
    assert release["semester"] == "2021-1"


@pytest.mark.parametrize("role", OUTSIDE)
async def test_rest_tells_the_same_figures(http: httpx.AsyncClient, world: World, release: Json, role: Role) -> None:
    headers = world.bearer(role)
    asked = {"by": "REGION", "measures": "PLANS,CONTINUATION_RATE", "semesters": "2021-1", "totals": "true"}
    answer = await rest(http, headers, **asked)
    assert answer.status_code == OK, answer.text
    body = answer.json()
    assert body["source"] == "RELEASES"
    assert body["releases"] == [{"id": release["id"], "number": 1, "semester": "2021-1"}]
    figures = {each["key"]["region"]["code"]: each["values"]["plans"] for each in body["groups"]}
    assert body["groups"][0]["margins"]["plans"]["small"] is False
    document = (
        '{ statistics(by: [REGION], where: {semesters: ["2021-1"]}) { groups { key { region { code } } plans } } }'
    )
    told = (await graphql(http, headers, document))["data"]["statistics"]["groups"]
    assert {each["key"]["region"]["code"]: each["plans"] for each in told} == figures
    table = await rest(http, headers, **asked, format="csv", delimiter="comma")
    rows = list(csv.DictReader(StringIO(table.text.removeprefix("\ufeff"))))
    assert {row["region"]: int(row["plans"]) for row in rows if row["row"] == "GROUP"} == figures
    assert {"plans_standard_error", "plans_small", "continuation_rate_standard_error"} <= rows[0].keys()
    columns = parquet.read_table(BytesIO((await rest(http, headers, **asked, format="parquet")).content))
    assert set(columns["plans"].to_pylist()) >= set(figures.values())
    assert columns["plans_small"].to_pylist()[0] is False
    explained = (await rest(http, headers, **asked, explain="true")).json()
    assert explained["source"]["en"].startswith("Sealed releases")
    assert "one plan of a semester counts" in explained["source"]["en"]
    assert "Release 1, semester 2021-1: STUDENTS, REGION" in explained["plan"]


async def test_small_figures_are_not_told(http: httpx.AsyncClient, world: World, release: Json) -> None:
    """One student received 1.5 hours; with the noise of hundreds, some of the figures are below 10, and none is below zero."""
    assert release["number"] == 1
    groups = (await rest(http, world.bearer(Role.ANALYST), by="REGION,RISK_GROUP", measures="DELIVERED_HOURS")).json()
    told = [(each["values"]["delivered_hours"], each["margins"]["delivered_hours"]) for each in groups["groups"]]
    assert len(told) >= 20
    assert {margin["small"] for _, margin in told} == {True, False}
    assert all((value is None) == margin["small"] for value, margin in told)
    assert all(float(value) >= 10 for value, _ in told if value is not None)


IN_GRAPHQL = [
    ('grades: [7, 8], semesters: ["2021-1"]', 'semesters: ["2021-1"], gradeRange: {from: 7, to: 8}'),
    ("grades: [7, 8]", "or: [{grades: [8]}, {grades: [7]}]"),
    ("not: {gradeRange: {from: 9}}", "gradeRange: {from: 1, to: 8}"),
    ('riskGroups: ["LEARNING"]', 'not: {not: {riskGroups: ["LEARNING"]}}'),
    ("kinds: [GENERAL, VOCATIONAL]", ""),
]


@pytest.mark.parametrize("pair", IN_GRAPHQL, ids=str)
async def test_the_same_question_in_other_words_has_the_same_bytes(
    http: httpx.AsyncClient, world: World, release: Json, pair: tuple[str, str]
) -> None:
    assert release["number"] == 1
    one, other = [
        await http.post(
            "/graphql",
            json={"query": STATISTICS % (where, "orderBy: [{measure: PLANS, direction: DESCENDING}]")},
            headers=world.bearer(Role.ANALYST),
        )
        for where in pair
    ]
    assert "groups" in one.text
    assert one.content == other.content


async def test_what_releases_do_not_have_is_refused_with_what_they_have(
    http: httpx.AsyncClient, world: World, release: Json
) -> None:
    assert release["number"] == 1
    analyst = world.bearer(Role.ANALYST)
    answer = await rest(http, analyst, by="MUNICIPALITY", measures="EUR")
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    [wrong] = answer.json()["violations"]
    assert (wrong["pointer"], wrong["code"]) == ("/query/by", "not-in-releases")
    assert wrong["message"].endswith("They are told of STATE, REGION.")
    refused = await graphql(http, analyst, "{ statistics(by: [INSTITUTION]) { groups { plans } } }")
    assert refused["errors"][0]["extensions"]["violations"][0]["code"] == "not-in-releases"
    students = await rest(http, analyst, measures="STUDENTS")
    assert students.json()["violations"][0]["code"] == "students-over-semesters"
    another = await rest(http, analyst, measures="PLANS", semesters="2020-1")
    assert another.json()["violations"][0]["code"] == "not-released"


async def test_what_is_withdrawn_is_not_answered_from(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, release: Json
) -> None:
    analyst = world.bearer(Role.ANALYST)
    first = (await rest(http, analyst, measures="PLANS")).json()
    await closed_again(owner)
    second = await sealed(http, world)
    assert (await rest(http, analyst, measures="PLANS")).json()["releases"][0]["id"] == second["id"]
    withdrawn = f"/v1/releases/{second['id']}/withdrawal"
    assert (await http.post(withdrawn, json={"reason": "Kļūda."}, headers=world.authority())).status_code == OK
    assert (await rest(http, analyst, measures="PLANS")).json() == first
    assert first["releases"][0]["id"] == release["id"]
    withdrawn = f"/v1/releases/{release['id']}/withdrawal"
    assert (await http.post(withdrawn, json={"reason": "Kļūda."}, headers=world.authority())).status_code == OK
    assert (await rest(http, analyst, measures="PLANS")).json()["violations"][0]["code"] == "not-released"
    await owner.execute("UPDATE release SET withdrawn_on = NULL, withdrawal_reason = NULL WHERE number = 1")
