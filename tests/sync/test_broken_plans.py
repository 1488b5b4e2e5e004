"""Plans that continue one another in a circle, and days that lie outside: of the semester, of the enrolment, of the risk's own."""

import json
from itertools import count
from typing import Any

import pytest

from tests.factories import Json
from tests.sync import records
from tests.sync.batches import send, sent
from tests.sync.broken import REPORTS, Desk, rows, written

SEMESTERS = ("2019-1", "2019-2", "2020-1", "2020-2", "2021-1")
_serials = count(1)


@pytest.fixture
async def key(desk: Desk) -> str:
    """A student who has been at the school since 2019, with a risk."""
    made = f"K{next(_serials)}"
    enrolled = records.enrolment(made, **{"from": "2019-09-02"})
    await sent(desk.http, desk.world, [records.student(made), enrolled, records.risk(made, identified_on="2019-09-03")])
    return made


def plan(key: str, name: str, continues: str | None, **said: Any) -> Json:
    stated = {"risks": [], "planned_measures": [], **said} | ({} if continues is None else {"continues": continues})
    return records.plan(key, **stated) | {"external_id": f"P-{key}-{name}"}


CIRCLES = {
    "itself": "A>A",
    "itself, in the first semester there is": "a>a",
    "two": "A>B B>A",
    "two, the earlier one first": "B>A A>B",
    "two of one semester": "A>a a>A",
    "three": "A>B B>C C>A",
    "three, the other way": "A>C C>B B>A",
    "four": "A>B B>C C>D D>A",
    "all": "A>B B>C C>D D>E E>A",
    "all, the other way": "E>D D>C C>B B>A A>E",
    "two circles": "A>B B>A C>D D>C",
    "a circle, and what hangs on it": "A>B B>A C>A",
    "one that continues what continues itself": "A>A B>A",
}
"""Plan by plan, each of the next semester: which one continues which."""


@pytest.mark.parametrize("circle", CIRCLES.values(), ids=CIRCLES)
@pytest.mark.parametrize("atomic", ["item", "all"])
async def test_plans_in_a_circle(desk: Desk, key: str, circle: str, atomic: str) -> None:
    pairs = [each.split(">") for each in circle.split()]
    items = [
        plan(key, name, f"P-{key}-{earlier}", semester=SEMESTERS["ABCDE".index(name.upper())])
        for name, earlier in pairs
    ]
    before = await rows(desk.owner)
    answer = await send(desk.http, desk.world, items, atomic=atomic)
    report = answer.json()["batch"] if atomic == "all" else answer.json()
    assert [each["line"] for each in report["rejected"]] == list(range(1, len(items) + 1))
    for each in report["rejected"]:
        [told] = each["violations"]
        assert told["pointer"] == "/data/continues"
        assert told["code"] in {"unknown-reference", "not-an-earlier-plan"}
    assert await written(desk.owner, before) <= REPORTS
    await desk.goes_on()


async def test_a_circle_is_not_closed_later(desk: Desk, key: str) -> None:
    """What was there before cannot be made to continue what came after it."""
    await sent(desk.http, desk.world, [plan(key, "A", None, semester="2020-2")])
    gone = {"op": "discontinue", "type": "plan", "external_id": f"P-{key}-A", "data": {"reason": "Moved on."}}
    await sent(desk.http, desk.world, [gone])
    await sent(desk.http, desk.world, [plan(key, "B", f"P-{key}-A", semester="2021-1")])
    before = await rows(desk.owner)
    closing = plan(key, "A", f"P-{key}-B", semester="2020-2")
    report = await sent(desk.http, desk.world, [closing, plan(key, "B", f"P-{key}-B", semester="2021-1")])
    assert [len(each["violations"]) for each in report["rejected"]] == [1, 1]
    assert await written(desk.owner, before) <= REPORTS


DAYS: dict[str, tuple[str, Json, str, str]] = {
    "a plan that begins before the semester": ("plan", {"from": "2021-08-31"}, "/data/from", "outside-semester"),
    "a plan that begins after it": (
        "plan",
        {"from": "2022-01-01", "to": "2022-01-31"},
        "/data/from",
        "outside-semester",
    ),
    "a plan that ends after it": ("plan", {"to": "2022-01-01"}, "/data/from", "outside-semester"),
    "a plan that ends a year after it": ("plan", {"to": "2022-12-31"}, "/data/from", "outside-semester"),
    "a plan that ends before it begins": (
        "plan",
        {"from": "2021-10-02", "to": "2021-10-01"},
        "/data/to",
        "ends-before-start",
    ),
    "a plan before the enrolment": (
        "plan",
        {"semester": "2018-2", "from": "2019-03-01"},
        "/data/from",
        "not-enrolled",
    ),
    "a semester that there is not": ("plan", {"semester": "2021-3"}, "/data/semester", "string-pattern-mismatch"),
    "a semester of another form": ("plan", {"semester": "2021/22-1"}, "/data/semester", "string-pattern-mismatch"),
    "a day of a plan that is none": ("plan", {"from": "2021-09-31"}, "/data/from", "date-from-datetime-parsing"),
    "an enrolment that ends before it begins": (
        "enrolment",
        {"from": "2018-09-02", "to": "2018-09-01", "end_reason": "LEFT"},
        "/data/to",
        "ends-before-start",
    ),
    "an enrolment before the school was opened": (
        "enrolment",
        {"from": "2010-08-31", "to": "2011-05-31", "end_reason": "LEFT"},
        "/data/from",
        "outside-institution-life",
    ),
    "an enrolment of a day that is none": (
        "enrolment",
        {"from": "2021-06-31"},
        "/data/from",
        "date-from-datetime-parsing",
    ),
    "a risk of tomorrow": ("risk", {"identified_on": "2021-11-16"}, "/data/identified_on", "in-the-future"),
    "a risk that is resolved tomorrow": ("risk", {"resolved_on": "2021-11-16"}, "/data/resolved_on", "in-the-future"),
    "a risk that is resolved before it is identified": (
        "risk",
        {"resolved_on": "2021-09-09"},
        "/data/resolved_on",
        "ends-before-start",
    ),
}


@pytest.mark.parametrize(("item_type", "stated", "pointer", "code"), DAYS.values(), ids=DAYS)
async def test_days_that_lie_outside(
    desk: Desk, key: str, item_type: str, stated: Json, pointer: str, code: str
) -> None:
    made = {"plan": records.plan, "enrolment": records.enrolment, "risk": records.risk}[item_type](key, **stated)
    await desk.leaves_out(json.dumps(made | {"external_id": f"X-{key}"}).encode(), pointer, code)


def test_every_kind_has_ten_examples() -> None:
    assert min(len(kind) for kind in (CIRCLES, DAYS)) >= 10
