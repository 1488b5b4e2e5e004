"""Pages of what releases answer: a cursor is good for the same question in other words, and for no other question."""

from dataclasses import replace

import pytest

from app.domain.errors import Invalid
from app.domain.statistics.conditions import Between, Condition, In
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.estimates import Estimate
from app.domain.statistics.query import Query
from tests.domain.examples import REFERENCE
from tests.domain.released import AUTUMN, IN_AUTUMN, asked, both, either, question, released, without

D, M = Dimension, Measure
RISKS = tuple(each.code for each in REFERENCE.code_lists["risks"])
OF_FAMILY = tuple(each.code for each in REFERENCE.code_lists["risks"] if each.group == "FAMILY")
LATGALE = released(AUTUMN).lattice.regions["PR-LATGALE"]
REGIONS = tuple(released(AUTUMN).lattice.regions)
ALIKE: dict[str, tuple[Condition, Condition]] = {
    "a list and a range": (In(dimension=D.GRADE, codes=(8, 7)), Between(dimension=D.GRADE, low=7, high=8)),
    "a condition and what it is without": (
        In(dimension=D.INSTITUTION_KIND, codes=("GENERAL",)),
        without(In(dimension=D.INSTITUTION_KIND, codes=("VOCATIONAL",))),
    ),
    "a region and its municipalities": (
        In(dimension=D.REGION, codes=("PR-LATGALE",)),
        In(dimension=D.MUNICIPALITY, codes=LATGALE),
    ),
    "all regions and none": (In(dimension=D.REGION, codes=REGIONS), IN_AUTUMN),
    "a group and its risks": (
        In(dimension=D.RISK_GROUP, codes=("FAMILY",)),
        either((In(dimension=D.RISK, codes=OF_FAMILY[1:]), In(dimension=D.RISK, codes=OF_FAMILY[:2]))),
    ),
    "a risk, and of its group": (
        In(dimension=D.RISK, codes=(RISKS[0],)),
        both((In(dimension=D.RISK, codes=(RISKS[0],)), In(dimension=D.RISK_GROUP, codes=("FAMILY", "LEARNING")))),
    ),
    "all risks and none": (In(dimension=D.RISK, codes=RISKS), IN_AUTUMN),
}


def by_grade(where: Condition) -> Query:
    return question(M.PLANS, by=(D.GRADE,), where=both((where, IN_AUTUMN)), first=1)


@pytest.mark.parametrize("name", ALIKE)
def test_the_next_page_may_be_asked_for_in_other_words(name: str) -> None:
    one, other = (by_grade(each) for each in ALIKE[name])
    first = asked(one)
    assert first == asked(other)
    assert first.has_next
    following = asked(replace(other, after=first.end_cursor))
    assert following == asked(replace(one, after=first.end_cursor))
    assert following.groups == asked(replace(one, first=2)).groups[1:]


def test_another_question_has_another_cursor() -> None:
    cursor = asked(by_grade(In(dimension=D.INSTITUTION_KIND, codes=("GENERAL",)))).end_cursor
    with pytest.raises(Invalid) as refused:
        asked(replace(by_grade(In(dimension=D.INSTITUTION_KIND, codes=("VOCATIONAL",))), after=cursor))
    assert [(each.pointer, each.code) for each in refused.value.violations] == [("/after", "cursor")]


def test_who_lies_in_no_municipality_has_none() -> None:
    groups = asked(question(M.PLANS, by=(D.REGION, D.MUNICIPALITY), where=IN_AUTUMN)).groups
    assert ("UNASSIGNED", None) in [each.key for each in groups]
    assert "UNASSIGNED" not in {each.key[1] for each in groups}


def test_where_there_is_no_cell_the_error_is_none_to_the_last_digit() -> None:
    """Of a municipality that there was not."""
    gone = In(dimension=D.MUNICIPALITY, codes=("0700200",))
    totals = asked(question(totals=frozenset({M.PLANS}), where=both((gone, IN_AUTUMN)))).totals
    value = totals[M.PLANS]
    assert isinstance(value, Estimate)
    assert (value.value, str(value.standard_error), value.small) == (None, "0.000", True)
