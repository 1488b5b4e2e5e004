"""Random questions about random registers, asked over HTTP, against a plain recount of the exported records: equal to the last cent."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.api.tokens import utc_now
from app.db.reference import packaged
from app.domain.regions import RegionScheme
from app.domain.statistics.catalogue import MEASURES
from app.domain.statistics.definitions import Dimension, Measure
from app.main import tokens_from
from app.settings import Settings
from tests.graphql.conftest import AUTHORITY
from tests.graphql.random_register import INSTITUTIONS, random_plans
from tests.graphql.tiny_register import Planned, write_network, write_plan
from tests.statistics.conditions_in_sql import dimensions_of
from tests.statistics.recount import BY_THING, OF_PLANS, OF_RISKS, OF_THINGS, Figures, Question, Recount

RECORDS = ("enrolments", "risks", "plans", "interventions", "outcomes")
OF_STUDENTS = "student, enrolment, risk, plan, plan_risk, planned_measure, intervention, outcome, outcome_result"
CODES: dict[str, list[Any]] = {
    "regions": ["PR-RIGA", "PR-VIDZEME", "PR-LATGALE"],
    "municipalities": ["0700200", "0700800", "0038000", "0604300", "0032000", "0042000", "0010000"],
    "institutions": list(INSTITUTIONS),
    "semesters": ["2019-2", "2020-1", "2020-2", "2021-1"],
    "schoolYears": ["2019/20", "2020/21", "2021/22"],
    "kinds": ["GENERAL", "VOCATIONAL"],
    "grades": [5, 6, 7],
    "riskGroups": ["LEARNING", "FAMILY"],
    "risks": ["LOW_ACHIEVEMENT", "FAMILY_CONFLICT"],
    "riskResults": ["RESOLVED", "INCREASED"],
    "supportMeasures": ["SUBJECT_CONSULTATION", "TRANSPORT_PUBLIC"],
    "subjects": ["MATHEMATICS", "ENGLISH"],
    "specialists": ["PSYCHOLOGIST"],
    "deliveryModes": ["REMOTE", "IN_PERSON"],
    "schoolYearResults": ["PROMOTED", "LEFT_EARLY"],
    "specialNeeds": ["56"],
}
RANGES = {"semesterRange": "semesters", "schoolYearRange": "schoolYears", "gradeRange": "grades"}
COUNTED = sorted(OF_PLANS | OF_RISKS | OF_THINGS)
RATES = sorted(each for each in MEASURES if MEASURES[each].share is not None)


DAYS = (None, date(2021, 6, 30), date(2021, 7, 1), date(2024, 3, 1))
"""In whose borders is asked: at the time, before and after the reform of 2021, and of a day in which regions are others."""
GEOGRAPHY = packaged().geography


def _codes(day: date | None) -> dict[str, list[Any]]:
    """In the borders of a day, its own municipalities alone are codes."""
    known = [GEOGRAPHY.municipality(code) for code in CODES["municipalities"]]
    there = [each.code for each in known if each is not None and (day is None or day in each.period)]
    return CODES | {"municipalities": there}


def _lists(word: str, codes: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.lists(st.sampled_from(codes[word]), min_size=1, max_size=3, unique=True).map(lambda some: {word: some})


def _range(word: str) -> st.SearchStrategy[dict[str, Any]]:
    ends = st.lists(st.sampled_from(CODES[RANGES[word]]), min_size=2, max_size=2).map(sorted)
    return ends.map(lambda pair: {word: {"from": pair[0], "to": pair[1]}})


def _filters(codes: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    leaves = st.one_of(
        st.sampled_from(sorted(codes)).flatmap(lambda word: _lists(word, codes)),
        st.sampled_from(sorted(RANGES)).flatmap(_range),
        st.sampled_from(["minorityProgramme", "returnedEmigrant"]).flatmap(
            lambda word: st.booleans().map(lambda answer: {word: answer})
        ),
    )
    trees = st.recursive(
        leaves,
        lambda inner: st.one_of(
            inner.map(lambda each: {"not": each}),
            st.lists(inner, min_size=2, max_size=3).map(lambda all_of: {"and": all_of}),
            st.lists(inner, min_size=2, max_size=3).map(lambda any_of: {"or": any_of}),
        ),
        max_leaves=4,
    )
    return st.just({}) | trees


FILTERS = {day: _filters(_codes(day)) for day in DAYS}


@st.composite
def questions(draw: st.DrawFn) -> Question:
    by = tuple(draw(st.lists(st.sampled_from(list(Dimension)), max_size=4, unique=True)))
    as_of = draw(st.sampled_from([None, *DAYS]))
    where = draw(FILTERS[as_of])
    named = dimensions_of(where)
    dimensions = frozenset(map(str, by)) | named
    valid = [each for each in [*COUNTED, *RATES] if dimensions <= MEASURES[Measure(each)].dimensions]
    return Question(
        by=tuple(map(str, by)),
        measures=tuple({"PLANS", *draw(st.lists(st.sampled_from(valid), max_size=5))}),
        where=where,
        dimensions=dimensions,
        # The regions that are filtered by are those of one scheme.
        scheme="PLANNING" if Dimension.REGION in named else draw(st.sampled_from(list(RegionScheme))),
        as_of=as_of,
    )


def _complete(plans: list[Planned], seed: int) -> list[Planned]:
    """With what else statistics ask about: who delivered it, how the year ended, what goes on from an earlier plan."""
    random, last, done = Random(seed), dict[Any, Planned](), list[Planned]()
    for plan in sorted(plans, key=lambda each: each.first_day):
        staff = [replace(each, staff_member=random.choice((None, "S-1", "S-2"))) for each in plan.delivered]
        before = last.get(plan.student)
        last[plan.student] = replace(
            plan,
            delivered=staff,
            year_result=random.choice((None, "PROMOTED", "LEFT_EARLY", "REPEATS")),
            returned=random.random() < 0.3,
            continues=before.id if before is not None and random.random() < 0.6 else None,
        )
        done.append(last[plan.student])
    return done


@pytest.fixture(params=[1, 2, 3])
async def recount(
    request: pytest.FixtureRequest,
    owner: asyncpg.Connection,
    http: httpx.AsyncClient,
    settings: Settings,
    tmp_path: Path,
) -> Recount:
    """A register of its own for each seed, and what it exports."""
    await owner.execute(f"TRUNCATE {OF_STUDENTS} CASCADE")
    if not await owner.fetchval("SELECT EXISTS (SELECT FROM institution)"):
        await write_network(owner)
    for plan in _complete(random_plans(seed=request.param, students=25), request.param):
        await write_plan(owner, plan)
    await owner.execute("SELECT statistics_rebuild()")
    token = tokens_from(settings).issue(AUTHORITY, now=utc_now(), lifetime=timedelta(minutes=5))
    headers = {"Authorization": f"Bearer {token}"}
    lines = {
        noun: (await http.get(f"/v1/{noun}/export", params={"format": "ndjson"}, headers=headers)).text
        for noun in RECORDS
    }
    semesters = (await http.get("/v1/semesters", headers=headers)).json()
    institutions = (await http.get("/v1/institutions", headers=headers)).json()["items"]
    for noun, listed in (("semesters", semesters), ("institutions", institutions)):
        lines[noun] = "\n".join(map(json.dumps, listed))
    assert all(lines.values())
    return Recount(tmp_path, lines)


@given(question=questions())
@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_is_answered_is_what_is_recorded(
    recount: Recount, figures: Callable[..., Awaitable[Any]], question: Question
) -> None:
    answer = await figures(
        by=list(question.by),
        measures=list(question.measures),
        where=json.dumps(question.where),
        regionScheme=question.scheme,
        totals="true",
        **({} if question.as_of is None else {"asOf": str(question.as_of)}),
    )
    assert _told(answer, question) == _with_anything(_expected(recount, question))
    (totals,) = _expected(recount, replace(question, by=())).values()
    assert {each: _plain(answer["totals"][each.lower()]) for each in question.measures} == totals


def _expected(recount: Recount, question: Question) -> dict[Any, dict[str, Any]]:
    """A rate is the pair of its two numbers."""
    parts = {each: MEASURES[Measure(each)].share for each in question.measures}
    needed = {each for each, share in parts.items() if share is None}
    needed |= {str(part) for share in parts.values() if share for part in (share.numerator, share.denominator)}
    counted: Figures = recount.count(replace(question, measures=tuple(needed)))
    return {
        key: {
            each: values[each] if share is None else (values[str(share.numerator)], values[str(share.denominator)])
            for each, share in parts.items()
        }
        for key, values in counted.items()
    }


def _with_anything(figures: dict[Any, dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    return {key: values for key, values in figures.items() if any(values[each] not in (0, (0, 0)) for each in values)}


def _told(answer: Any, question: Question) -> dict[Any, dict[str, Any]]:
    told = {}
    for group in answer["groups"]:
        labels = [group["key"][each.lower()] for each in question.by]
        key = tuple(None if label is None else label["code"] for label in labels)
        told[key] = {each: _plain(group["values"][each.lower()]) for each in question.measures}
    assert len(told) == len(answer["groups"])
    return _with_anything(told)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return (value["numerator"], value["denominator"])
    return Decimal(value) if isinstance(value, str) else value


@pytest.mark.parametrize("day", DAYS)
def test_municipalities_are_drawn_that_are_there_on_the_day(day: date | None) -> None:
    """Else a question by places would be refused, or ask for nothing."""
    reform, drawn = date(2021, 7, 1), _codes(day)["municipalities"]
    assert ("0700200" in drawn) is (day is None or day < reform), "Madona until the reform"
    assert ("0038000" in drawn) is (day is None or day >= reform), "Madona after it"


def test_the_recount_knows_every_measure_of_records() -> None:
    """A new measure is counted again here, or is no measure of records."""
    assert {*COUNTED, *RATES, Measure.INSTITUTIONS_PARTICIPATING} == set(MEASURES)
    assert set(BY_THING) < {str(each) for each in Dimension}
