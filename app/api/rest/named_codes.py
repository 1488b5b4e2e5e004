"""Names, in both languages, for the codes that occur in records as they are shown."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from app.api.rest.subject_access_models import NamedCode
from app.domain.reference import ReferenceData

_SUPPORT = {"support_measure": "support-measures", "subject": "subjects", "specialist": "specialists"}
_STEP = {"from_state": "plan-states", "to_state": "plan-states", "role": "roles"}
LISTS: Mapping[str, Mapping[str, str]] = {
    "enrolments": {
        "special_need": "special-needs",
        "end_reason": "enrolment-end-reasons",
        "home_municipality": "municipalities",
    },
    "risks": {"type": "risks", "identified_by": "identified-by", "severity": "severities"},
    "plans": {"state": "plan-states", "end_reason": "discontinue-reasons", **_SUPPORT, **_STEP},
    "interventions": {"purpose": "purposes", "attendance": "attendances", "mode": "delivery-modes", **_SUPPORT},
    "outcomes": {
        "results/result": "results",
        "result": "year-results",
        "improvements": "improvements",
        "next_step": "next-steps",
        "leaving_reason": "leaving-reasons",
    },
}
"""By section, which list the codes of a field are of. `a/b` is field b within a."""


def named_codes(document: BaseModel, reference: ReferenceData) -> list[NamedCode]:
    """Each code once, by list. What is in no list, such as a reason in somebody's own words, has no name."""
    found = {
        pair
        for section, lists in LISTS.items()
        for shown in getattr(document, section)
        for pair in _codes(shown.model_dump(mode="json"), lists)
    }
    return [named for pair in sorted(found) if (named := _name(*pair, reference)) is not None]


def _codes(shown: Any, lists: Mapping[str, str], within: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Of a value that stands in the field `within`: the lists and codes of the texts in it."""
    if isinstance(shown, str) and within in lists:
        yield lists[within], shown
    elif isinstance(shown, list):
        for each in shown:
            yield from _codes(each, lists, within)
    elif isinstance(shown, dict):
        for name, each in shown.items():
            nested = f"{within}/{name}"
            yield from _codes(each, lists, nested if nested in lists else name)


def _name(name_of_list: str, code: str, reference: ReferenceData) -> NamedCode | None:
    if name_of_list == "municipalities":
        place = reference.geography.municipality(code)
        names = None if place is None else (place.name_lv, place.name_en)
    else:
        found = reference.code_lists[name_of_list].find(code)
        names = None if found is None else (found.name_lv, found.name_en)
    return None if names is None else NamedCode(list=name_of_list, code=code, name_lv=names[0], name_en=names[1])
