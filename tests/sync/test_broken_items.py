"""Items that are well formed and still cannot be: of another institution, of what is not there, said twice, on days that are none."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests.api.delivered import active_plan, recorded
from tests.api.delivered import consultation as single
from tests.factories import Json
from tests.sync.batches import consultation, item, ndjson, sent
from tests.sync.broken import Desk

NUMBERS = {"mine": "4900000001", "foreign": "4900000002", "former": "4900000003"}


@pytest.fixture(scope="module")
async def foreign(desk: Desk) -> Json:
    """An active plan of the other school, with something delivered under it."""
    theirs = await active_plan(desk.http, desk.world, desk.owner, desk.world.other_school)
    headers = desk.world.coordinator(desk.world.other_school)
    return theirs | {"intervention": await recorded(desk.http, "/v1/interventions", single(theirs), headers)}


@pytest.fixture(scope="module", autouse=True)
async def _numbers(desk: Desk) -> None:
    rows = [
        (desk.world.school, NUMBERS["mine"], date(2010, 9, 1), None),
        (desk.world.other_school, NUMBERS["foreign"], date(2010, 9, 1), None),
    ]
    await desk.owner.executemany(
        "INSERT INTO institution_registration (institution_id, number, valid_from, valid_to) VALUES ($1, $2, $3, $4)",
        rows,
    )


def under(active: Json, **stated: Any) -> Json:
    return item("intervention", "X-1", consultation(active, attendance="ILL") | stated)


def at(number: Any) -> Json:
    return item("institution", "X-1", {"registration_number": number})


Made = Callable[[Json, Json], Json]
FOREIGN: dict[str, tuple[Made, str, str]] = {
    "their plan": (lambda mine, theirs: under(mine, plan={"id": theirs["id"]}), "/data/plan", "not-found"),
    "their plan and risk": (lambda _, theirs: under(theirs), "/data/plan", "not-found"),
    "their risk": (
        lambda mine, theirs: under(mine, risk={"id": theirs["risk_ids"][0]}),
        "/data/risk",
        "risk-not-in-plan",
    ),
    "their plan's student for a plan": (
        lambda mine, theirs: under(mine, plan={"id": theirs["student_id"]}),
        "/data/plan",
        "not-found",
    ),
    "their enrolment for a plan": (
        lambda mine, theirs: under(mine, plan={"id": theirs["enrolment_id"]}),
        "/data/plan",
        "not-found",
    ),
    "their intervention for a plan": (
        lambda mine, theirs: under(mine, plan={"id": theirs["intervention"]["id"]}),
        "/data/plan",
        "not-found",
    ),
    "their plan for a risk": (
        lambda mine, theirs: under(mine, risk={"id": theirs["id"]}),
        "/data/risk",
        "risk-not-in-plan",
    ),
    "their number": (lambda *_: at(NUMBERS["foreign"]), "", "not-your-institution"),
    "a number that nobody has": (lambda *_: at(NUMBERS["former"]), "", "not-your-institution"),
    "their plan's id as our own": (
        lambda mine, theirs: under(mine, plan=theirs["id"]),
        "/data/plan",
        "unknown-reference",
    ),
}
"""From my plan and theirs: what is sent, and what is told."""


@pytest.mark.parametrize(("made", "pointer", "code"), FOREIGN.values(), ids=FOREIGN)
async def test_of_another_institution(desk: Desk, foreign: Json, made: Made, pointer: str, code: str) -> None:
    await desk.leaves_out(ndjson([made(desk.plan, foreign)]).strip(), pointer, code)


async def test_foreign_and_absent_are_told_alike(desk: Desk, foreign: Json) -> None:
    """In a commit as in a trial, and counted alike."""
    for mode in ("validate", "commit"):
        reports = [
            await sent(desk.http, desk.world, [under(desk.plan, plan={"id": plan_id})], mode=mode)
            for plan_id in (foreign["id"], str(uuid4()))
        ]
        told = [(report["counts"], report["rejected"]) for report in reports]
        assert told[0] == told[1]


DANGLING: dict[str, tuple[Json, str, str]] = {
    "a plan that was not sent": ({"plan": "P-none"}, "/data/plan", "unknown-reference"),
    "a risk that was not sent": ({"risk": "R-none"}, "/data/risk", "unknown-reference"),
    "a plan of no id": ({"plan": {"id": "00000000-0000-4000-8000-000000000000"}}, "/data/plan", "not-found"),
    "a risk of no id": ({"risk": {"id": "00000000-0000-4000-8000-000000000000"}}, "/data/risk", "risk-not-in-plan"),
    "a plan that is null": ({"plan": None}, "/data/plan", "string-type"),
    "a plan that is a number": ({"plan": 4}, "/data/plan", "string-type"),
    "a plan that is an empty text": ({"plan": ""}, "/data/plan", "string-too-short"),
    "a plan with a long id": ({"plan": "P" * 101}, "/data/plan", "too-long"),
    "a plan with a null character": ({"plan": "P\x00"}, "/data/plan", "control-character"),
    "a plan in an array": ({"plan": ["P-1"]}, "/data/plan", "string-type"),
    "a plan without an id": ({"plan": {}}, "/data/plan/id", "missing"),
    "a plan with a number for an id": ({"plan": {"id": 4}}, "/data/plan/id", "uuid-type"),
    "a plan with an id that is none": ({"plan": {"id": "P-1"}}, "/data/plan/id", "uuid-parsing"),
    "a plan with something beside its id": (
        {"plan": {"id": str(uuid4()), "version": 1}},
        "/data/plan/version",
        "extra-forbidden",
    ),
}


@pytest.mark.parametrize(("stated", "pointer", "code"), DANGLING.values(), ids=DANGLING)
async def test_references_to_nothing(desk: Desk, stated: Json, pointer: str, code: str) -> None:
    await desk.leaves_out(json.dumps(under(desk.plan, **stated)).encode(), pointer, code)


TWICE: dict[str, tuple[Json, Json]] = {
    "the same": ({}, {}),
    "with other data": ({}, {"data": {"plan": "P-2"}}),
    "with data that is wrong": ({}, {"data": None}),
    "without data": ({}, {"data": {}}),
    "deleted after it was recorded": ({}, {"op": "delete", "data": ...}),
    "without saying which operation": ({}, {"op": ...}),
    "without the operation the first time": ({"op": ...}, {}),
    "deleted without the operation the first time": ({"op": ...}, {"op": "delete", "data": ...}),
    "with what is no field": ({}, {"data": {"x": 1}}),
    "with a reference to nothing": ({}, {"data": {"plan": "P-none", "risk": "R-none"}}),
}


@pytest.mark.parametrize(("first", "second"), TWICE.values(), ids=TWICE)
async def test_said_twice(desk: Desk, first: Json, second: Json) -> None:
    """Whatever the second says, the first is taken: it is the second that is told."""
    once = desk.good()
    again = {name: value for name, value in (once | second).items() if value is not ...}
    once = {name: value for name, value in (once | first).items() if value is not ...}
    await desk.leaves_out(json.dumps(again).encode(), "/external_id", "duplicate-item", after=once)


async def test_the_same_id_for_another_type_is_another_item(desk: Desk) -> None:
    good = desk.good()
    report = await sent(desk.http, desk.world, [good, item("institution", good["external_id"], op="delete")])
    assert report["rejected"] == []


DAYS: dict[str, tuple[Json, str, str]] = {
    "before the plan was activated": ({"on": "2021-10-03"}, "/data/on", "outside-plan"),
    "before the semester": ({"on": "2021-08-31"}, "/data/on", "outside-plan"),
    "a year before": ({"on": "2020-10-11"}, "/data/on", "outside-plan"),
    "tomorrow": ({"on": "2021-11-16"}, "/data/on", "in-the-future"),
    "at the end of the semester, which is to come": ({"on": "2021-12-31"}, "/data/on", "in-the-future"),
    "two days of hours": ({"to": "2021-10-12"}, "/data/to", "one-day"),
    "an end that is none": ({"to": "soon"}, "/data/to", "date-from-datetime-parsing"),
    "the year 0": ({"on": "0000-01-01"}, "/data/on", "date-parsing"),
    "no such month": ({"on": "2021-13-01"}, "/data/on", "date-from-datetime-parsing"),
    "no such day": ({"on": "2021-02-29"}, "/data/on", "date-from-datetime-parsing"),
    "year 10000": ({"on": "10000-01-01"}, "/data/on", "date-from-datetime-parsing"),
    "day, month, year": ({"on": "11.10.2021"}, "/data/on", "date-from-datetime-parsing"),
    "a week": ({"on": "2021-W41-1"}, "/data/on", "date-from-datetime-parsing"),
    "an empty text": ({"on": ""}, "/data/on", "date-from-datetime-parsing"),
    "another period that begins in the future": ({"on": "2021-11-16", "to": "2021-11-16"}, "/data/on", "in-the-future"),
}


@pytest.mark.parametrize(("stated", "pointer", "code"), DAYS.values(), ids=DAYS)
async def test_days_that_are_none(desk: Desk, stated: Json, pointer: str, code: str) -> None:
    await desk.leaves_out(json.dumps(under(desk.plan, **stated)).encode(), pointer, code)


def test_every_kind_has_ten_examples() -> None:
    assert min(len(kind) for kind in (FOREIGN, DANGLING, TWICE, DAYS)) >= 10
