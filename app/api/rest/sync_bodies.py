"""What the body of a batch or a snapshot is, for the OpenAPI document: no model reads it, items are read one by one."""

import json
from collections.abc import Sequence
from typing import Any, Final

from app.api.sync.body import JSON, NDJSON

Items = Sequence[dict[str, Any]]

BATCH: Final[Items] = [
    {
        "type": "student",
        "external_id": "S-1",
        "data": {
            "institution": 1,
            "person": {
                "given_names": "Izdomāta",
                "family_name": "Paraudze",
                "birth_date": "2007-05-14",
                "personal_code": "009900-00106",
            },
        },
    },
    {
        "type": "enrolment",
        "external_id": "E-1",
        "data": {"student": "S-1", "institution": 1, "grade": 7, "from": "2021-09-01"},
    },
    {
        "type": "risk",
        "external_id": "R-1",
        "data": {
            "student": "S-1",
            "institution": 1,
            "type": "LANGUAGE_BARRIER",
            "identified_on": "2021-09-15",
            "identified_by": "TEACHER",
            "severity": "MEDIUM",
        },
    },
    {
        "type": "plan",
        "external_id": "P-1",
        "data": {
            "enrolment": "E-1",
            "semester": "2021-1",
            "risks": ["R-1"],
            "planned_measures": [
                {
                    "risk": "R-1",
                    "support_measure": "SUBJECT_CONSULTATION",
                    "subject": "MATHEMATICS",
                    "hours": "20",
                }
            ],
            "consent": {
                "application_signed_on": "2021-09-20",
                "application_signed_by": "GUARDIAN",
                "guardian_agreed_on": "2021-09-20",
                "student_agreed_on": "2021-09-20",
            },
        },
    },
    {"op": "submit", "type": "plan", "external_id": "P-1"},
]
SNAPSHOT: Final[Items] = [each for each in BATCH if each["type"] == "risk"]

_ITEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "external_id"],
    "properties": {
        "op": {"type": "string", "default": "upsert", "description": "What is done: see the operations of the type."},
        "type": {"type": "string", "description": "One of those of `GET /v1/sync/schema`."},
        "external_id": {"type": "string", "description": "Your own id of the record."},
        "data": {"type": "object", "description": "What the record holds: the whole of it, with an upsert."},
    },
}


def body_of(items: Items, description: str) -> dict[str, Any]:
    """The request's part of an operation, with these items as the example."""
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in items)
    return {
        "requestBody": {
            "required": True,
            "description": f"{description} May be compressed (`Content-Encoding: gzip`).",
            "content": {
                NDJSON: {"schema": {"type": "string", "description": "An item a line."}, "example": lines + "\n"},
                JSON: {"schema": {"type": "array", "items": _ITEM}, "example": items},
            },
        }
    }
