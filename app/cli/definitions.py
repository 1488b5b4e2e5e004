"""docs/definitions.md: what each measure counts and what each dimension groups by, in both languages, from the one catalogue."""

from collections.abc import Iterator

from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Dimension, DimensionDefinition, MeasureDefinition

INTRODUCTION = """# What the statistics count

Written from the catalogue in `app/domain/statistics` by `make openapi`; the GraphQL schema and every answer use the same words.
"""


def definitions() -> str:
    """Markdown: the measures, then the dimensions, in the order of the catalogue."""
    measures = (line for each in MEASURES.values() for line in _measure(each))
    dimensions = (line for each in DIMENSIONS.values() for line in _dimension(each))
    return "\n".join([INTRODUCTION, "## Measures", "", *measures, "## Dimensions", "", *dimensions])


def _measure(each: MeasureDefinition) -> Iterator[str]:
    yield from _words(each)
    grouped = "every dimension" if each.dimensions == set(Dimension) else _in_order(each.dimensions)
    yield f"Unit: {each.unit}. Grouped and filtered by {grouped}."
    yield ""


def _dimension(each: DimensionDefinition) -> Iterator[str]:
    yield from _words(each)
    codes = f" Codes: the code list `{each.code_list}`." if each.code_list else ""
    yield f"Filter: `{each.filter_name}`.{codes}"
    yield ""


def _words(each: MeasureDefinition | DimensionDefinition) -> Iterator[str]:
    yield f"### {each.code}"
    yield ""
    yield f"**{each.name_en}**: {each.definition_en}"
    yield ""
    yield f"**{each.name_lv}**: {each.definition_lv}"
    yield ""


def _in_order(dimensions: frozenset[Dimension]) -> str:
    return ", ".join(each for each in Dimension if each in dimensions)
