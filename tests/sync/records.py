"""Items of every type, as a school's system would send them: one student with all that hangs on it."""

from typing import Any

from tests.factories import Json, a_person
from tests.sync.batches import item

CONSENT = {
    "application_signed_on": "2021-09-05",
    "application_signed_by": "GUARDIAN",
    "guardian_agreed_on": "2021-09-06",
    "student_agreed_on": "2021-09-06",
}


def student(key: str, person: Json | None = None, **said: Any) -> Json:
    return item("student", f"S-{key}", {"person": person or a_person(), **said})


def enrolment(key: str, **said: Any) -> Json:
    return item("enrolment", f"E-{key}", {"student": f"S-{key}", "grade": 7, "from": "2021-09-01", **said})


def risk(key: str, **said: Any) -> Json:
    stated = {
        "student": f"S-{key}",
        "type": "LEARNING_DIFFICULTY",
        "identified_on": "2021-09-10",
        "identified_by": "TEACHER",
        "severity": "MEDIUM",
    }
    return item("risk", f"R-{key}", {**stated, **said})


def plan(key: str, **said: Any) -> Json:
    measure = {
        "risk": f"R-{key}",
        "support_measure": "SUBJECT_CONSULTATION",
        "hours": "12.50",
        "subject": "MATHEMATICS",
    }
    stated = {
        "enrolment": f"E-{key}",
        "semester": "2021-1",
        "risks": [f"R-{key}"],
        "planned_measures": [measure],
        "consent": CONSENT,
        "providers": ["T-001"],
    }
    return item("plan", f"P-{key}", {**stated, **said})


def plan_outcome(key: str, **said: Any) -> Json:
    stated = {
        "of": "PLAN",
        "plan": f"P-{key}",
        "recorded_on": "2021-11-12",
        "results": [{"risk": f"R-{key}", "result": "REDUCED"}],
        "next_step": "CONTINUE",
        "improvements": ["MOTIVATION"],
    }
    return item("outcome", f"O-{key}", {**stated, **said})


def year_outcome(key: str, **said: Any) -> Json:
    stated = {
        "of": "SCHOOL_YEAR",
        "student": f"S-{key}",
        "school_year": "2021/22",
        "recorded_on": "2021-11-12",
        "result": "LEFT_EARLY",
        "left_on": "2021-11-05",
        "leaving_reason": "WORK",
    }
    return item("outcome", f"Y-{key}", {**stated, **said})


def up_to_a_plan(key: str, person: Json | None = None) -> list[Json]:
    """A student with an enrolment, a risk and the draft of a plan: in an order that does not help."""
    return [plan(key), risk(key), enrolment(key), student(key, person)]
