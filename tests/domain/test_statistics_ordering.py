"""The order of groups, and what comes after what."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.db.reference import packaged
from app.domain.code_lists import InstitutionKind
from app.domain.ids import InstitutionId
from app.domain.statistics.answer import Group, InstitutionName
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.ordering import Ordering
from app.domain.statistics.query import Direction, Order
from app.domain.statistics.rates import Rate

D, M = Dimension, Measure


def group(*key: Any, **values: Any) -> Group:
    return Group(key=key, values={Measure(name): value for name, value in values.items()})


def keys(by: tuple[Dimension, ...], *groups: Group, order: tuple[Order, ...] = ()) -> list[Any]:
    return [each.key[0] for each in Ordering(by, order, packaged()).in_order(groups)]


def test_places_are_in_latvian_order_and_what_is_unassigned_after_them() -> None:
    ergli, madona, auce = "0705500", "0700200", "0460800"
    assert keys((D.MUNICIPALITY,), group(madona), group(None), group(ergli), group(auce)) == [auce, ergli, madona, None]
    assert keys((D.REGION,), group("UNASSIGNED"), group("PR-LATGALE"), group("PR-RIGA")) == [
        "PR-RIGA",
        "PR-LATGALE",
        "UNASSIGNED",
    ]


def test_codes_are_in_the_order_of_their_list_and_times_from_old_to_new() -> None:
    listed = [code.code for code in packaged().code_lists["subjects"]]
    assert keys((D.SUBJECT,), group(None), *(group(code) for code in sorted(listed))) == [*listed, None]
    assert keys((D.SEMESTER,), group("2020-2"), group("2019-1"), group("2020-1")) == ["2019-1", "2020-1", "2020-2"]
    assert keys((D.GRADE,), group(10), group(9)) == [9, 10]


def test_institutions_of_one_name_are_two() -> None:
    first, second = (
        InstitutionName(id=InstitutionId(number), name="Skola", kind=InstitutionKind.GENERAL, sort_key="skola")
        for number in (9, 10)
    )
    assert keys((D.INSTITUTION,), group(second), group(first)) == [first, second]


def test_a_measure_comes_first_and_the_key_decides_between_equals() -> None:
    groups = [group("2020-1", PLANS=3), group("2020-2", PLANS=5), group("2021-1", PLANS=3)]
    most = Order(by=M.PLANS, direction=Direction.DESCENDING)
    assert keys((D.SEMESTER,), *groups, order=(most,)) == ["2020-2", "2020-1", "2021-1"]
    newest = Order(by=D.SEMESTER, direction=Direction.DESCENDING)
    assert keys((D.SEMESTER,), *groups, order=(newest,)) == ["2021-1", "2020-2", "2020-1"]
    assert keys((D.SEMESTER,), *groups, order=(Order(by=M.PLANS), newest)) == ["2021-1", "2020-1", "2020-2"]


def test_what_has_no_value_is_last_in_either_direction() -> None:
    none, half = Rate(numerator=0, denominator=0), Rate(numerator=1, denominator=2)
    groups = [group("2020-1", PROMOTED_RATE=none), group("2020-2", PROMOTED_RATE=half)]
    for direction in Direction:
        order = (Order(by=M.PROMOTED_RATE, direction=direction),)
        assert keys((D.SEMESTER,), *groups, order=order) == ["2020-2", "2020-1"]
        assert keys((D.SUBJECT,), group(None), group("ENGLISH"), order=(Order(by=D.SUBJECT, direction=direction),)) == [
            "ENGLISH",
            None,
        ]


orders = st.lists(
    st.builds(Order, by=st.sampled_from([M.EUR, D.SEMESTER, D.GRADE]), direction=st.sampled_from(Direction)),
    max_size=3,
    unique_by=lambda order: order.by,
)
figures = st.dictionaries(
    st.tuples(st.sampled_from(["2019-2", "2020-1", "2020-2"]), st.one_of(st.none(), st.integers(1, 12))),
    st.decimals(0, 3, places=2),
    max_size=12,
)


@given(orders, figures)
def test_each_group_is_after_all_before_it_and_before_all_after(
    order: list[Order], found: dict[tuple[str, int | None], Decimal]
) -> None:
    ordering = Ordering((D.SEMESTER, D.GRADE), order, packaged())
    groups = ordering.in_order(group(*key, EUR=eur) for key, eur in found.items())
    for index, each in enumerate(groups):
        position = ordering.position(each)
        assert [other for other in groups if ordering.is_after(other, position)] == groups[index + 1 :]
