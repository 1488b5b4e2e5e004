"""The parameters of a question in an address, as the reference shows them. Those that filter come from the catalogue."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.domain.regions import RegionScheme
from app.domain.statistics.catalogue import MEASURES
from app.domain.statistics.definitions import NUMBERS, Coding, Dimension, DimensionDefinition, Measure
from app.domain.statistics.dimensions import LISTS, RANGES
from app.domain.statistics.group_rules import MAX_GROUPS
from app.domain.statistics.query import Comparison
from app.domain.statistics.rules import MAX_DIMENSIONS
from app.domain.written import DECIMAL

NOT: Final = "not."
"""Before the name of a list or a range: everything else."""
_TEXT: Final = {"type": "string"}
_TRUTH: Final = {"type": "boolean", "default": False}
_DAY: Final = {"type": "string", "format": "date"}
_OTHERS: Final[tuple[tuple[str, str, Mapping[str, Any]], ...]] = (
    (
        "where",
        'A whole filter as JSON, as GraphQL takes it: `{"or": [{"risks": ["BULLYING"]}, {"not": {"gradeRange": {"to": 4}}}]}`.',
        _TEXT,
    ),
    (
        "having",
        "Groups whose measure lies within, both ends included: `STUDENTS:10..`, `ATTENDANCE_RATE:0.5..0.9`. Several hold together.",
        {"type": "array", "items": {"type": "string", "pattern": rf"^[A-Z_]+:({DECIMAL})?\.\.({DECIMAL})?$"}},
    ),
    (
        "order",
        "Measures, or dimensions that are grouped by; with `-` from the highest down: `-STUDENTS,REGION`. Then by key.",
        {"type": "array", "items": _TEXT},
    ),
    (
        "first",
        "Groups on a page. All of them, if it is left out.",
        {"type": "integer", "minimum": 1, "maximum": MAX_GROUPS},
    ),
    ("after", "`end_cursor` of the page before, of the same question.", _TEXT),
    ("totals", "Whether what all groups cover together is told as well.", _TRUTH),
    (
        "subtotals",
        "Groups by a part of `by` as well, such as `REGION`; several parts by repeating it.",
        {"type": "array", "items": _TEXT},
    ),
    (
        "comparison",
        "The same measures of each group in the period before.",
        {"type": "string", "enum": list(Comparison)},
    ),
    (
        "withEmpty",
        "Whether groups without anything are told as well: every combination of codes that the filter leaves.",
        _TRUTH,
    ),
    (
        "regionScheme",
        "Which regions.",
        {"type": "string", "enum": list(RegionScheme), "default": RegionScheme.PLANNING},
    ),
    (
        "asOf",
        "In whose borders places count, over the whole history. Left out, a plan belongs to where its institution lay on its first day.",
        _DAY,
    ),
    ("participatingOn", "The day that INSTITUTIONS_PARTICIPATING asks about. It concerns no other measure.", _DAY),
)


def described() -> list[dict[str, Any]]:
    """For the reference. Lists take their items by commas, by repeating the parameter, or both."""
    by = {"type": "array", "items": {"type": "string", "enum": list(Dimension)}, "maxItems": MAX_DIMENSIONS}
    told: list[tuple[str, str, Mapping[str, Any]]] = [
        ("by", f"What to group by, at most {MAX_DIMENSIONS}. By nothing, there is one group.", by),
        (
            "measures",
            "What to count. " + "; ".join(f"{each}: {MEASURES[each].name_en}" for each in MEASURES) + ".",
            {
                "type": "array",
                "items": {"type": "string", "enum": list(Measure)},
                "default": [Measure.STUDENTS, Measure.PLANS],
            },
        ),
        *_filters(),
        *_OTHERS,
    ]
    return [
        {"name": name, "in": "query", "required": False, "description": words, "schema": schema}
        for name, words, schema in told
    ]


def _filters() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for name, each in LISTS.items():
        if each.coding is Coding.YES_OR_NO:
            yield name, f"The answer wanted. {each.definition_en}", {"type": "boolean"}
        else:
            yield name, f"Any of these. {each.definition_en}", _codes(each)
            yield f"{NOT}{name}", "None of these.", _codes(each)
    for name, each in RANGES.items():
        yield name, f"From the one to the other, both included: `{example(each)}`. {each.definition_en}", _TEXT
        yield f"{NOT}{name}", "Outside of these.", _TEXT


def _codes(each: DimensionDefinition) -> Mapping[str, Any]:
    items = {"type": "integer"} if each.coding in NUMBERS else dict(_TEXT)
    if each.code_list is not None:
        items["x-code-list"] = each.code_list
    return {"type": "array", "items": items}


def example(each: DimensionDefinition) -> str:
    examples = {Coding.SEMESTER: "2019-1..2020-2", Coding.SCHOOL_YEAR: "2019/20..2020/21"}
    return examples.get(each.coding, "5..9")
