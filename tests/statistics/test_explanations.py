"""What a question means, and how it is answered: to those alone who may ask it, and nothing of anybody else's."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.api.rest.statistics.models import ExplanationOut
from app.api.tokens import utc_now
from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.main import tokens_from
from app.settings import Settings
from tests.graphql.tiny_register import AGLONA, MADONA
from tests.statistics.conftest import Figures, Get

pytestmark = pytest.mark.usefixtures("tiny_register")


async def test_it_tells_what_is_counted_from_what_and_how(figures: Figures) -> None:
    told = await figures(by="REGION", measures="STUDENTS", grades="7", explain="true")
    ExplanationOut.model_validate(told)
    assert [each["code"] for each in told["definitions"]["measures"]] == ["STUDENTS"]
    assert [each["code"] for each in told["definitions"]["dimensions"]] == ["REGION", "GRADE"]
    assert told["filter"] == {"lv": "klase vai kurss: 7", "en": "grade or course: 7"}
    assert "first day" in told["borders"]["en"]
    assert told["source"].keys() == {"lv", "en"}
    assert any("Scan" in each for each in told["plan"])


async def test_the_filter_is_told_in_words(figures: Figures) -> None:
    where = json.dumps({"or": [{"kinds": ["VOCATIONAL"]}, {"not": {"gradeRange": {"from": 1, "to": 4}}}]})
    told = await figures(measures="PLANS", where=where, semesters="2020-1,2020-2", asOf="2021-07-01", explain="true")
    assert told["filter"]["en"] == (
        "(semester: 2020-1 or 2020-2) and (kind of institution: vocational educational institution or not (grade or course: from 1 to 4))"
    )
    assert "2021-07-01" in told["borders"]["lv"]


async def test_a_plan_tells_no_numbers_of_rows_and_nothing_of_others(get: Get) -> None:
    head = Actor(subject="head", role=Role.SCHOOL_HEAD, institution_ids=frozenset({InstitutionId(MADONA)}))
    asked: dict[str, Any] = {"by": "MUNICIPALITY", "measures": "STUDENTS,DELIVERED_HOURS"}
    answer = await get(head, **asked, explain="true")
    plan = "\n".join(answer.json()["plan"])
    assert "rows=" not in plan
    assert "cost=" not in plan
    assert f"{AGLONA}" not in plan.split("{")
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def test_a_question_without_an_answer_is_refused_likewise(get: Get) -> None:
    assert (await get(by="PLANET", explain="true")).status_code == 422
    assert (await get(explain="maybe")).status_code == 422


async def defined(http: httpx.AsyncClient, settings: Settings, role: Role, **asked: Any) -> httpx.Response:
    token = tokens_from(settings).issue(Actor(subject="x", role=role), now=utc_now(), lifetime=timedelta(minutes=5))
    headers = {"Authorization": f"Bearer {token}"}
    return await http.get("/v1/statistics/definitions", params=asked, headers=headers)


@pytest.mark.parametrize("role", [Role.PROGRAMME_AUTHORITY, Role.ANALYST, Role.ADMINISTRATOR])
async def test_the_catalogue_is_for_everybody(http: httpx.AsyncClient, settings: Settings, role: Role) -> None:
    told = (await defined(http, settings, role)).json()
    assert [each["code"] for each in told["measures"]] == list(MEASURES)
    assert [each["code"] for each in told["dimensions"]] == list(DIMENSIONS)
    rates = {each["code"]: (each["numerator"], each["denominator"]) for each in told["measures"] if each["numerator"]}
    assert rates["ATTENDANCE_RATE"] == ("INTERVENTIONS", "INTERVENTIONS_SCHEDULED")


async def test_parts_of_the_catalogue_and_its_tag(http: httpx.AsyncClient, settings: Settings) -> None:
    part = await defined(http, settings, Role.ANALYST, measures=["EUR", "PLANS"])
    assert [each["code"] for each in part.json()["measures"]] == ["PLANS", "EUR"]
    assert part.json()["dimensions"] == []
    whole = await defined(http, settings, Role.ANALYST)
    assert part.headers["etag"] != whole.headers["etag"]
    token = part.request.headers["Authorization"]
    again = await http.get(
        "/v1/statistics/definitions",
        headers={"Authorization": token, "If-None-Match": whole.headers["etag"]},
    )
    assert again.status_code == 304
    assert (await defined(http, settings, Role.ANALYST, measures="MONEY")).status_code == 422
