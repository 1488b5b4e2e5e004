"""Of which releases, and of which times, a question is: what has not been released is refused, and never told in part."""

import pytest

from app.domain.errors import Invalid
from app.domain.statistics.conditions import Between, In
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Query
from tests.domain.examples import found
from tests.domain.released import AUTUMN, IN_AUTUMN, SPRING, asked, question, students

D, M = Dimension, Measure

REFUSED: dict[str, tuple[Query, tuple[str, str]]] = {
    "students over semesters": (question(M.STUDENTS), ("/by", "students-over-semesters")),
    "students over a school year": (question(M.STUDENTS, by=(D.SCHOOL_YEAR,)), ("/by", "students-over-semesters")),
    "a year in part": (question(M.PLANS, by=(D.SCHOOL_YEAR,)), ("/by", "not-released")),
    "a year in part as a subtotal": (
        question(by=(D.SCHOOL_YEAR, D.SEMESTER), subtotals={(D.SCHOOL_YEAR,): frozenset({M.PLANS})}),
        ("/by", "not-released"),
    ),
    "a chosen year in part": (
        question(M.PLANS, where=In(dimension=D.SCHOOL_YEAR, codes=("2021/22",))),
        ("/where", "not-released"),
    ),
    "another semester": (
        question(M.PLANS, where=In(dimension=D.SEMESTER, codes=("2019-1",))),
        ("/where", "not-released"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_release_has_is_refused(name: str) -> None:
    query, wrong = REFUSED[name]
    with pytest.raises(Invalid) as error:
        asked(query)
    assert wrong in found(error.value)


def test_the_answer_names_the_releases_that_it_is_from() -> None:
    assert [each.semester for each in asked(question(M.PLANS)).releases] == [SPRING, AUTUMN]
    assert [each.semester for each in asked(question(M.PLANS, where=IN_AUTUMN)).releases] == [AUTUMN]


def test_a_year_is_told_of_the_semesters_that_were_asked_for() -> None:
    [group] = asked(question(M.PLANS, by=(D.SCHOOL_YEAR,), where=IN_AUTUMN)).groups
    assert (group.key, group.values[M.PLANS].value) == (("2021/22",), len(students(AUTUMN)))  # type: ignore[union-attr]
    by_semester = question(M.PLANS, by=(D.SEMESTER,), where=In(dimension=D.SCHOOL_YEAR, codes=("2020/21", "2021/22")))
    assert [each.key for each in asked(by_semester).groups] == [("2020-2",), ("2021-1",)]
    with pytest.raises(Invalid, match=r"told as a whole: 2020-1, 2021-2\. Released are: 2020-2, 2021-1\."):
        asked(question(M.PLANS, by=(D.SCHOOL_YEAR,), where=In(dimension=D.SCHOOL_YEAR, codes=("2020/21", "2021/22"))))


def test_semesters_that_have_not_begun_are_none_that_could_be_released() -> None:
    since = question(M.PLANS, where=Between(dimension=D.SEMESTER, low="2020-2"))
    with pytest.raises(Invalid, match=r"told as a whole: 2021-2\. Released"):
        asked(since)
    [group] = asked(since, SPRING, AUTUMN, today=AUTUMN.end).groups
    assert group.values[M.PLANS].value == len(students(SPRING)) + len(students(AUTUMN))  # type: ignore[union-attr]
