"""What a document selects of a statistics answer: what it does not select is not computed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from strawberry.types.nodes import SelectedField, Selection

from app.domain.statistics.definitions import Dimension, Measure

_MEASURES = {
    "".join((first, *map(str.title, rest))): measure
    for measure in Measure
    for first, *rest in [measure.lower().split("_")]
}
"""By the name of their field: deliveredHours is DELIVERED_HOURS."""
_OF_GROUPS = frozenset({"groups", "pageInfo", "groupCount"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """`with_groups`: whether anything of the groups is told, be it only how many there are."""

    measures: frozenset[Measure]
    previous: frozenset[Measure]
    totals: frozenset[Measure]
    subtotals: Mapping[tuple[Dimension, ...], frozenset[Measure]]
    with_groups: bool


def selected_of(fields: Iterable[Selection]) -> Selected:
    """Of the fields `statistics` that stand for one answer."""
    parts = [each for answer in _fields(fields) for each in _fields(answer.selections)]
    groups = [each for each in parts if each.name == "groups"]
    subtotals: dict[tuple[Dimension, ...], frozenset[Measure]] = {}
    for each in parts:
        if each.name == "subtotals":
            by = tuple(map(Dimension, each.arguments["by"]))
            subtotals[by] = subtotals.get(by, frozenset()) | _measures([each])
    return Selected(
        measures=_measures(groups),
        previous=_measures(each for group in groups for each in _fields(group.selections) if each.name == "previous"),
        totals=_measures(each for each in parts if each.name == "totals"),
        subtotals=subtotals,
        with_groups=any(each.name in _OF_GROUPS for each in parts),
    )


def _measures(parts: Iterable[SelectedField]) -> frozenset[Measure]:
    """Those selected right below."""
    below = (each.name for part in parts for each in _fields(part.selections))
    return frozenset(_MEASURES[name] for name in below if name in _MEASURES)


def _fields(selections: Iterable[Selection]) -> Iterator[SelectedField]:
    """Fields as they will be answered: fragments opened, and what is skipped left out."""
    for selection in selections:
        if _left_out(selection):
            continue
        if isinstance(selection, SelectedField):
            yield selection
        else:
            yield from _fields(selection.selections)


def _left_out(selection: Selection) -> bool:
    skip, include = selection.directives.get("skip", {}), selection.directives.get("include", {})
    return bool(skip.get("if", False)) or not include.get("if", True)
