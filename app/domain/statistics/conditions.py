"""What a question is about: a tree of conditions over rows.

A row is a plan with one of the risks that it answers and one thing delivered for it. A plan is in if any of its rows satisfies the
whole tree; so `Not(In(RISK, x))` leaves plans that answer another risk, and of what was delivered one and the same must satisfy it all.

What has no code (a plan without a subject, an institution without a municipality) is in no list and in no range, so `Not` leaves it in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.statistics.definitions import Dimension

CodeValue = str | int
"""Codes as text, institutions and grades as numbers, yes and no as bool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class In:
    """Any of these codes. `at` is the JSON pointer to the list, in the question as it was sent."""

    dimension: Dimension
    codes: tuple[CodeValue, ...]
    at: str = field(default="/where", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """From `low` to `high`, both included; without a bound on that side where it is None. For what has an order: times and grades."""

    dimension: Dimension
    low: CodeValue | None = None
    high: CodeValue | None = None
    at: str = field(default="/where", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    condition: "Condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Any_:  # noqa: N801 - as a word it would be typing's Any
    conditions: tuple["Condition", ...]


Leaf = In | Between
Condition = Leaf | Not | All | Any_


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """All that the tree says of dimensions, in the order in which it was said."""
    match condition:
        case None:
            return
        case In() | Between():
            yield condition
        case Not():
            yield from leaves(condition.condition)
        case All() | Any_():
            for each in condition.conditions:
                yield from leaves(each)


def dimensions_of(condition: Condition | None) -> frozenset[Dimension]:
    return frozenset(each.dimension for each in leaves(condition))
