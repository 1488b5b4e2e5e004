"""Whether groups can be chosen, ordered, paged, added up and compared as a question asks."""

from collections.abc import Iterator

from app.domain.errors import Violation, violation
from app.domain.statistics.catalogue import MEASURES
from app.domain.statistics.conditions import leaves
from app.domain.statistics.definitions import TIME, Dimension, Grain, Measure
from app.domain.statistics.query import Comparison, Query

MAX_GROUPS = 10_000
MAX_BOUNDS = 10
MAX_ORDERS = 5
MAX_SUBTOTALS = 5


def group_violations(query: Query) -> Iterator[Violation]:
    yield from _having(query)
    yield from _order(query)
    yield from _subtotals(query)
    if query.first is not None and not 1 <= query.first <= MAX_GROUPS:
        yield violation("/first", "out-of-range", f"A page has 1 to {MAX_GROUPS} groups.")


def _having(query: Query) -> Iterator[Violation]:
    if len(query.having) > MAX_BOUNDS:
        yield violation("/having", "too-many-bounds", f"At most {MAX_BOUNDS} bounds.")
    for index, bound in enumerate(query.having):
        ends = [each for each in (bound.at_least, bound.at_most) if each is not None]
        if not ends:
            yield violation(f"/having/{index}", "empty", "A bound has a lower or an upper end.")
        elif not all(each.is_finite() for each in ends):
            yield violation(f"/having/{index}", "not-a-number", "An end of a bound is a number.")
        elif bound.at_least is not None and bound.at_most is not None and bound.at_least > bound.at_most:
            yield violation(f"/having/{index}", "wrong-way-round", "A range goes from the lower to the higher.")
        yield from _valid(query.by, bound.measure, f"/having/{index}/measure")


def _order(query: Query) -> Iterator[Violation]:
    if len(query.order) > MAX_ORDERS:
        yield violation(
            "/orderBy", "too-many-orders", f"Groups are ordered by at most {MAX_ORDERS} measures or dimensions."
        )
    for index, order in enumerate(query.order):
        pointer = f"/orderBy/{index}/by"
        if any(order.by is each.by for each in query.order[:index]):
            yield violation(pointer, "duplicate", f"{order.by} is named twice.")
        if isinstance(order.by, Measure):
            yield from _valid(query.by, order.by, pointer)
        elif order.by not in query.by:
            yield violation(pointer, "not-grouped-by", f"Groups are not by {order.by}.")


def _valid(by: tuple[Dimension, ...], measure: Measure, pointer: str) -> Iterator[Violation]:
    for dimension in by:
        if dimension not in MEASURES[measure].dimensions:
            yield violation(pointer, "not-for-measure", f"{measure} cannot be grouped by {dimension}.")


def _subtotals(query: Query) -> Iterator[Violation]:
    if len(query.subtotals) > MAX_SUBTOTALS:
        yield violation("/subtotals", "too-many-subtotals", f"At most {MAX_SUBTOTALS} kinds of subtotals.")
    for part, measures in query.subtotals.items():
        for measure in sorted(measures):
            yield from _valid(part, measure, "/subtotals/by")
        if not part:
            yield violation("/subtotals/by", "empty", "Subtotals by nothing are the totals.")
        for index, dimension in enumerate(part):
            if dimension in part[:index]:
                yield violation(f"/subtotals/by/{index}", "duplicate", f"{dimension} is named twice.")
            elif dimension not in query.by:
                yield violation(f"/subtotals/by/{index}", "not-grouped-by", f"Groups are not by {dimension}.")


def comparison_violations(query: Query) -> Iterator[Violation]:
    """Something must say which period it is that another came before."""
    if query.comparison is None:
        if query.previous:
            yield violation("/comparison", "no-comparison", "Say which period the previous one is.")
        return
    times = frozenset(query.by) & TIME
    if not times and not any(each.dimension in TIME for each in leaves(query.where)):
        yield violation(
            "/comparison", "no-time", "Group or filter by semester or school year to compare with the one before."
        )
    if query.comparison is Comparison.PREVIOUS_SEMESTER and times == {Dimension.SCHOOL_YEAR}:
        yield violation("/comparison", "not-comparable", "Before a school year there is another school year.")
    on_a_day = query.participating_on is not None
    if on_a_day and any(MEASURES[each].grain is Grain.PARTICIPATION for each in query.previous):
        yield violation(
            "/where/participatingOn", "not-comparable", "A day has no period before it: ask by semester or school year."
        )
