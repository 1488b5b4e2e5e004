"""Which groups are shown: within bounds, page by page, each once."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.db.reference import packaged
from app.domain.statistics.answer import Group
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.pages import Page, page_of
from app.domain.statistics.query import Bound, Direction, Order, Query
from app.domain.statistics.rates import Rate

M = Measure
BY_GRADE = Query(by=(Dimension.GRADE,), measures=frozenset({M.PLANS}))
MOST = (Order(by=M.PLANS, direction=Direction.DESCENDING),)


def of_grades(plans: dict[int | None, int]) -> list[Group]:
    return [Group(key=(grade,), values={M.PLANS: count}) for grade, count in plans.items()]


def shown(page: Page) -> list[object]:
    return [group.key[0] for group in page.groups]


def test_bounds_include_their_ends() -> None:
    groups = of_grades({1: 1, 2: 2, 3: 3, 4: 4})
    bounded = replace(
        BY_GRADE, having=(Bound(measure=M.PLANS, at_least=Decimal(2)), Bound(measure=M.PLANS, at_most=Decimal(3)))
    )
    page = page_of(bounded, groups, packaged())
    assert shown(page) == [2, 3]
    assert page.count == 2


def test_what_groups_are_chosen_or_ordered_by_is_not_shown_unless_it_is_asked_for() -> None:
    chosen = replace(BY_GRADE, having=(Bound(measure=M.EUR, at_least=Decimal(1)),), order=(Order(by=M.STUDENTS),))
    groups = [Group(key=(1,), values={M.PLANS: 3, M.EUR: Decimal("1.00"), M.STUDENTS: 2})]
    (group,) = page_of(chosen, groups, packaged()).groups
    assert group.values == {M.PLANS: 3}


def test_a_rate_of_nothing_is_in_no_bound() -> None:
    def rated(number: int, of: int) -> Group:
        return Group(key=(of,), values={M.ATTENDANCE_RATE: Rate(numerator=number, denominator=of)})

    low = replace(BY_GRADE, having=(Bound(measure=M.ATTENDANCE_RATE, at_most=Decimal("0.5")),))
    assert shown(page_of(low, [rated(0, 0), rated(1, 2), rated(3, 4)], packaged())) == [2]


def test_pages_follow_each_other_also_where_groups_came_and_went_meanwhile() -> None:
    question = replace(BY_GRADE, order=MOST, first=2)
    before = page_of(question, of_grades({1: 10, 2: 9, 3: 9, 4: 7}), packaged())
    assert (shown(before), before.has_next, before.count) == ([1, 2], True, 4)
    after = page_of(replace(question, after=before.end_cursor), of_grades({1: 10, 3: 9, 4: 7, 5: 8, 6: 11}), packaged())
    assert (shown(after), after.has_next) == ([3, 5], True), "the last group of the page before is gone"


def test_the_last_page_says_so_and_an_empty_one_has_no_cursor() -> None:
    page = page_of(replace(BY_GRADE, first=9), of_grades({5: 1}), packaged())
    assert (page.has_next, page.end_cursor is None) == (False, False)
    after = page_of(replace(BY_GRADE, first=9, after=page.end_cursor), of_grades({5: 1}), packaged())
    assert (shown(after), after.has_next, after.end_cursor, after.count) == ([], False, None, 1)


@given(
    st.dictionaries(st.one_of(st.none(), st.integers(1, 12)), st.integers(0, 3), max_size=13),
    st.integers(1, 5),
    st.sampled_from([(), MOST, (Order(by=M.PLANS),)]),
)
def test_all_pages_together_are_all_groups_in_order(
    plans: dict[int | None, int], first: int, order: tuple[Order, ...]
) -> None:
    question, groups = replace(BY_GRADE, order=order), of_grades(plans)
    found: list[Group] = []
    cursor, more = None, True
    while more:
        page = page_of(replace(question, first=first, after=cursor), groups, packaged())
        found += page.groups
        cursor, more = page.end_cursor, page.has_next
    assert tuple(found) == page_of(question, groups, packaged()).groups
