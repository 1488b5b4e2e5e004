"""What came of a plan and of a school year, as it is sent."""

from typing import Any

from tests.factories import Json

EVALUATION = "Sekmes matemātikā uzlabojušās."


def of_plan(plan: Json, **stated: Any) -> Json:
    return {
        "of": "PLAN",
        "plan_id": plan["id"],
        "recorded_on": "2021-11-12",
        "results": [{"risk_id": each, "result": "REDUCED"} for each in plan["risk_ids"]],
        "next_step": "CONTINUE",
        "improvements": ["MOTIVATION", "ACHIEVEMENT"],
        "evaluation": EVALUATION,
        **stated,
    }


def of_year(student_id: str, institution_id: int, **stated: Any) -> Json:
    return {
        "of": "SCHOOL_YEAR",
        "student_id": student_id,
        "institution_id": institution_id,
        "school_year": "2021/22",
        "recorded_on": "2021-11-12",
        "result": "LEFT_EARLY",
        "extended_school_year": False,
        "left_on": "2021-11-05",
        "leaving_reason": "WORK",
        **stated,
    }


def of_year_before(student_id: str, institution_id: int) -> Json:
    return {
        "of": "SCHOOL_YEAR",
        "student_id": student_id,
        "institution_id": institution_id,
        "school_year": "2020/21",
        "recorded_on": "2021-08-31",
        "result": "PROMOTED",
    }
