"""docs/definitions.md: what each measure counts and what each dimension groups by, in both languages, from the one catalogue."""

from collections.abc import Iterable, Iterator

from app.cli.contradictions import CONTRADICTIONS, Contradiction
from app.domain.releases.wording import counted_en
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Dimension, DimensionDefinition, MeasureDefinition

INTRODUCTION = f"""# What the statistics count

Written from the catalogue in `app/domain/statistics` by `make openapi`; the GraphQL schema and every answer use the same words.

Places are those at the time: a plan and all that hangs on it belongs to where its institution lay on the plan's first day, a participation to
where it lay on the first day asked. With `asOf` a day, everything counts in the borders of that day: where the institution lies on it; one that
had closed before goes with the main successor of its municipality, one that opened later with the main predecessor, else it is UNASSIGNED.

A rate is told with its numerator and its denominator, and with the interval of 95 % by Wilson's method.

No figure here is the EU indicator of early leavers from education and training, which is a survey rate of people aged 18 to 24. The register
counts its own students.

Whoever is outside the programme is answered from sealed releases ([Privacy](privacy.md)), where these definitions hold with noise and with differences.
{counted_en()}
"""
PUBLISHED = """## Figures that contradicted each other

The programme's published figures, where they contradict each other or seem to, and the measure that answers them truly.
"""


def definitions() -> str:
    """Markdown: the measures, then the dimensions, in the order of the catalogue, then what was published before there was one."""
    measures = (line for each in MEASURES.values() for line in _measure(each))
    dimensions = (line for each in DIMENSIONS.values() for line in _dimension(each))
    published = (line for each in CONTRADICTIONS for line in _contradiction(each))
    parts = ["## Measures", "", *measures, "## Dimensions", "", *dimensions, PUBLISHED, *published]
    return "\n".join([INTRODUCTION, *parts])


def _measure(each: MeasureDefinition) -> Iterator[str]:
    yield from _words(each)
    if each.share is not None:
        yield f"{each.share.numerator} of {each.share.denominator}."
        yield ""
    yield f"Unit: {each.unit}. Grouped and filtered by {_in_order(each.dimensions)}."
    yield ""


def _dimension(each: DimensionDefinition) -> Iterator[str]:
    yield from _words(each)
    ranges = f", or `{each.range_name}` from one to another" if each.range_name else ""
    codes = f" Codes: the code list `{each.code_list}`." if each.code_list else ""
    yield f"Filter: `{each.filter_name}`{ranges}.{codes}"
    yield ""


def _contradiction(each: Contradiction) -> Iterator[str]:
    yield f"### {each.id}: {each.about}"
    yield ""
    yield each.published
    yield ""
    by = f"Answered by {_listed(each.measures)}." if each.measures else "Answered by no measure."
    yield f"**{by}** {each.answer}"
    yield ""


def _words(each: MeasureDefinition | DimensionDefinition) -> Iterator[str]:
    yield f"### {each.code}"
    yield ""
    yield f"**{each.name_en}**: {each.definition_en}"
    yield ""
    yield f"**{each.name_lv}**: {each.definition_lv}"
    yield ""


def _in_order(dimensions: frozenset[Dimension]) -> str:
    """In the order of the catalogue, the shorter of the two ways to say it."""
    left_out = [each for each in Dimension if each not in dimensions]
    if not left_out:
        return "every dimension"
    if len(left_out) < len(dimensions):
        return f"every dimension but {_listed(left_out)}"
    return _listed(each for each in Dimension if each in dimensions)


def _listed(codes: Iterable[str]) -> str:
    *others, last = codes
    return f"{', '.join(others)} and {last}" if others else last
