"""A filter is read from plain words."""

from datetime import date
from typing import Any

import pytest

from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.conditions import All, Any_, Between, In, Not, leaves
from app.domain.statistics.definitions import Coding, Dimension
from app.domain.statistics.reading import MAX_CONDITIONS, MAX_DEPTH, Where, read_where

D = Dimension
RIGA = In(dimension=D.REGION, codes=("PR-RIGA",))
YOUNG = Between(dimension=D.GRADE, low=None, high=4)


def faults(words: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each.pointer, each.code) for each in read_where(words).faults}


def test_one_list_is_one_condition_and_several_are_all_of_them() -> None:
    assert read_where({"regions": ["PR-RIGA"]}).condition == RIGA
    assert read_where({"regions": ["PR-RIGA"], "gradeRange": {"to": 4}}).condition == All(conditions=(RIGA, YOUNG))


def test_trees_are_read_as_they_are_written() -> None:
    words = {"and": [{"regions": ["PR-RIGA"]}, {"or": [{"gradeRange": {"to": 4}}, {"not": {"regions": ["PR-RIGA"]}}]}]}
    assert read_where(words).condition == All(
        conditions=(RIGA, Any_(conditions=(YOUNG, Not(condition=RIGA)))),
    )


def test_a_list_knows_where_it_was_written() -> None:
    words = {"grades": [5], "not": {"or": [{"risks": ["A"]}, {"semesterRange": {"from": "2019-1"}}]}}
    assert [each.at for each in leaves(read_where(words).condition)] == [
        "/where/grades",
        "/where/not/or/0/risks",
        "/where/not/or/1/semesterRange",
    ]
    assert [each.at for each in leaves(read_where({"grades": [5]}, at="/filter").condition)] == ["/filter/grades"]


def test_what_says_nothing_filters_nothing() -> None:
    assert read_where({}) == Where()
    assert read_where({"regions": None, "not": None, "participatingOn": None}) == Where()


def test_the_day_of_participation_stands_beside_the_tree() -> None:
    assert read_where({"participatingOn": "2021-09-01", "grades": [5]}).participating_on == date(2021, 9, 1)
    assert read_where({"participatingOn": date(2021, 9, 1)}) == Where(participating_on=date(2021, 9, 1))
    assert faults({"participatingOn": "1 September"}) == {("/where/participatingOn", "not-a-date")}
    assert faults({"not": {"participatingOn": "2021-09-01"}}) == {("/where/not/participatingOn", "only-at-the-top")}


@pytest.mark.parametrize("dimension", Dimension)
def test_every_dimension_has_its_list(dimension: Dimension) -> None:
    definition = DIMENSIONS[dimension]
    code: dict[Coding, Any] = {Coding.INSTITUTION: 7, Coding.NUMBER: 7, Coding.YES_OR_NO: True}
    value = code.get(definition.coding, "CODE")
    words = {definition.filter_name: value if definition.coding is Coding.YES_OR_NO else [value]}
    assert read_where(words).condition == In(dimension=dimension, codes=(value,))


@pytest.mark.parametrize("name", [each.range_name for each in DIMENSIONS.values() if each.range_name])
def test_a_range_may_be_open_on_one_side(name: str) -> None:
    assert faults({name: {}}) == {(f"/where/{name}", "empty")}
    assert faults({name: {"from": None, "to": None}}) == {(f"/where/{name}", "empty")}
    assert faults({name: ["2019-1", "2020-1"]}) == {(f"/where/{name}", "wrong-type")}
    assert faults({name: {"from": 1, "until": 2}}) == {(f"/where/{name}", "wrong-type")}


def test_every_fault_is_told_by_its_place() -> None:
    words = {
        "risk": ["LOW_ACHIEVEMENT"],
        "grades": ["5", True, 5],
        "regions": "PR-RIGA",
        "subjects": [1],
        "minorityProgramme": "yes",
        "gradeRange": {"from": "5"},
        "and": {"grades": [5]},
        "or": [],
        "not": [],
    }
    assert faults(words) == {
        ("/where/risk", "unknown-word"),
        ("/where/grades/0", "wrong-type"),
        ("/where/grades/1", "wrong-type"),
        ("/where/regions", "wrong-type"),
        ("/where/subjects/0", "wrong-type"),
        ("/where/minorityProgramme", "wrong-type"),
        ("/where/gradeRange/from", "wrong-type"),
        ("/where/and", "wrong-type"),
        ("/where/or", "empty"),
        ("/where/not", "wrong-type"),
    }
    assert faults({"or": [{"grades": [5]}, {}]}) == {("/where/or/1", "empty")}


def test_beside_a_fault_the_rest_is_read_and_keeps_its_place() -> None:
    """So that a code that there is not is told along with it, and where it was written."""
    read = read_where({"grades": ["5", 99], "gradeRange": {"from": "5", "to": 99}, "regions": ["PR-RIGA"]})
    assert [each.pointer for each in read.faults] == ["/where/grades/0", "/where/gradeRange/from"]
    assert list(leaves(read.condition)) == [
        In(dimension=D.GRADE, codes=("", 99)),
        Between(dimension=D.GRADE, low=None, high=99),
        RIGA,
    ]


def test_a_word_that_there_is_not_names_the_nearest() -> None:
    (fault,) = read_where({"gradesRange": {"from": 5}}).faults
    assert fault.message == "A filter has no such word. Did you mean gradeRange?"


@pytest.mark.parametrize("day", ["20210901", "2021-W35-3", "2021-09-01 ", "2021-9-1"])
def test_a_day_is_written_in_one_way(day: str) -> None:
    assert faults({"participatingOn": day}) == {("/where/participatingOn", "not-a-date")}


def nested(depth: int) -> dict[str, Any]:
    words: dict[str, Any] = {"grades": [5]}
    for _ in range(depth):
        words = {"not": words}
    return words


def test_a_tree_is_not_deeper_than_anybody_needs() -> None:
    assert not faults(nested(MAX_DEPTH))
    assert faults(nested(MAX_DEPTH + 1)) == {("/where" + "/not" * (MAX_DEPTH + 1), "filter-too-deep")}
    assert faults(nested(5_000)) == {("/where" + "/not" * (MAX_DEPTH + 1), "filter-too-deep")}


def test_a_tree_is_not_larger_than_anybody_needs() -> None:
    many = [{"grades": [5]}] * MAX_CONDITIONS
    assert not faults({"or": many})
    assert faults({"or": [*many, {"grades": [5]}]}) == {(f"/where/or/{MAX_CONDITIONS}/grades", "filter-too-large")}
