"""The words of a filter as plain SQL, for the recount. What has no code is in no list and in no range, so `not` leaves it in."""

from collections.abc import Mapping
from typing import Any

LISTS = {
    "regions": "region",
    "municipalities": "municipality",
    "institutions": "institution",
    "semesters": "semester",
    "schoolYears": "school_year",
    "kinds": "institution_kind",
    "grades": "grade",
    "riskGroups": "risk_group",
    "risks": "risk",
    "riskResults": "risk_result",
    "supportMeasures": "support_measure",
    "subjects": "subject",
    "specialists": "specialist",
    "deliveryModes": "delivery_mode",
    "schoolYearResults": "school_year_result",
    "specialNeeds": "special_need",
}
ANSWERS = {"minorityProgramme": "minority_programme", "returnedEmigrant": "returned_emigrant"}
RANGES = {"semesterRange": "semester", "schoolYearRange": "school_year", "gradeRange": "grade"}


def condition(words: Mapping[str, Any]) -> str:
    return " AND ".join(f"({_word(word, said)})" for word, said in words.items()) or "true"


def _word(word: str, said: Any) -> str:
    match word:
        case "and":
            return " AND ".join(f"({condition(each)})" for each in said)
        case "or":
            return " OR ".join(f"({condition(each)})" for each in said)
        case "not":
            return f"NOT ({condition(said)})"
        case _ if word in RANGES:
            ends = [
                f"{RANGES[word]} {sign} {_text(said[end])}"
                for end, sign in (("from", ">="), ("to", "<="))
                if end in said
            ]
            return f"coalesce({' AND '.join(ends)}, false)"
        case _ if word in ANSWERS:
            return f"{ANSWERS[word]} = {said}"
        case _:
            return f"coalesce({LISTS[word]} IN ({', '.join(map(_text, said))}), false)"


def dimensions_of(words: Mapping[str, Any]) -> frozenset[str]:
    """Codes of the dimensions that a filter speaks of."""
    found: set[str] = set()
    for word, said in words.items():
        if word in ("and", "or"):
            found.update(*map(dimensions_of, said))
        elif word == "not":
            found |= dimensions_of(said)
        else:
            found.add({**LISTS, **ANSWERS, **RANGES}[word].upper())
    return frozenset(found)


def _text(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f"'{value}'"
