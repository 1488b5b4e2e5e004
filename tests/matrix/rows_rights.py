"""Rows of the rights of the data subject."""

from tests.factories import Json
from tests.matrix.rows import Ids, Row


def _reason(_ids: Ids) -> Json:
    return {"reason": "Vecāku iesniegums 14."}


RIGHTS = (
    Row(
        operation="POST /v1/students/{student_id}/subject-access",
        at=("student.ACTIVE",),
        body=lambda _ids: {"requested_by": "STUDENT", "requested_on": "2021-11-15", "reason": "Iesniegums 15."},
        shows="plan.ACTIVE",
    ),
    Row(operation="GET /v1/students/{student_id}/access-log", at=("student.ACTIVE",)),
    Row(operation="GET /v1/students/{student_id}/restrictions", at=("student.ACTIVE",)),
    Row(
        operation="POST /v1/students/{student_id}/restriction",
        at=("student.ACTIVE",),
        body=_reason,
        shows="institution",
    ),
    Row(operation="POST /v1/students/{student_id}/restriction-lifting", at=("student.restricted",), body=_reason),
    Row(
        operation="POST /v1/students/{student_id}/erasure",
        at=("student.ACTIVE",),
        body=lambda _ids: {"scope": "RECORDS", "reason": "Lēmums 7."},
        shows="student.ACTIVE",
    ),
)
