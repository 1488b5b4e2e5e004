"""What a filter leaves: however it is written, the answer is the same; and which trees releases cannot follow."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.statistics.conditions import Between, Condition, In
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Query
from tests.domain.examples import found
from tests.domain.released import IN_AUTUMN, asked, both, either, question, without

D, M = Dimension, Measure


EQUAL: list[tuple[Condition, Condition]] = [
    (In(dimension=D.GRADE, codes=(7, 8)), Between(dimension=D.GRADE, low=7, high=8)),
    (
        In(dimension=D.GRADE, codes=(8, 7, 7)),
        either((In(dimension=D.GRADE, codes=(7,)), In(dimension=D.GRADE, codes=(8,)))),
    ),
    (
        without(In(dimension=D.GRADE, codes=(7,))),
        either((Between(dimension=D.GRADE, high=6), Between(dimension=D.GRADE, low=8))),
    ),
    (
        without(either((In(dimension=D.GRADE, codes=(7,)), In(dimension=D.INSTITUTION_KIND, codes=("GENERAL",))))),
        both((without(In(dimension=D.GRADE, codes=(7,))), In(dimension=D.INSTITUTION_KIND, codes=("VOCATIONAL",)))),
    ),
    (IN_AUTUMN, both((In(dimension=D.SCHOOL_YEAR, codes=("2021/22",)), Between(dimension=D.SEMESTER, high="2021-1")))),
    (In(dimension=D.MINORITY_PROGRAMME, codes=(True, False)), Between(dimension=D.GRADE, low=1)),
    (
        either(
            (both((IN_AUTUMN, In(dimension=D.GRADE, codes=(7,)))), both((IN_AUTUMN, In(dimension=D.GRADE, codes=(8,)))))
        ),
        both((IN_AUTUMN, In(dimension=D.GRADE, codes=(7, 8)))),
    ),
]


@pytest.mark.parametrize("pair", EQUAL, ids=str)
@pytest.mark.parametrize("by", [(), (D.SEMESTER,), (D.GRADE, D.SEMESTER), (D.REGION, D.SEMESTER)], ids=str)
def test_a_question_in_other_words_has_the_same_answer(
    pair: tuple[Condition, Condition], by: tuple[Dimension, ...]
) -> None:
    first, second = (
        outcome(question(M.PLANS, M.CONTINUATION_RATE, by=by, where=where, totals=frozenset({M.PLANS})))
        for where in pair
    )
    assert first == second


def outcome(query: Query) -> object:
    """The answer, or why there is none."""
    try:
        return asked(query)
    except Invalid as error:
        return error.violations


def test_a_region_by_its_municipalities_is_the_region() -> None:
    vidzeme = In(dimension=D.REGION, codes=("PR-VIDZEME",))
    there = asked(question(M.PLANS, by=(D.MUNICIPALITY,), where=both((IN_AUTUMN, vidzeme)))).groups
    named = In(dimension=D.MUNICIPALITY, codes=tuple(str(each.key[0]) for each in there))
    one, other = (
        asked(question(M.PLANS, M.RISKS_ANSWERED, where=both((IN_AUTUMN, each)))) for each in (vidzeme, named)
    )
    assert one.groups == other.groups


def test_all_risks_of_a_group_are_the_group() -> None:
    groups = asked(question(M.STUDENTS, by=(D.RISK_GROUP, D.RISK), where=IN_AUTUMN)).groups
    learning = In(
        dimension=D.RISK, codes=tuple(str(risk) for group, risk in (each.key for each in groups) if group == "LEARNING")
    )
    one, other = (
        asked(question(M.STUDENTS, M.DELIVERED_HOURS, where=both((IN_AUTUMN, each))))
        for each in (learning, In(dimension=D.RISK_GROUP, codes=("LEARNING",)))
    )
    assert one.groups == other.groups


def test_an_institution_is_in_no_filter() -> None:
    with pytest.raises(Invalid) as error:
        asked(question(M.PLANS, where=In(dimension=D.INSTITUTION, codes=(1,), at="/where/institutions")))
    assert found(error.value) == {("/where/institutions", "not-in-releases")}


def test_alternatives_concern_one_dimension() -> None:
    here_or_there = either((In(dimension=D.GRADE, codes=(7,)), In(dimension=D.INSTITUTION_KIND, codes=("GENERAL",))))
    with pytest.raises(Invalid) as error:
        asked(question(M.PLANS, where=here_or_there))
    assert found(error.value) == {("/where", "not-in-releases")}


def test_one_alternative_may_be_part_of_the_other() -> None:
    general = In(dimension=D.INSTITUTION_KIND, codes=("GENERAL",))
    narrower = both((general, In(dimension=D.GRADE, codes=(7,))))
    assert outcome(question(M.PLANS, where=either((narrower, general)))) == outcome(question(M.PLANS, where=general))


GRADES = tuple(range(1, 13))
SEMESTERS = ("2020-1", "2020-2", "2021-1")
_leaves = st.one_of(
    st.lists(st.sampled_from(GRADES), min_size=1).map(lambda codes: In(dimension=D.GRADE, codes=tuple(codes))),
    st.tuples(st.sampled_from(GRADES), st.sampled_from(GRADES)).map(
        lambda ends: Between(dimension=D.GRADE, low=min(ends), high=max(ends))
    ),
    st.sampled_from(SEMESTERS).map(lambda first: Between(dimension=D.SEMESTER, low=first)),
    st.sampled_from(["GENERAL", "VOCATIONAL"]).map(lambda kind: In(dimension=D.INSTITUTION_KIND, codes=(kind,))),
)
_trees: st.SearchStrategy[Condition] = st.recursive(
    _leaves,
    lambda below: st.one_of(
        below.map(without),
        st.lists(below, min_size=1, max_size=3).map(lambda each: both(tuple(each))),
        st.lists(below, min_size=1, max_size=3).map(lambda each: either(tuple(each))),
    ),
    max_leaves=6,
)


def _in_pieces(condition: Condition) -> Condition:
    """A list as so many alternatives, and a range as what is within both of its ends."""
    match condition:
        case In():
            return either(tuple(In(dimension=condition.dimension, codes=(each,)) for each in condition.codes))
        case Between(low=low, high=high) if low is not None and high is not None:
            ends = (Between(dimension=condition.dimension, high=high), Between(dimension=condition.dimension, low=low))
            return both(ends)
        case _:
            return condition


REWRITINGS: list[Callable[[Condition], Condition]] = [
    lambda tree: without(without(tree)),
    lambda tree: both((tree, tree)),
    lambda tree: either((tree, both((tree,)))),
    lambda tree: without(either((without(tree),))),
    lambda tree: both((Between(dimension=D.GRADE, low=1), tree)),
    _in_pieces,
]


@settings(max_examples=200)
@given(
    tree=_trees,
    rewritings=st.lists(st.sampled_from(REWRITINGS), min_size=1, max_size=3),
    by=st.sampled_from([(D.SEMESTER,), (D.GRADE, D.SEMESTER)]),
)
def test_however_it_is_said(
    tree: Condition, rewritings: list[Callable[[Condition], Condition]], by: tuple[Dimension, ...]
) -> None:
    other = tree
    for each in rewritings:
        other = each(other)
    assert outcome(question(M.PLANS, by=by, where=tree, first=5)) == outcome(
        question(M.PLANS, by=by, where=other, first=5)
    )
