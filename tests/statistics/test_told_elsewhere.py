"""The version of an institution's statistics tells it of its own figures, and never that somebody else knows its student."""

from typing import Any

import httpx
import pytest

from app.db import touched
from app.domain.ids import InstitutionId
from tests.api.delivered import recorded, seen
from tests.api.outcomes import of_plan, of_year
from tests.api.plan_chain import activated, draft_body, moved, record_risk
from tests.factories import Json, World, a_person, end_enrolment, enrol, register_student


@pytest.fixture(autouse=True, params=[touched.MANY, 0], ids=["of one", "of many"])
def _either_function(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touched, "MANY", request.param)


class Told:
    """What the head of an institution is told: the answer, and the tag it comes under."""

    def __init__(self, http: httpx.AsyncClient, world: World, institution_id: InstitutionId) -> None:
        self._http, self._head = http, world.head(institution_id)
        self._tag, self._figures = "", None

    async def anew(self) -> tuple[bool, bool]:
        """Whether the tag is another one than before, and whether the figures are."""
        query = {
            "by": "RISK",
            "measures": "PLANS,STUDENTS,RISKS_WITH_RESULT,RISKS_REDUCED,INTERVENTIONS",
            "totals": "true",
        }
        answer = await self._http.get("/v1/statistics", params=query, headers=self._head)
        assert answer.status_code == httpx.codes.OK, answer.text
        figures: Any = (answer.json()["groups"], answer.json()["totals"])
        found = (answer.headers["etag"] != self._tag, figures != self._figures)
        self._tag, self._figures = answer.headers["etag"], figures
        return found


ANEW, FIGURES_ANEW, NOTHING = (True, False), (True, True), (False, False)


@pytest.fixture
async def told(http: httpx.AsyncClient, world: World) -> Told:
    return Told(http, world, world.school)


async def in_force(http: httpx.AsyncClient, world: World, enrolment: Json, risk: Json) -> Json:
    headers = world.coordinator(enrolment["institution_id"])
    body = draft_body(enrolment, risk, **{"from": enrolment["from"]})
    return await activated(http, world, await recorded(http, "/v1/plans", body, headers))


async def test_what_another_school_writes_of_the_student_is_not_told(
    http: httpx.AsyncClient, world: World, told: Told
) -> None:
    person, own, foreign = a_person(), world.school, world.other_school
    student = await register_student(http, world, own, person)
    plan = await in_force(
        http, world, await enrol(http, world, student, own), await record_risk(http, world, student, own)
    )
    await moved(http, plan, "completion", world.coordinator(own))
    elsewhere = Told(http, world, foreign)
    await told.anew()
    await elsewhere.anew()

    assert await register_student(http, world, foreign, person) == student
    assert await told.anew() == NOTHING
    enrolment = await enrol(http, world, student, foreign)
    assert await told.anew() == NOTHING
    risk = await record_risk(http, world, student, foreign, type="FAMILY_CONFLICT")
    assert await told.anew() == NOTHING
    theirs = await in_force(http, world, enrolment, risk)
    assert (await told.anew(), await elsewhere.anew()) == (NOTHING, FIGURES_ANEW)
    headers = world.coordinator(foreign)
    await http.patch(f"/v1/risks/{risk['id']}", json={"type": "LANGUAGE_BARRIER"}, headers=seen(headers, 1))
    assert (await told.anew(), await elsewhere.anew()) == (NOTHING, FIGURES_ANEW)
    theirs = await moved(http, theirs, "completion", headers)
    await recorded(http, "/v1/outcomes", of_plan(theirs, recorded_on="2021-11-15"), headers)
    assert (await told.anew(), await elsewhere.anew()) == (NOTHING, FIGURES_ANEW)
    await recorded(http, "/v1/outcomes", of_year(student, foreign), headers)
    assert await told.anew() == NOTHING


async def test_what_is_its_own_is_told(http: httpx.AsyncClient, world: World, told: Told) -> None:
    own = world.school
    headers = world.coordinator(own)
    student = await register_student(http, world, own)
    enrolment, risk = await enrol(http, world, student, own), await record_risk(http, world, student, own)
    await told.anew()
    plan = await in_force(http, world, enrolment, risk)
    assert await told.anew() == FIGURES_ANEW
    changed: Json = {"type": "FAMILY_CONFLICT"}
    assert (await http.patch(f"/v1/risks/{risk['id']}", json=changed, headers=seen(headers, 1))).is_success
    assert await told.anew() == FIGURES_ANEW
    # Of the enrolment, what this question does not ask and another might.
    changed = {"grade": 8}
    assert (await http.patch(f"/v1/enrolments/{enrolment['id']}", json=changed, headers=seen(headers, 1))).is_success
    assert await told.anew() == ANEW
    plan = await moved(http, plan, "completion", headers)
    await told.anew()
    await recorded(http, "/v1/outcomes", of_plan(plan, recorded_on="2021-11-15"), headers)
    assert await told.anew() == FIGURES_ANEW


async def test_what_another_school_wrote_and_its_figures_say_is_told(
    http: httpx.AsyncClient, world: World, told: Told
) -> None:
    """The risk of a plan may be the record of the school before."""
    person, own, before = a_person(), world.school, world.other_school
    student = await register_student(http, world, before, person)
    old = await enrol(http, world, student, before)
    risk = await record_risk(http, world, student, before)
    await end_enrolment(http, world, old)
    await register_student(http, world, own, person)
    await in_force(http, world, await enrol(http, world, student, own, **{"from": "2021-11-01"}), risk)
    await told.anew()
    headers = world.coordinator(before)
    graver = await http.patch(f"/v1/risks/{risk['id']}", json={"severity": "HIGH"}, headers=seen(headers, 1))
    assert graver.is_success, graver.text
    assert await told.anew() == NOTHING
    other = await http.patch(f"/v1/risks/{risk['id']}", json={"type": "FAMILY_CONFLICT"}, headers=seen(headers, 2))
    assert other.is_success, other.text
    assert await told.anew() == FIGURES_ANEW
