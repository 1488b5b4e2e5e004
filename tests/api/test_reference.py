"""Reference data over REST: borders and codes by date, in two languages, and answers that need not be sent twice."""

from typing import Any

import httpx
import pytest

from tests.factories import World


async def ask(http: httpx.AsyncClient, world: World, address: str, **headers: str) -> httpx.Response:
    return await http.get(address, headers={**world.municipality(world.madona), **headers})


async def get(http: httpx.AsyncClient, world: World, address: str) -> Any:
    answer = await ask(http, world, address)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


async def test_municipalities_are_those_of_the_day(http: httpx.AsyncClient, world: World) -> None:
    counts = {
        day: len(await get(http, world, f"/v1/municipalities?on={day}"))
        for day in ("2021-06-30", "2021-07-01", "2025-07-01")
    }
    assert counts == {"2021-06-30": 119, "2021-07-01": 43, "2025-07-01": 42}


async def test_one_name_has_two_codes(http: httpx.AsyncClient, world: World) -> None:
    found = await get(http, world, "/v1/municipalities")
    assert [each["code"] for each in found if each["name_lv"] == "Madonas novads"] == ["0700200", "0038000"]


async def test_municipalities_of_a_region_in_each_scheme(http: httpx.AsyncClient, world: World) -> None:
    for scheme, region in (("PLANNING", "PR-VIDZEME"), ("NUTS3_2021", "LV008")):
        found = await get(http, world, f"/v1/municipalities?on=2021-06-30&scheme={scheme}&region={region}")
        assert "Madonas novads" in [each["name_lv"] for each in found]
        assert {(each["region"]["scheme"], each["region"]["code"]) for each in found} == {(scheme, region)}


async def test_a_scheme_outside_its_dates_assigns_nothing(http: httpx.AsyncClient, world: World) -> None:
    found = await get(http, world, "/v1/municipalities?on=2021-06-30&scheme=NUTS3_2024")
    assert {each["region"]["code"] for each in found} == {"UNASSIGNED"}
    assert len(await get(http, world, "/v1/municipalities?on=2021-06-30&scheme=NUTS3_2024&region=UNASSIGNED")) == 119
    assert await get(http, world, "/v1/regions?scheme=NUTS3_2024&on=2021-06-30") == []


async def test_planning_regions_in_two_languages(http: httpx.AsyncClient, world: World) -> None:
    found = {each["code"]: each for each in await get(http, world, "/v1/regions?on=2021-01-15")}
    assert len(found) == 5
    vidzeme = found["PR-VIDZEME"]
    assert (vidzeme["name_lv"], vidzeme["name_en"]) == ("Vidzemes plānošanas reģions", "Vidzeme planning region")


async def test_a_split_municipality_tells_which_part_went_where(http: httpx.AsyncClient, world: World) -> None:
    aglona = await get(http, world, "/v1/municipalities/0604300")
    assert (aglona["from"], aglona["to"]) == ("2009-07-01", "2021-06-30")
    assert {(each["municipality"]["name_lv"], each["part_en"], each["is_main"]) for each in aglona["successors"]} == {
        ("Krāslavas novads", "Grāveri, Kastuļina and Šķeltova parishes", False),
        ("Preiļu novads", "Aglona parish", True),
    }
    assert aglona["predecessors"] == []
    assert {(each["scheme"], each["code"]) for each in aglona["regions"]} >= {("PLANNING", "PR-LATGALE")}


async def test_an_enlarged_municipality_tells_what_it_came_from(http: httpx.AsyncClient, world: World) -> None:
    madona = await get(http, world, "/v1/municipalities/0038000")
    found = {each["municipality"]["name_lv"]: each["is_main"] for each in madona["predecessors"]}
    assert found["Madonas novads"]
    assert not found["Ērgļu novads"]


async def test_every_day_lies_in_one_semester(http: httpx.AsyncClient, world: World) -> None:
    assert [each["code"] for each in await get(http, world, "/v1/semesters?on=2021-01-01")] == ["2020-2"]
    found = await get(http, world, "/v1/semesters?from=2020-12-31&to=2021-09-01")
    assert [each["code"] for each in found] == ["2020-1", "2020-2", "2021-1"]


async def test_a_semester_has_the_school_calendar_beside_it(http: httpx.AsyncClient, world: World) -> None:
    semester = await get(http, world, "/v1/semesters/2017-1")
    assert (semester["from"], semester["to"], semester["school_year"]) == ("2017-09-01", "2017-12-31", "2017/18")
    lessons = next(each for each in semester["calendar"] if each["kind"] == "SEMESTER_1_LESSONS")
    assert (lessons["from"], lessons["to"]) == ("2017-09-01", "2017-12-22")


async def test_codes_of_a_list(http: httpx.AsyncClient, world: World) -> None:
    names = [each["name"] for each in await get(http, world, "/v1/code-lists")]
    assert "risks" in names
    risks = await get(http, world, "/v1/code-lists/risks?on=2020-01-01")
    code = next(each for each in risks["codes"] if each["code"] == "LANGUAGE_BARRIER")
    assert code["name_lv"]
    assert code["name_en"]
    assert risks["parent"] == "risk-groups"
    assert (await get(http, world, "/v1/code-lists/risks?on=1990-01-01"))["codes"] == []


async def test_a_programme_with_its_dated_rules(http: httpx.AsyncClient, world: World) -> None:
    (programme,) = await get(http, world, "/v1/programmes?on=2020-01-01")
    assert (programme["code"], programme["from"], programme["to"]) == ("PUMPURS", "2017-03-15", "2023-12-31")
    eligible = {
        (rule["kind"], rule["grade_from"], rule["from"], rule["to"])
        for rule in programme["rules"]
        if rule["topic"] == "ELIGIBLE"
    }
    assert ("GENERAL", 5, "2017-03-15", "2021-08-31") in eligible
    assert await get(http, world, "/v1/programmes?on=2016-01-01") == []


@pytest.mark.parametrize(
    "address", ["municipalities/9999999", "semesters/2020-3", "semesters/1950-1", "code-lists/none"]
)
async def test_what_is_not_there(http: httpx.AsyncClient, world: World, address: str) -> None:
    answer = await ask(http, world, f"/v1/{address}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_without_a_token_there_is_nothing(http: httpx.AsyncClient) -> None:
    assert (await http.get("/v1/regions")).status_code == httpx.codes.UNAUTHORIZED


@pytest.mark.parametrize("form", ["{}", '"other", {}', "W/{}", "*"])
async def test_who_has_the_answer_is_not_sent_it_again(http: httpx.AsyncClient, world: World, form: str) -> None:
    first = await ask(http, world, "/v1/municipalities?on=2021-06-30")
    assert first.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    tag = first.headers["ETag"]
    again = await ask(http, world, "/v1/municipalities?on=2021-06-30", **{"If-None-Match": form.format(tag)})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)


async def test_another_answer_has_another_tag(http: httpx.AsyncClient, world: World) -> None:
    tag = (await ask(http, world, "/v1/municipalities?on=2021-06-30")).headers["ETag"]
    other = await ask(http, world, "/v1/municipalities?on=2021-07-01", **{"If-None-Match": tag})
    assert other.status_code == httpx.codes.OK
    assert other.headers["ETag"] != tag


async def test_a_tag_is_no_token(http: httpx.AsyncClient) -> None:
    assert (await http.get("/v1/regions", headers={"If-None-Match": "*"})).status_code == httpx.codes.UNAUTHORIZED
