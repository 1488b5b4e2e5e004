"""Which codes a filter leaves of each dimension. A release has figures of codes of dimensions, and of no other trees of conditions.

However a filter is written, what it leaves is the same, and so is its answer.
"""

from collections.abc import Iterable, Mapping
from functools import reduce

from app.domain.errors import Invalid, Violation, violation
from app.domain.releases.attributes import Code
from app.domain.releases.measures import nothing_by
from app.domain.statistics.conditions import All, Any_, Between, Condition, In, Leaf, Not
from app.domain.statistics.definitions import Dimension

Choices = Mapping[Dimension, frozenset[Code]]
"""Of each dimension that a filter speaks of, the codes that it leaves; of the others it leaves all."""
Known = Mapping[Dimension, tuple[Code, ...]]
NOTHING: Choices = {Dimension.SEMESTER: frozenset()}


def chosen(condition: Condition | None, known: Known) -> Choices:
    """`known`: all codes that releases have, of the dimensions that they have.

    Raises:
        Invalid: `not-in-releases`, for other dimensions, and where alternatives concern several dimensions at a time.
    """
    return {} if condition is None else _chosen(condition, known, negated=False)


def said(choices: Choices, known: Known) -> Condition | None:
    """The one filter that stands for all that leave the same: for a cursor to be bound to."""
    leaves = [
        In(dimension=each, codes=tuple(str(code) for code in known[each] if code in codes))
        for each, codes in sorted(choices.items())
        if len(codes) < len(known[each])
    ]
    return All(conditions=tuple(leaves)) if leaves else None


def _chosen(condition: Condition, known: Known, *, negated: bool) -> Choices:
    match condition:
        case In() | Between():
            if condition.dimension not in known:
                raise Invalid([_unknown(condition)])
            codes = (code for code in known[condition.dimension] if _holds(condition, code) != negated)
            return {condition.dimension: frozenset(codes)}
        case Not():
            return _chosen(condition.condition, known, negated=not negated)
        case All() | Any_():
            parts = [_chosen(each, known, negated=negated) for each in condition.conditions]
            return _all(parts) if isinstance(condition, All) != negated else _any(parts)


def _unknown(leaf: Leaf) -> Violation:
    return violation(leaf.at, "not-in-releases", nothing_by(leaf.dimension))


def _holds(leaf: Leaf, code: Code) -> bool:
    if code is None:
        return False
    if isinstance(leaf, In):
        return code in leaf.codes
    return (leaf.low is None or leaf.low <= code) and (leaf.high is None or code <= leaf.high)  # type: ignore[operator]  # of one dimension


def _all(parts: Iterable[Choices]) -> Choices:
    left: dict[Dimension, frozenset[Code]] = {}
    for part in parts:
        for dimension, codes in part.items():
            left[dimension] = left.get(dimension, codes) & codes
    return left


def _any(parts: list[Choices]) -> Choices:
    return reduce(_either, parts) if parts else NOTHING


def _either(first: Choices, second: Choices) -> Choices:
    """Alternatives that differ in one dimension alone; or of which one is part of the other."""
    for part, whole in ((first, second), (second, first)):
        if all(dimension in part and part[dimension] <= codes for dimension, codes in whole.items()):
            return whole
    differing = [each for each in (*first, *second) if first.get(each) != second.get(each)]
    if len(set(differing)) > 1:
        message = "Releases know no alternatives of several dimensions: ask for each of them."
        raise Invalid([violation("/where", "not-in-releases", message)])
    [dimension] = set(differing)
    return {**first, dimension: first[dimension] | second[dimension]}
