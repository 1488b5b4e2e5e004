"""What a document selects of a statistics answer: what it does not select is not computed."""

from collections.abc import Iterable, Iterator

from strawberry.types.nodes import SelectedField, Selection

from app.domain.statistics.definitions import Measure

_MEASURES = {
    "".join((first, *map(str.title, rest))): measure
    for measure in Measure
    for first, *rest in [measure.lower().split("_")]
}
"""By the name of their field: deliveredHours is DELIVERED_HOURS."""


def measures_below(fields: Iterable[Selection], name: str) -> frozenset[Measure]:
    """The measures selected below the answer's field `name`."""
    parts = [each for answer in _fields(fields) for each in _fields(answer.selections) if each.name == name]
    return frozenset(
        _MEASURES[each.name] for part in parts for each in _fields(part.selections) if each.name in _MEASURES
    )


def selects(fields: Iterable[Selection], name: str) -> bool:
    return any(each.name == name for answer in _fields(fields) for each in _fields(answer.selections))


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
