"""Rows of statistics: everybody's own figures, and of what is another's as little as of what is not there."""

from tests.matrix.rows import Row

STATISTICS = (
    Row(
        operation="GET /v1/statistics",
        query=lambda ids: {"by": "INSTITUTION", "institutions": ids["institution"], "totals": "true"},
        shows="institution",
        hidden=200,
        named_by_question=True,
        counts=True,
    ),
    Row(operation="GET /v1/statistics/definitions", public=True),
)
