"""What the pages for people say, which need no token."""

from html import unescape
from string import Template

from app.api.assets import PAGES
from app.api.definitions_page import catalogue
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import DimensionDefinition, MeasureDefinition


def page(name: str) -> str:
    """As it is sent, whether or not the packages of others that it needs have been fetched."""
    return Template((PAGES / f"{name}.html").read_text(encoding="utf-8")).substitute(assets="x", **catalogue())


def test_the_front_page_leads_to_statistics_and_to_what_they_count() -> None:
    for address in ("graphql", "docs", "docs#/statistics/ask_statistics", "definitions"):
        assert f'href="{address}"' in page("index"), address


def test_every_definition_is_told_in_both_languages() -> None:
    told = unescape(page("definitions"))
    entries: list[MeasureDefinition | DimensionDefinition] = [*MEASURES.values(), *DIMENSIONS.values()]
    for each in entries:
        assert f'id="{each.code}"' in told
        assert each.definition_en in told
        assert each.definition_lv in told
