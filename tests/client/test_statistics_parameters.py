"""Keyword arguments of a question are the parameters of its address."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.client.statistics import parameters

WORDS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"by": ["REGION", "SEMESTER"]}, [("by", "REGION,SEMESTER")]),
    ({"by": "REGION", "measures": ("STUDENTS",)}, [("by", "REGION"), ("measures", "STUDENTS")]),
    ({"school_years": ["2020/21"], "institutions": [1, 2]}, [("schoolYears", "2020/21"), ("institutions", "1,2")]),
    ({"grade_range": (5, 9)}, [("gradeRange", "5..9")]),
    ({"semester_range": (None, "2020-2")}, [("semesterRange", "..2020-2")]),
    ({"not_regions": "PR-RIGA", "not_grade_range": (1, None)}, [("not.regions", "PR-RIGA"), ("not.gradeRange", "1..")]),
    ({"minority_programme": True}, [("minorityProgramme", "true")]),
    ({"where": {"or": [{"risks": ["X"]}]}}, [("where", '{"or": [{"risks": ["X"]}]}')]),
    ({"having": {"STUDENTS": (10, None), "EUR": (None, Decimal("0.50"))}}, [("having", "STUDENTS:10..,EUR:..0.50")]),
    ({"having": "STUDENTS:10.."}, [("having", "STUDENTS:10..")]),
    ({"having": ["STUDENTS:10..", "PLANS:..400"]}, [("having", "STUDENTS:10..,PLANS:..400")]),
    ({"order": ["-STUDENTS", "REGION"], "first": 5}, [("order", "-STUDENTS,REGION"), ("first", "5")]),
    ({"subtotals": [["REGION"], ["REGION", "RISK"]]}, [("subtotals", "REGION"), ("subtotals", "REGION,RISK")]),
    ({"subtotals": "REGION"}, [("subtotals", "REGION")]),
    ({"subtotals": ["REGION", "RISK"]}, [("subtotals", "REGION"), ("subtotals", "RISK")]),
    ({"as_of": date(2021, 7, 1), "totals": True}, [("asOf", "2021-07-01"), ("totals", "true")]),
    (
        {"with_empty": False, "comparison": "PREVIOUS_SEMESTER"},
        [("withEmpty", "false"), ("comparison", "PREVIOUS_SEMESTER")],
    ),
]


@pytest.mark.parametrize(("asked", "said"), WORDS, ids=[json.dumps(said) for _, said in WORDS])
def test_keyword_arguments_are_the_parameters_of_the_address(
    asked: dict[str, Any], said: list[tuple[str, str]]
) -> None:
    assert list(parameters(asked)) == said


def test_a_range_is_a_pair() -> None:
    with pytest.raises(ValueError, match="grade_range is a pair"):
        list(parameters({"grade_range": 5}))


def test_a_bound_is_a_pair() -> None:
    with pytest.raises(ValueError, match="STUDENTS is a pair"):
        list(parameters({"having": {"STUDENTS": 10}}))
