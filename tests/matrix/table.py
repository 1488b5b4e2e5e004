"""The whole table, and what of it is missing: an operation without a row fails, and the failure says what to write and where."""

from collections.abc import Iterable, Iterator

from fastapi import FastAPI

from app.domain.permissions import Permission
from tests.api.test_route_access import ACCESS
from tests.matrix import rows_plans, rows_public, rows_rights, rows_statistics, rows_students, rows_work
from tests.matrix.rows import Row

ROWS: tuple[Row, ...] = (
    *rows_public.REFERENCE,
    *rows_public.INSTITUTIONS,
    *rows_students.STUDENTS,
    *rows_students.ENROLMENTS,
    *rows_students.RISKS,
    *rows_students.IDENTITIES,
    *rows_plans.PLANS,
    *rows_work.INTERVENTIONS,
    *rows_work.OUTCOMES,
    *rows_work.CHANGES,
    *rows_work.EXPORTS,
    *rows_rights.RIGHTS,
    *rows_statistics.STATISTICS,
)
"""Rows of another file are added here."""

ELSEWHERE = {
    "POST /graphql": "tests/matrix/graphql_rows.py",
    "POST /oauth/token": "tests/api/test_oauth.py",
    "POST /v1/sync/batches": "tests/sync/test_foreign.py",
    "POST /v1/sync/snapshots": "tests/sync/test_snapshots.py",
    "GET /v1/sync/schema": "tests/sync/test_schema.py",
    "GET /v1/sync/batches": "tests/sync/test_batches.py",
    "GET /v1/sync/batches/{batch_id}": "tests/sync/test_batches.py",
    "GET /v1/sync/batches/{batch_id}/rejections": "tests/sync/test_batches.py",
}
"""Operations that have a table of their own: what is asked there is no record, or many at once, or who asks has no token yet."""

WITHOUT_A_TOKEN = frozenset({"GET /healthz", "GET /readyz", "GET /.well-known/oauth-authorization-server"})

HOW_TO_ADD = """{operation} has no row in the matrix of who may do what to whose record.

Add to a file tests/matrix/rows_*.py (by noun; a new file's rows are listed in tests/matrix/table.py):

    Row(
        operation="{operation}",
        at=({at}),  # keys of Side.ids (tests/matrix/sides.py) for the objects in the path; make new kinds of records there
        body=lambda ids: {{...}},  # a request that succeeds; every object it names comes from ids["key"]
        seen=...,  # whether it needs If-Match
        own=...,  # the status for an object in scope (200 unless given)
        shows="...",  # for reads: the key of an object that the answer must tell of
    )

and its permission to ACCESS in tests/api/test_route_access.py. The statuses come from docs and domain, not from what the code answers."""


def operations(app: FastAPI) -> Iterator[str]:
    """Of the OpenAPI document, as "METHOD /path"."""
    for path, methods in app.openapi()["paths"].items():
        yield from (f"{method.upper()} {path}" for method in methods)


def missing(app: FastAPI, rows: Iterable[Row] = ROWS) -> list[str]:
    """What to add for each operation that has no row."""
    known = {row.operation for row in rows} | ELSEWHERE.keys()
    return [_how_to_add(each) for each in operations(app) if each not in known]


def _how_to_add(operation: str) -> str:
    parameters = [part[1:-1] for part in operation.split()[1].split("/") if part.startswith("{")]
    at = "".join(f'"{each.removesuffix("_id")}", ' for each in parameters)
    return HOW_TO_ADD.format(operation=operation, at=at)


def permission_of(row: Row) -> Permission | None:
    """None: no token is asked for."""
    return None if row.operation in WITHOUT_A_TOKEN else ACCESS[row.operation]
