"""A tree of conditions tells what it is about."""

from app.domain.statistics.conditions import All, Any_, Between, In, Not, dimensions_of, leaves
from app.domain.statistics.definitions import Dimension

RISK = In(dimension=Dimension.RISK, codes=("LOW_ACHIEVEMENT",))
GRADES = Between(dimension=Dimension.GRADE, low=5, high=9)
TREE = All(conditions=(GRADES, Not(condition=Any_(conditions=(RISK, All(conditions=()))))))


def test_leaves_are_told_in_the_order_of_the_question() -> None:
    assert list(leaves(TREE)) == [GRADES, RISK]
    assert dimensions_of(TREE) == {Dimension.GRADE, Dimension.RISK}
    assert dimensions_of(None) == frozenset()


def test_where_a_condition_was_written_makes_no_other_condition_of_it() -> None:
    assert In(dimension=Dimension.RISK, codes=("LOW_ACHIEVEMENT",), at="/where/or/1/risks") == RISK
