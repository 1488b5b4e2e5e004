"""Rows of what is done under a plan, interventions and outcomes, and of the feed, which shows them as the last."""

from tests.api.delivered import consultation
from tests.api.outcomes import of_plan, of_year
from tests.factories import Json
from tests.matrix.rows import Ids, Row


def an_intervention(ids: Ids) -> Json:
    return consultation({"id": ids["plan.ACTIVE"], "risk_ids": [ids["risk.ACTIVE"]]}, on="2021-10-12")


def an_outcome(ids: Ids) -> Json:
    return of_plan({"id": ids["plan.ACTIVE"], "risk_ids": [ids["risk.ACTIVE"]]})


INTERVENTIONS = (
    Row(operation="GET /v1/interventions", shows="intervention"),
    Row(
        operation="GET /v1/interventions",
        query=lambda ids: {"plan_id": ids["plan.ACTIVE"], "student_id": ids["student.ACTIVE"]},
        shows="intervention",
        hidden=200,
    ),
    Row(operation="POST /v1/interventions", body=an_intervention, own=201, hidden={"risk.ACTIVE": 422}),
    Row(operation="GET /v1/interventions/{intervention_id}", at=("intervention",), shows="student.ACTIVE"),
    Row(
        operation="PATCH /v1/interventions/{intervention_id}",
        at=("intervention",),
        body=lambda ids: {"hours": "1.00", "risk_id": ids["risk.ACTIVE"]},
        seen=True,
        hidden={"risk.ACTIVE": 422},
    ),
    Row(operation="DELETE /v1/interventions/{intervention_id}", at=("intervention",), seen=True, own=204),
)

# Chosen institutions stand in the cursor, and so in the answer: of these tests/api/test_changes.py asks.
CHANGES = (Row(operation="GET /v1/changes", query=lambda _ids: {"limit": 10_000}, shows="intervention", lasts=True),)

# Each reads in a transaction of its own beside the one that keeps it in the audit.
EXPORTS = (
    Row(operation="GET /v1/enrolments/export", shows="enrolment.ACTIVE", lasts=True),
    Row(operation="GET /v1/risks/export", shows="risk.ACTIVE", lasts=True),
    Row(operation="GET /v1/plans/export", shows="plan.ACTIVE", lasts=True),
    Row(operation="GET /v1/outcomes/export", shows="outcome", lasts=True),
    Row(operation="GET /v1/interventions/export", shows="intervention", lasts=True),
    Row(
        operation="GET /v1/interventions/export",
        query=lambda ids: {
            "plan_id": ids["plan.ACTIVE"],
            "student_id": ids["student.ACTIVE"],
            "institution_id": ids["institution"],
            "format": "ndjson",
        },
        shows="intervention",
        hidden=200,
        lasts=True,
    ),
)

OUTCOMES = (
    Row(operation="GET /v1/outcomes", shows="outcome"),
    Row(
        operation="GET /v1/outcomes",
        query=lambda ids: {"plan_id": ids["plan.COMPLETED"], "institution_id": ids["institution"]},
        shows="outcome",
        hidden=200,
    ),
    Row(operation="POST /v1/outcomes", body=an_outcome, own=201, hidden={"risk.ACTIVE": 422}),
    Row(
        operation="POST /v1/outcomes",
        body=lambda ids: of_year(ids["student.ACTIVE"], ids["institution"]),
        own=201,
    ),
    Row(operation="GET /v1/outcomes/{outcome_id}", at=("outcome",), shows="student.COMPLETED"),
    Row(
        operation="PATCH /v1/outcomes/{outcome_id}",
        at=("outcome",),
        body=lambda _: {"evaluation": "Citādi."},
        seen=True,
    ),
    Row(
        operation="PATCH /v1/outcomes/{outcome_id}",
        at=("outcome.year",),
        body=lambda _: {"extended_school_year": True},
        seen=True,
    ),
    Row(operation="DELETE /v1/outcomes/{outcome_id}", at=("outcome",), seen=True, own=204),
)
