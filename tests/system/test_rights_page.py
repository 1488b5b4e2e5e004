"""docs/rights.md names calls that exist, for whom the route table says."""

from fastapi import FastAPI

from app.cli.rights import RIGHTS, rights
from app.db.reference import packaged
from tests.api.test_route_access import ACCESS


def test_every_right_is_a_call_with_that_permission(app: FastAPI) -> None:
    operations = {f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods}
    for right in RIGHTS:
        for call in right.calls:
            assert call in operations
            assert ACCESS[call] is right.permission


def test_the_page_tells_every_rule() -> None:
    page = rights(packaged().retention)
    for rule in packaged().retention.rules:
        assert f"| {rule.code} | {rule.what} |" in page
    assert "| rule-1 | PERSON | any | 3 years | the last day of the last enrolment |" in page
    assert "| rule-5 | AUDIT | any | for good |" in page
