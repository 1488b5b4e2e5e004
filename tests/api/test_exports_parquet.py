"""Exports as Parquet: the same records as those of NDJSON, in columns with types."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import asyncpg
import httpx
import pyarrow as pa
import pytest
from pyarrow import parquet

from app.db import parquet as written
from tests.api.all_kinds import record_all_kinds
from tests.api.delivered import consultation, recorded
from tests.api.replica import LISTS
from tests.api.test_exports import FORMULAS
from tests.factories import Json, World

NOUNS = [noun for noun in LISTS if noun != "student"]
PARQUET = "application/vnd.apache.parquet"


@pytest.fixture(scope="module", autouse=True)
async def records(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    active = await record_all_kinds(http, world, owner)
    for text in FORMULAS:
        body = consultation(active, mode="REMOTE", head_order=text, confirmed_on="2021-10-11", hours="0.25")
        await recorded(http, "/v1/interventions", body, world.coordinator(world.school))


async def exported(http: httpx.AsyncClient, noun: str, headers: dict[str, str], **asked: Any) -> Any:
    answer = await http.get(f"/v1/{LISTS[noun]}/export", params={"format": "parquet", **asked}, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["content-type"] == PARQUET
    return parquet.ParquetFile(BytesIO(answer.content))


async def lines(http: httpx.AsyncClient, noun: str, headers: dict[str, str]) -> list[Json]:
    answer = await http.get(f"/v1/{LISTS[noun]}/export?format=ndjson", headers=headers)
    return [json.loads(line) for line in answer.text.split("\n") if line]


def value(found: Any) -> Any:
    """As JSON has it."""
    match found:
        case date():
            return found.isoformat()
        case Decimal():
            return str(found)
        case _:
            return found


def by_id(records: list[Json]) -> Iterator[Json]:
    yield from sorted(records, key=lambda each: str(each["id"]))


@pytest.mark.parametrize("noun", NOUNS)
async def test_every_field_of_every_record_is_as_in_ndjson(http: httpx.AsyncClient, world: World, noun: str) -> None:
    head = world.head(world.school)
    own = await lines(http, noun, head)
    rows = (await exported(http, noun, head)).read().to_pylist()
    assert len(rows) == len(own) > 0
    for row, record in zip(by_id(rows), by_id(own), strict=True):
        assert record.keys() <= row.keys()
        for name, found in row.items():
            wanted = record.get(name)
            if isinstance(wanted, list | dict):
                assert json.loads(found) == wanted, name
            else:
                assert value(found) == wanted, name


async def test_columns_have_types(http: httpx.AsyncClient, world: World) -> None:
    types = {
        field.name: field.type
        for field in (await exported(http, "intervention", world.head(world.school))).schema_arrow
    }
    code = pa.dictionary(pa.int32(), pa.string())
    assert types["hours"] == types["eur"] == pa.decimal128(9, 2)
    assert types["on"] == types["confirmed_on"] == pa.date32()
    assert types["support_measure"] == types["mode"] == code
    assert types["institution_id"] == types["version"] == pa.int32()
    enrolments = (await exported(http, "enrolment", world.head(world.school))).schema_arrow
    assert enrolments.field("minority_programme").type == pa.bool_()
    assert enrolments.field("special_need").type == code


async def test_what_somebody_wrote_is_as_it_was_written(http: httpx.AsyncClient, world: World) -> None:
    """No spreadsheet calculates here, so no apostrophe is put before anything."""
    orders = (await exported(http, "intervention", world.head(world.school))).read().column("head_order").to_pylist()
    assert set(FORMULAS) <= set(orders)


async def test_filters_and_scope_are_those_of_every_export(http: httpx.AsyncClient, world: World) -> None:
    some = await exported(http, "intervention", world.head(world.school), support_measure="MEALS")
    assert set(some.read().column("support_measure").to_pylist()) == {"MEALS"}
    none = await exported(http, "intervention", world.head(world.college))
    assert none.num_row_groups == 0
    assert none.schema_arrow == written.schema("intervention")


async def test_it_may_be_asked_for_by_accept(http: httpx.AsyncClient, world: World) -> None:
    headers = {**world.head(world.school), "Accept": f"text/csv;q=0.5, {PARQUET}"}
    answer = await http.get("/v1/risks/export", headers=headers)
    assert answer.headers["content-type"] == PARQUET
    assert answer.headers["content-disposition"] == 'attachment; filename="risks-2021-11-15.parquet"'


async def test_a_half_is_not_taken_for_the_whole() -> None:
    table = written.Table("risk")
    with pytest.raises(pa.ArrowInvalid):
        parquet.ParquetFile(BytesIO(table.take(b"").text + b"x" * 100))
    assert parquet.ParquetFile(BytesIO(written.Table("risk").end())).num_row_groups == 0
