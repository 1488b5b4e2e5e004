"""Cells and facts say the same of the same question, and it is what plain counting says."""

from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from app.db.reference import packaged
from app.db.scopes import AUTHORITY
from app.db.session import Database
from app.db.statistics import borders
from app.db.statistics.cell_choice import cells_for
from app.db.statistics.facts import fact_figures
from app.db.statistics.figures import FIGURES
from app.db.statistics.parts import Part, part_of
from app.db.statistics.reader import Reader
from app.domain.regions import RegionScheme
from app.domain.statistics.catalogue import MEASURES
from app.domain.statistics.conditions import All, Any_, Between, Condition, In, Not
from app.domain.statistics.definitions import DELIVERY, PLACE_AND_TIME, Dimension, Measure
from app.domain.statistics.query import Query
from tests.graphql.random_register import INSTITUTIONS, counted, random_plans
from tests.graphql.tiny_register import write_network, write_plan

D = Dimension
PLANS = random_plans(seed=7)
FEW = ["2019-2", "2020-1", "2020-2", "2021-1"]
CODES: dict[Dimension, list[Any]] = {
    D.REGION: ["PR-RIGA", "PR-VIDZEME", "PR-LATGALE"],
    D.MUNICIPALITY: ["0700200", "0038000", "0604300", "0042000", "0010000"],
    D.INSTITUTION: list(INSTITUTIONS),
    D.INSTITUTION_KIND: ["GENERAL", "VOCATIONAL"],
    D.SEMESTER: FEW,
    D.SCHOOL_YEAR: ["2019/20", "2020/21", "2021/22"],
    D.GRADE: [5, 6, 7],
    D.MINORITY_PROGRAMME: [True, False],
    D.SPECIAL_NEED: ["56", "55"],
    D.RISK: ["LOW_ACHIEVEMENT", "FAMILY_CONFLICT"],
    D.RISK_GROUP: ["LEARNING", "FAMILY"],
    D.RISK_RESULT: ["RESOLVED", "INCREASED"],
    D.SUBJECT: ["MATHEMATICS", "ENGLISH"],
    D.SPECIALIST: ["PSYCHOLOGIST"],
    D.SUPPORT_MEASURE: ["SUBJECT_CONSULTATION", "TRANSPORT_PUBLIC"],
    D.DELIVERY_MODE: ["REMOTE", "IN_PERSON"],
}
COUNTED = sorted(each for each in FIGURES if getattr(FIGURES[each], "flag", None) is None)
STUDENTS = frozenset({Measure.STUDENTS})


def leaf_of(dimension: Dimension) -> st.SearchStrategy[Condition]:
    lists = st.lists(st.sampled_from(CODES[dimension]), min_size=1, max_size=3, unique=True)
    within = st.builds(In, dimension=st.just(dimension), codes=lists.map(tuple))
    if dimension not in (D.SEMESTER, D.SCHOOL_YEAR, D.GRADE):
        return within
    ends = st.lists(st.sampled_from(CODES[dimension]), min_size=2, max_size=2).map(sorted)
    return st.one_of(within, ends.map(lambda pair: Between(dimension=dimension, low=pair[0], high=pair[1])))


def trees(dimensions: list[Dimension]) -> st.SearchStrategy[Condition]:
    leaf = st.sampled_from(dimensions).flatmap(leaf_of)
    branch = st.tuples
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(Not, condition=inner),
            st.builds(All, conditions=branch(inner, inner)),
            st.builds(Any_, conditions=branch(inner, inner)),
        ),
        max_leaves=4,
    )


@st.composite
def parts(draw: st.DrawFn, dimensions: list[Dimension]) -> Part:
    by = tuple(draw(st.lists(st.sampled_from(dimensions), max_size=3, unique=True)))
    where = draw(st.none() | trees(dimensions))
    query = Query(
        by=by,
        where=where,
        scheme=draw(st.sampled_from(RegionScheme)),
        as_of=draw(st.sampled_from([None, None, date(2021, 6, 30), date(2021, 7, 1)])),
    )
    valid = [each for each in COUNTED if query.dimensions <= MEASURES[each].dimensions]
    measures = frozenset(draw(st.lists(st.sampled_from(valid), max_size=4, unique=True))) | STUDENTS
    return part_of(query, by, measures, shift=draw(st.sampled_from([0, 0, 1, 2])))


PLACES_TIMES = sorted(PLACE_AND_TIME)
BY_CELLS = st.sampled_from([None, D.RISK, D.RISK_GROUP, *sorted(DELIVERY)]).flatmap(
    lambda one: parts([*PLACES_TIMES, *([one, one] if one else [])])
)
ANY = st.one_of(parts(sorted(CODES)), parts(sorted(CODES.keys() - DELIVERY)))
RUNS = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
async def database(owner: asyncpg.Connection, app: FastAPI) -> Database:
    await write_network(owner)
    for plan in PLANS:
        await write_plan(owner, plan)
    await owner.execute("SELECT statistics_rebuild()")
    found: Database = app.state.register.database
    return found


@RUNS
@given(part=BY_CELLS)
async def test_cells_and_facts_say_the_same(database: Database, part: Part) -> None:
    async with database.transaction(AUTHORITY, read_only=True) as connection:
        reader = await _reader(connection, part)
        cells = cells_for(part, part.measures, packaged())
        event(f"cells: {None if cells is None else cells.additive}")
        if cells is not None:
            statement = fact_figures(part, reader.borders, part.measures, institution_ids=None)
            facts = {
                tuple(row[each] for each in part.by): row for row in (await connection.execute(statement)).mappings()
            }
            found = await reader.read(part)
            if part.by:
                assert found.keys() == facts.keys()
            plain = {each for each in part.measures if MEASURES[each].unit not in ("EUR", "TEACHING_HOUR")}
            for key, row in facts.items():
                assert {each: found[key][each] for each in plain} == {each: int(row[each] or 0) for each in plain}


@RUNS
@given(part=st.one_of(BY_CELLS, ANY))
async def test_it_is_what_counting_one_by_one_says(database: Database, part: Part) -> None:
    async with database.transaction(AUTHORITY, read_only=True) as connection:
        found = await (await _reader(connection, part)).read(part)
    expected = counted(part, PLANS)
    if not part.by:
        expected = {(): expected.get((), dict.fromkeys(part.measures, 0))}
    assert found == expected


@RUNS
@given(part=BY_CELLS)
async def test_a_total_counts_each_student_of_its_groups_once(database: Database, part: Part) -> None:
    async with database.transaction(AUTHORITY, read_only=True) as connection:
        reader = await _reader(connection, part)
        groups = await reader.read(replace(part, measures=STUDENTS))
        total = (await reader.read(replace(part, by=(), measures=STUDENTS)))[()][Measure.STUDENTS]
    counts = [group[Measure.STUDENTS] for group in groups.values()]
    assert max(counts, default=0) <= total <= sum(counts)


async def _reader(connection: Any, part: Part) -> Reader:
    found = borders.at_the_time(part.scheme)
    if part.as_of is not None:
        stays = await borders.stays(connection, None)
        found = borders.as_of(stays, part.as_of, part.scheme, packaged().geography)
    return Reader(
        connection=connection, reference=packaged(), institution_ids=None, today=date(2021, 11, 15), borders=found
    )
