"""What a page tells of the catalogue of statistics, to whoever has no token yet."""

from collections.abc import Iterable, Mapping
from html import escape

from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import DimensionDefinition, MeasureDefinition


def catalogue() -> Mapping[str, str]:
    """HTML for app/api/pages/definitions.html: a term for each entry, with its definition in both languages."""
    return {
        "measures": _terms(MEASURES.values()),
        "dimensions": _terms(DIMENSIONS.values()),
    }


def _terms(entries: Iterable[MeasureDefinition | DimensionDefinition]) -> str:
    return "\n".join(
        f'<dt id="{each.code}"><code>{each.code}</code></dt>'
        f"<dd><b>{escape(each.name_en)}</b>: {escape(each.definition_en)}</dd>"
        f'<dd lang="lv"><b>{escape(each.name_lv)}</b>: {escape(each.definition_lv)}</dd>'
        for each in entries
    )
