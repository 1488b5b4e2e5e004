"""What is wrong with an item is told where it stands in the item, in the code of single requests, and everything at once."""

from typing import Any

import httpx
import pytest

from tests.factories import Json, World, a_person
from tests.sync import records
from tests.sync.batches import counted, item, sent, wrong
from tests.sync.records import CONSENT, up_to_a_plan

Wrong = list[tuple[str, str]]


@pytest.fixture(scope="module", autouse=True)
async def known(http: httpx.AsyncClient, world: World) -> None:
    """A, with everything; and B, whose risk is not A's."""
    await sent(http, world, [*up_to_a_plan("A"), records.year_outcome("A"), records.student("B"), records.risk("B")])


REJECTED: dict[str, tuple[Json, Wrong]] = {
    "a person in all that is wrong": (
        records.student("X", a_person(given_names="1", birth_date="2030-01-01", personal_code="123")),
        [
            ("/data/person/given_names", "format"),
            ("/data/person/birth_date", "in-the-future"),
            ("/data/person/personal_code", "personal-code-format"),
        ],
    ),
    "a correction of a person": (
        records.student("A", a_person(family_name="2")),
        [("/data/person/family_name", "format")],
    ),
    "a person that is none": (records.student("X", {"name": "x"}), [("/data/person/given_names", "missing")]),
    "an institution that is not the client's": (
        records.student("X", institution=999_999),
        [("", "not-your-institution")],
    ),
    "an institution that was never sent": (
        records.student("X", institution="school-9"),
        [("/data/institution", "unknown-reference")],
    ),
    "an enrolment in all that is wrong": (
        records.enrolment(
            "A", **{"from": "2005-09-01", "to": "2005-08-31"}, grade=11, home_municipality="9999", special_need="1"
        )
        | {"external_id": "E-X"},
        [
            ("/data/to", "ends-before-start"),
            ("/data/end_reason", "end-and-reason"),
            ("/data/from", "outside-institution-life"),
            ("/data/home_municipality", "unknown-code"),
            ("/data/special_need", "unknown-code"),
        ],
    ),
    "an enrolment that overlaps": (
        records.enrolment("A", **{"from": "2021-10-01"}) | {"external_id": "E-X"},
        [("/data/from", "overlap")],
    ),
    "an enrolment of a student that was never sent": (
        records.enrolment("A", student="S-9") | {"external_id": "E-X"},
        [("/data/student", "unknown-reference")],
    ),
    "an enrolment that becomes another student's": (
        records.enrolment("A", student="S-B"),
        [("/data/student", "fixed-field")],
    ),
    "a risk in all that is wrong": (
        records.risk("A", type="NONE", identified_on="2022-01-01", resolved_on="2021-12-31"),
        [
            ("/data/type", "unknown-code"),
            ("/data/identified_on", "in-the-future"),
            ("/data/resolved_on", "ends-before-start"),
            ("/data/resolved_on", "in-the-future"),
        ],
    ),
    "a plan whose references were never sent": (
        records.plan("A", enrolment="E-9", risks=["R-A", "R-8"], continues="P-9") | {"external_id": "P-X"},
        [
            ("/data/enrolment", "unknown-reference"),
            ("/data/risks/1", "unknown-reference"),
            ("/data/continues", "unknown-reference"),
        ],
    ),
    "a plan with another student's risk": (
        records.plan("A", risks=["R-A", "R-B"]),
        [("/data/risks/1", "unknown-risk")],
    ),
    "a plan that names a risk twice": (records.plan("A", risks=["R-A", "R-A"]), [("/data/risks/1", "duplicate")]),
    "a plan with a measure against no risk of it": (
        records.plan("A", risks=[]),
        [("/data/planned_measures/0/risk", "risk-not-in-plan")],
    ),
    "a plan outside its semester": (
        records.plan("A", **{"from": "2021-08-31", "to": "2022-01-10"}),
        [("/data/from", "outside-semester"), ("/data/from", "not-enrolled")],
    ),
    "a plan in another semester": (records.plan("A", semester="2021-2"), [("/data/semester", "fixed-field")]),
    "a plan of a programme that there is not": (
        records.plan("A", programme="X", semester="1995-1") | {"external_id": "P-X"},
        [("/data/programme", "unknown-code"), ("/data/semester", "unknown-code")],
    ),
    "a plan that continues itself": (
        records.plan("A", continues="P-A"),
        [("/data/continues", "not-an-earlier-plan")],
    ),
    "a second plan that is open": (
        records.plan("A", semester="2021-2") | {"external_id": "P-X"},
        [("", "plan-open")],
    ),
    "a step of a plan that was never sent": (item("plan", "P-9", op="submit"), [("/external_id", "unknown-reference")]),
    "a step that comes too early": (item("plan", "P-A", op="complete"), [("", "step-not-possible")]),
    "an end without a reason": (
        item("plan", "P-A", {}, op="discontinue"),
        [("/data/reason", "missing")],
    ),
    "an outcome of a plan that never was in force": (
        records.plan_outcome("A", improvements=["NONE"]),
        [("/data/plan", "plan-never-active"), ("/data/improvements/0", "unknown-code")],
    ),
    "an outcome of a plan with another one's risk": (
        records.plan_outcome("A", results=[{"risk": "R-B", "result": "REDUCED"}]),
        [
            ("/data/plan", "plan-never-active"),
            ("/data/results/0/risk", "risk-not-in-plan"),
            ("/data/results", "missing-risk"),
        ],
    ),
    "an outcome of a plan that was never sent": (
        records.plan_outcome("A", plan="P-9", results=[{"risk": "R-9", "result": "REDUCED"}]),
        [("/data/plan", "unknown-reference"), ("/data/results/0/risk", "unknown-reference")],
    ),
    "an outcome of a year that becomes that of a plan": (
        records.plan_outcome("A") | {"external_id": "Y-A"},
        [("/data/of", "fixed-field")],
    ),
    "an outcome of nothing known": (item("outcome", "O-X", {"of": "WEEK"}), [("/data/of", "union-tag-invalid")]),
    "an outcome of a year in all that is wrong": (
        records.year_outcome("A", result="PROMOTED", recorded_on="2022-06-30"),
        [
            ("/data/recorded_on", "in-the-future"),
            ("/data/left_on", "only-when-leaving"),
            ("/data/leaving_reason", "only-when-leaving"),
        ],
    ),
    "a field that there is not": (
        records.risk("A", colour="red"),
        [("/data/colour", "extra-forbidden")],
    ),
}


@pytest.mark.parametrize("case", REJECTED)
async def test_what_is_wrong_and_where(http: httpx.AsyncClient, world: World, case: str) -> None:
    sent_item, expected = REJECTED[case]
    report = await sent(http, world, [sent_item])
    found = {(pointer, code) for _, pointer, code in wrong(report)}
    assert set(expected) <= found
    if not case.endswith("none"):
        assert found == set(expected)
    assert counted(report) == {sent_item["type"]: {"rejected": 1}}
    assert report["rejected"][0]["external_id"] == sent_item["external_id"]


async def test_nothing_of_what_was_rejected_is_kept(http: httpx.AsyncClient, world: World) -> None:
    everything = [*up_to_a_plan("A"), records.year_outcome("A")]
    for each in everything:
        if each["type"] == "student":
            each["data"]["person"] = await stated_of_a(http, world)
    assert counted(await sent(http, world, everything)) == {
        each: {"unchanged": 1} for each in ("student", "enrolment", "risk", "plan", "outcome")
    }


async def stated_of_a(http: httpx.AsyncClient, world: World) -> Json:
    """What is kept of A, which the fixture has made up."""
    headers = world.coordinator(world.school)
    plans: list[Any] = (await http.get("/v1/plans", headers=headers)).json()["items"]
    (student_id,) = {each["student_id"] for each in plans}
    kept = (await http.get(f"/v1/students/{student_id}/person", headers=headers)).json()
    return {name: kept[name] for name in ("given_names", "family_name", "birth_date", "personal_code")}


async def test_what_depends_on_a_rejected_item_is_rejected_and_the_rest_is_not(
    http: httpx.AsyncClient, world: World
) -> None:
    items = [*up_to_a_plan("C", a_person(family_name="3")), *up_to_a_plan("D")]
    report = await sent(http, world, items)
    assert counted(report) == {each: {"created": 1, "rejected": 1} for each in ("student", "enrolment", "risk", "plan")}
    assert {(pointer, code) for line, pointer, code in wrong(report)} == {
        ("/data/person/family_name", "format"),
        ("/data/student", "unknown-reference"),
        ("/data/enrolment", "unknown-reference"),
        ("/data/risks/0", "unknown-reference"),
        ("/data/planned_measures/0/risk", "unknown-reference"),
    }
    refused = await sent(http, world, [records.plan("D", consent=CONSENT | {"application_signed_on": "2021-12-01"})])
    assert counted(refused) == {"plan": {"updated": 1}}
    submitted = await sent(http, world, [item("plan", "P-D", op="submit")])
    assert wrong(submitted) == [(1, "/data/consent/application_signed_on", "in-the-future")]
