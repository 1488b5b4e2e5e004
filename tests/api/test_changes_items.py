"""What PostgreSQL writes into the feed is what each record's own address answers, for every noun and every field."""

from typing import Any

import asyncpg
import httpx
import pytest

from app.api.rest.change_models import ChangePage
from tests.api.all_kinds import record_all_kinds
from tests.api.replica import LISTS, Replica
from tests.factories import World


@pytest.fixture(scope="module")
async def recorded_of_all_kinds(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    await record_all_kinds(http, world, owner)


@pytest.mark.usefixtures("recorded_of_all_kinds")
@pytest.mark.parametrize("noun", LISTS)
async def test_an_item_is_what_the_address_of_its_record_answers(
    http: httpx.AsyncClient, world: World, noun: str
) -> None:
    replica = await Replica(http=http, headers=world.head(world.school)).follow()
    items = [item for (kind, _), item in replica.kept.items() if kind == noun]
    assert items
    for item in items:
        answer = await http.get(f"/v1/{LISTS[noun]}/{item['id']}", headers=world.head(world.school))
        assert item["data"] == answer.json()
        assert item["version"] == item["data"]["version"]
        assert item["student_id"] == item["data"].get("student_id", item["id"])
        assert item["institution_id"] == item["data"].get("institution_id")


def _filled(value: Any, path: str = "") -> set[str]:
    """Every field that has something in it."""
    match value:
        case dict():
            return set().union(*(_filled(each, f"{path}/{name}") for name, each in value.items()))
        case list():
            return set().union(*(_filled(each, f"{path}/-") for each in value))
        case None:
            return set()
        case _:
            return {path}


@pytest.mark.usefixtures("recorded_of_all_kinds")
async def test_every_field_was_compared(http: httpx.AsyncClient, world: World) -> None:
    replica = await Replica(http=http, headers=world.head(world.school)).follow()
    filled: dict[str, set[str]] = {noun: set() for noun in LISTS}
    fields: dict[str, set[str]] = {noun: set() for noun in LISTS}
    for (noun, _), item in replica.kept.items():
        filled[noun] |= {path.split("/")[1] for path in _filled(item["data"])}
        fields[noun] |= item["data"].keys()
    assert {noun: fields[noun] - filled[noun] for noun in LISTS} == {noun: set() for noun in LISTS}


@pytest.mark.usefixtures("recorded_of_all_kinds")
async def test_both_forms_say_the_same_and_are_as_described(http: httpx.AsyncClient, world: World) -> None:
    headers = world.head(world.school)
    answer = await http.get("/v1/changes", headers=headers)
    assert answer.headers["content-type"] == "application/json"
    replica = Replica(http=http, headers=headers)
    await replica.page()
    assert answer.json()["items"] == replica.items
    assert {item["op"] for item in replica.items} == {"load-begins", "upsert", "load-ends"}
    ChangePage.model_validate_json(answer.text)


async def test_an_empty_page_is_json_too(http: httpx.AsyncClient, world: World) -> None:
    headers = world.head(world.college)
    replica = await Replica(http=http, headers=headers).follow()
    answer = await http.get("/v1/changes", params={"cursor": replica.cursor}, headers=headers)
    assert answer.json()["items"] == []
    assert answer.json()["more"] is False
