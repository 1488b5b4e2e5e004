"""Rows of students, their persons, enrolments and risks."""

from app.domain.actors import Role
from tests.factories import Json
from tests.matrix.rows import Ids, Row
from tests.matrix.sides import new_code


def a_person(code: str) -> Json:
    return {"given_names": "Jauns", "family_name": "Vārds", "birth_date": "2008-01-02", "personal_code": code}


STUDENTS = (
    Row(operation="GET /v1/students", shows="student.ACTIVE"),
    Row(
        operation="GET /v1/students",
        query=lambda ids: {"institution_id": ids["institution"]},
        shows="student.ACTIVE",
        # A provider is told of the plans it is named in, and not who has registered their students.
        unseen_by=frozenset({Role.SUPPORT_PROVIDER}),
        hidden=200,
    ),
    Row(
        operation="POST /v1/students",
        body=lambda ids: {"institution_id": ids["institution"], "person": a_person(new_code())},
        own=201,
        hidden=403,
    ),
    Row(
        operation="POST /v1/students",
        body=lambda ids: {"institution_id": ids["institution"], "person": a_person(ids["code.ACTIVE"])},
        own=409,
        hidden={"institution": 403, "code.ACTIVE": 201},
        pseudonyms=True,
        always_refused=True,
    ),
    Row(
        operation="POST /v1/students/search",
        body=lambda ids: {"personal_code": ids["code.ACTIVE"]},
        shows="student.ACTIVE",
    ),
    Row(operation="GET /v1/students/{student_id}", at=("student.ACTIVE",), shows="student.ACTIVE"),
    Row(operation="DELETE /v1/students/{student_id}", at=("student.ACTIVE",), own=409, always_refused=True),
    Row(
        operation="GET /v1/students/{student_id}/person",
        at=("student.ACTIVE",),
        query=lambda ids: {"institution_id": ids["institution"]},
        shows="student.ACTIVE",
    ),
    Row(
        operation="PATCH /v1/students/{student_id}/person",
        at=("student.ACTIVE",),
        query=lambda ids: {"institution_id": ids["institution"]},
        body=lambda _: {"given_names": "Cits Vārds"},
        seen=True,
    ),
    Row(
        operation="PATCH /v1/students/{student_id}/person",
        at=("student.ACTIVE",),
        query=lambda ids: {"institution_id": ids["institution"]},
        body=lambda ids: {"personal_code": ids["code.registered"]},
        seen=True,
        own=409,
        hidden={"code.registered": 200},
        always_refused=True,
    ),
)

ENROLMENTS = (
    Row(operation="GET /v1/enrolments", shows="enrolment.ACTIVE"),
    Row(
        operation="GET /v1/enrolments",
        query=lambda ids: {"student_id": ids["student.ACTIVE"]},
        shows="enrolment.ACTIVE",
        hidden=200,
    ),
    Row(
        operation="POST /v1/enrolments",
        body=lambda ids: {
            "student_id": ids["student.registered"],
            "institution_id": ids["institution"],
            "grade": 4,
            "from": "2021-09-01",
        },
        own=201,
    ),
    Row(operation="GET /v1/enrolments/{enrolment_id}", at=("enrolment.ACTIVE",), shows="student.ACTIVE"),
    Row(
        operation="PATCH /v1/enrolments/{enrolment_id}",
        at=("enrolment.ACTIVE",),
        body=lambda _: {"returned_emigrant": True},
        seen=True,
    ),
    Row(
        operation="PATCH /v1/enrolments/{enrolment_id}",
        at=("enrolment.ACTIVE",),
        body=lambda _: {"to": "2021-11-01", "end_reason": "TRANSFERRED"},
        seen=True,
    ),
    Row(operation="DELETE /v1/enrolments/{enrolment_id}", at=("enrolment.bare",), seen=True, own=204),
    Row(
        operation="POST /v1/enrolments/{enrolment_id}/transfer-confirmation",
        at=("enrolment.ACTIVE",),
        body=lambda _: {"reason": "Rīkojums 1"},
        shows="enrolment.ACTIVE",
    ),
)


def a_risk(ids: Ids) -> Json:
    return {
        "student_id": ids["student.registered"],
        "institution_id": ids["institution"],
        "type": "LANGUAGE_BARRIER",
        "identified_on": "2021-09-20",
        "identified_by": "TEACHER",
        "severity": "MEDIUM",
    }


RISKS = (
    Row(operation="GET /v1/risks", shows="risk.ACTIVE"),
    Row(
        operation="GET /v1/risks",
        query=lambda ids: {"student_id": ids["student.ACTIVE"], "institution_id": ids["institution"]},
        shows="risk.ACTIVE",
        hidden=200,
    ),
    Row(operation="POST /v1/risks", body=a_risk, own=201),
    Row(operation="GET /v1/risks/{risk_id}", at=("risk.ACTIVE",), shows="student.ACTIVE"),
    Row(operation="PATCH /v1/risks/{risk_id}", at=("risk.ACTIVE",), body=lambda _: {"severity": "HIGH"}, seen=True),
    Row(operation="DELETE /v1/risks/{risk_id}", at=("risk.bare",), seen=True, own=204),
)

IDENTITIES = (
    Row(
        operation="POST /v1/students/{student_id}/identity-disclosures",
        at=("student.ACTIVE",),
        body=lambda _: {"purpose": "TRANSFER_CONFIRMATION", "reason": "Pāreja."},
        own=201,
        shows="code.ACTIVE",
        lasts=True,
    ),
    Row(
        operation="GET /v1/students/{student_id}/identity-disclosures",
        at=("student.ACTIVE",),
        shows="disclosure",
    ),
    Row(
        operation="GET /v1/students/{student_id}/identity-disclosures/{disclosure_id}",
        at=("student.ACTIVE", "disclosure"),
        shows="code.ACTIVE",
    ),
    Row(
        operation="POST /v1/students/{student_id}/merge",
        at=("student.registered",),
        body=lambda ids: {
            "other_id": ids["student.bare"],
            "keep_statements_of": ids["student.registered"],
            "reason": "Viena persona.",
        },
        shows="student.registered",
    ),
    Row(
        operation="GET /v1/duplicates",
        query=lambda ids: {"student_id": ids["student.ACTIVE"]},
        shows="student.ACTIVE",
        hidden=200,
    ),
)
