"""Which groups an answer shows: those within the bounds, in order, one page of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.reference import ReferenceData
from app.domain.statistics.answer import Group, number_of
from app.domain.statistics.cursors import cursor_of, position_after
from app.domain.statistics.ordering import Ordering
from app.domain.statistics.query import Bound, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`count`: groups on all pages. Groups have the measures that were asked for, and no longer those that they were chosen by."""

    groups: tuple[Group, ...]
    end_cursor: str | None
    has_next: bool
    count: int


def page_of(query: Query, groups: Iterable[Group], reference: ReferenceData) -> Page:
    """Raises Invalid where `after` is not a cursor of this question."""
    ordering = Ordering(query.by, query.order, reference)
    chosen = ordering.in_order(each for each in groups if all(_within(each, bound) for bound in query.having))
    position = position_after(query)
    left = chosen if position is None else [each for each in chosen if ordering.is_after(each, position)]
    shown = left if query.first is None else left[: query.first]
    return Page(
        groups=tuple(shown) if query.of_groups == query.measures else tuple(_asked(each, query) for each in shown),
        end_cursor=cursor_of(ordering.position(shown[-1]), query) if shown else None,
        has_next=len(shown) < len(left),
        count=len(chosen),
    )


def _asked(group: Group, query: Query) -> Group:
    return replace(group, values={each: value for each, value in group.values.items() if each in query.measures})


def _within(group: Group, bound: Bound) -> bool:
    number = number_of(group.values[bound.measure])
    if number is None:
        return False
    return (bound.at_least is None or number >= bound.at_least) and (bound.at_most is None or number <= bound.at_most)
