"""Conditions judged by what is known of a row, and what they say of times and other things apart."""

from hypothesis import given
from hypothesis import strategies as st

from app.db.reference import packaged
from app.domain.statistics.conditions import All, Any_, Between, Condition, In, Not
from app.domain.statistics.definitions import TIME, Dimension
from app.domain.statistics.holding import besides, holds, pinned, semesters_of

D = Dimension
VIDZEME = In(dimension=D.REGION, codes=("PR-VIDZEME",))
AUTUMN = In(dimension=D.SEMESTER, codes=("2020-1",))
YEAR = In(dimension=D.SCHOOL_YEAR, codes=("2020/21",))
LATER = Between(dimension=D.SEMESTER, low="2020-2")
UPPER = Between(dimension=D.GRADE, low=7, high=9)


def all_of(*conditions: Condition) -> All:
    return All(conditions=conditions)


def any_of(*conditions: Condition) -> Any_:
    return Any_(conditions=conditions)


def test_a_range_includes_its_ends_and_nothing_without_a_code() -> None:
    assert [grade for grade in range(1, 13) if holds(UPPER, {D.GRADE: grade})] == [7, 8, 9]
    assert holds(LATER, {D.SEMESTER: "2020-2"}) is True
    assert holds(LATER, {D.SEMESTER: "2020-1"}) is False
    assert holds(Between(dimension=D.SEMESTER, high="2020-1"), {D.SEMESTER: "2020-2"}) is False
    assert holds(UPPER, {D.GRADE: None}) is False
    assert holds(Not(condition=UPPER), {D.GRADE: None}) is True


def test_what_is_not_known_leaves_it_open_unless_the_rest_decides() -> None:
    known = {D.SEMESTER: "2020-2"}
    assert holds(VIDZEME, known) is None
    assert holds(all_of(VIDZEME, AUTUMN), known) is False
    assert holds(any_of(VIDZEME, LATER), known) is True
    assert holds(any_of(VIDZEME, AUTUMN), known) is None
    assert holds(Not(condition=VIDZEME), known) is None
    assert holds(None, {}) is True


def test_semesters_are_those_in_which_it_may_hold() -> None:
    assert semesters_of(YEAR, packaged()) == ("2020-1", "2020-2")
    assert semesters_of(all_of(YEAR, LATER), packaged()) == ("2020-2",)
    assert semesters_of(all_of(YEAR, Not(condition=AUTUMN), VIDZEME), packaged()) == ("2020-2",)
    assert semesters_of(any_of(AUTUMN, VIDZEME), packaged()) == semesters_of(None, packaged())


def test_what_leaves_one_code_is_pinned() -> None:
    assert pinned(all_of(VIDZEME, UPPER, In(dimension=D.RISK, codes=("A", "B")))) == {D.REGION}
    assert pinned(any_of(VIDZEME, AUTUMN)) == frozenset()
    assert pinned(Not(condition=VIDZEME)) == frozenset()
    assert pinned(None) == frozenset()


def test_times_stand_apart_unless_they_are_mixed_with_places() -> None:
    mixed = any_of(AUTUMN, VIDZEME)
    assert besides(all_of(YEAR, VIDZEME, any_of(AUTUMN, LATER)), TIME) == all_of(VIDZEME)
    assert besides(all_of(YEAR, mixed), TIME) == all_of(mixed)
    assert besides(AUTUMN, TIME) is None
    assert besides(None, TIME) is None


leaf = st.sampled_from([VIDZEME, AUTUMN, YEAR, LATER, UPPER])
trees = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(Not, condition=inner),
        st.builds(all_of, inner, inner),
        st.builds(any_of, inner, inner),
    ),
    max_leaves=8,
)
rows = st.fixed_dictionaries(
    {
        D.REGION: st.sampled_from(["PR-VIDZEME", "PR-RIGA"]),
        D.SEMESTER: st.sampled_from(["2020-1", "2020-2"]),
        D.SCHOOL_YEAR: st.just("2020/21"),
        D.GRADE: st.sampled_from([6, 7, None]),
    }
)


@given(trees, rows, st.sets(st.sampled_from([D.REGION, D.SEMESTER, D.GRADE])))
def test_more_knowledge_never_turns_a_verdict(
    condition: Condition, row: dict[Dimension, str], hidden: set[Dimension]
) -> None:
    verdict = holds(condition, row)
    assert verdict is not None
    less = holds(condition, {each: code for each, code in row.items() if each not in hidden})
    assert less in (None, verdict)
