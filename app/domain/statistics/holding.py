"""Whether a condition holds of what is known, where not everything is known."""

from collections.abc import Mapping

from app.domain.reference import ReferenceData
from app.domain.statistics.conditions import All, Any_, Between, CodeValue, Condition, In, Leaf, Not, dimensions_of
from app.domain.statistics.definitions import Dimension

Known = Mapping[Dimension, CodeValue | None]
"""Of a row, or of many that have this in common. None: it is without such a code."""


def holds(condition: Condition | None, known: Known) -> bool | None:
    """None where it depends on what is not known."""
    match condition:
        case None:
            return True
        case In() | Between():
            return _leaf(condition, known)
        case Not():
            inner = holds(condition.condition, known)
            return None if inner is None else not inner
        case All():
            found = {holds(each, known) for each in condition.conditions}
            return False if False in found else None if None in found else True
        case Any_():
            found = {holds(each, known) for each in condition.conditions}
            return True if True in found else None if None in found else False


def _leaf(leaf: Leaf, known: Known) -> bool | None:
    if leaf.dimension not in known:
        return None
    code = known[leaf.dimension]
    match leaf:
        case In():
            return code in leaf.codes
        case Between():
            # Semesters and school years are written so that their text is in the order of time.
            return code is not None and _at_least(code, leaf.low) and (leaf.high is None or _at_least(leaf.high, code))


def _at_least(code: CodeValue, low: CodeValue | None) -> bool:
    if low is None:
        return True
    return code >= low if isinstance(code, int) and isinstance(low, int) else str(code) >= str(low)


def semesters_of(condition: Condition | None, reference: ReferenceData) -> tuple[str, ...]:
    """Codes of the semesters in which the condition may hold, in order."""
    return tuple(
        str(each)
        for each in reference.semesters
        if holds(condition, {Dimension.SEMESTER: str(each), Dimension.SCHOOL_YEAR: str(each.school_year)}) is not False
    )


def pinned(condition: Condition | None) -> frozenset[Dimension]:
    """Dimensions of which it leaves one code: every row that satisfies it has that one."""
    match condition:
        case In(codes=(_,)):
            return frozenset({condition.dimension})
        case All():
            return frozenset().union(*(pinned(each) for each in condition.conditions))
        case _:
            return frozenset()


def besides(condition: Condition | None, dimensions: frozenset[Dimension]) -> Condition | None:
    """What it says of other dimensions than these, where that stands by itself; where both are mixed, all of it."""
    match condition:
        case None:
            return None
        case All():
            kept = [each for each in (besides(each, dimensions) for each in condition.conditions) if each is not None]
            return All(conditions=tuple(kept)) if kept else None
        case _:
            return None if dimensions_of(condition) <= dimensions else condition
