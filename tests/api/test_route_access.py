"""Every route and who may call it. A route without a row here fails, and so does a row without a route."""

from collections.abc import Callable, Iterator
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from app.api.auth import Access, authenticated
from app.api.transactions import WriteTx
from app.domain.permissions import Permission

P = Permission

ACCESS = {
    "GET /v1/me": P.READ_REFERENCE,
    "GET /v1/regions": P.READ_REFERENCE,
    "GET /v1/municipalities": P.READ_REFERENCE,
    "GET /v1/municipalities/{code}": P.READ_REFERENCE,
    "GET /v1/semesters": P.READ_REFERENCE,
    "GET /v1/semesters/{code}": P.READ_REFERENCE,
    "GET /v1/releases": P.READ_RELEASES,
    "POST /v1/releases": P.SEAL_RELEASES,
    "GET /v1/releases/{release_id}": P.READ_RELEASES,
    "POST /v1/releases/{release_id}/withdrawal": P.SEAL_RELEASES,
    "POST /v1/semesters/{code}/closing": P.CLOSE_SEMESTERS,
    "POST /v1/semesters/{code}/reopening": P.CLOSE_SEMESTERS,
    "GET /v1/code-lists": P.READ_REFERENCE,
    "GET /v1/code-lists/{name}": P.READ_REFERENCE,
    "GET /v1/programmes": P.READ_REFERENCE,
    "GET /v1/institutions": P.READ_INSTITUTIONS,
    "POST /v1/institutions": P.WRITE_INSTITUTIONS,
    "GET /v1/institutions/{institution_id}": P.READ_INSTITUTIONS,
    "PATCH /v1/institutions/{institution_id}": P.WRITE_INSTITUTIONS,
    "DELETE /v1/institutions/{institution_id}": P.WRITE_INSTITUTIONS,
    "GET /v1/partners": P.READ_INSTITUTIONS,
    "POST /v1/partners": P.WRITE_INSTITUTIONS,
    "GET /v1/partners/{partner_id}": P.READ_INSTITUTIONS,
    "GET /v1/participations": P.READ_INSTITUTIONS,
    "POST /v1/participations": P.WRITE_INSTITUTIONS,
    "GET /v1/participations/{participation_id}": P.READ_INSTITUTIONS,
    "PATCH /v1/participations/{participation_id}": P.WRITE_INSTITUTIONS,
    "DELETE /v1/participations/{participation_id}": P.WRITE_INSTITUTIONS,
    "GET /v1/students": P.READ_RECORDS,
    "POST /v1/students": P.WRITE_STUDENTS,
    "POST /v1/students/search": P.READ_PERSONS,
    "GET /v1/students/{student_id}": P.READ_RECORDS,
    "DELETE /v1/students/{student_id}": P.WRITE_STUDENTS,
    "GET /v1/students/{student_id}/person": P.READ_PERSONS,
    "PATCH /v1/students/{student_id}/person": P.WRITE_STUDENTS,
    "GET /v1/students/{student_id}/restrictions": P.ANSWER_SUBJECTS,
    "POST /v1/students/{student_id}/subject-access": P.ANSWER_SUBJECTS,
    "POST /v1/students/{student_id}/restriction": P.ANSWER_SUBJECTS,
    "POST /v1/students/{student_id}/restriction-lifting": P.ANSWER_SUBJECTS,
    "GET /v1/students/{student_id}/identity-disclosures": P.DISCLOSE_IDENTITY,
    "POST /v1/students/{student_id}/identity-disclosures": P.DISCLOSE_IDENTITY,
    "GET /v1/students/{student_id}/identity-disclosures/{disclosure_id}": P.DISCLOSE_IDENTITY,
    "GET /v1/duplicates": P.MERGE_STUDENTS,
    "GET /v1/students/{student_id}/access-log": P.READ_ACCESS_LOGS,
    "POST /v1/students/{student_id}/erasure": P.ERASE_STUDENTS,
    "POST /v1/students/{student_id}/merge": P.MERGE_STUDENTS,
    "GET /v1/enrolments": P.READ_RECORDS,
    "GET /v1/enrolments/export": P.READ_RECORDS,
    "POST /v1/enrolments": P.WRITE_STUDENTS,
    "GET /v1/enrolments/{enrolment_id}": P.READ_RECORDS,
    "PATCH /v1/enrolments/{enrolment_id}": P.WRITE_STUDENTS,
    "DELETE /v1/enrolments/{enrolment_id}": P.WRITE_STUDENTS,
    "POST /v1/enrolments/{enrolment_id}/transfer-confirmation": P.CONFIRM_TRANSFERS,
    "GET /v1/risks": P.READ_RECORDS,
    "GET /v1/risks/export": P.READ_RECORDS,
    "POST /v1/risks": P.WRITE_STUDENTS,
    "GET /v1/risks/{risk_id}": P.READ_RECORDS,
    "PATCH /v1/risks/{risk_id}": P.WRITE_STUDENTS,
    "DELETE /v1/risks/{risk_id}": P.WRITE_STUDENTS,
    "GET /v1/plans": P.READ_RECORDS,
    "GET /v1/plans/export": P.READ_RECORDS,
    "POST /v1/plans": P.WRITE_PLANS,
    "GET /v1/plans/{plan_id}": P.READ_RECORDS,
    "PATCH /v1/plans/{plan_id}": P.WRITE_PLANS,
    "DELETE /v1/plans/{plan_id}": P.WRITE_PLANS,
    "GET /v1/plans/{plan_id}/steps": P.READ_RECORDS,
    "POST /v1/plans/{plan_id}/submission": P.WRITE_PLANS,
    "POST /v1/plans/{plan_id}/approval": P.DECIDE_PLANS,
    "POST /v1/plans/{plan_id}/activation": P.DECIDE_PLANS,
    "POST /v1/plans/{plan_id}/return": P.DECIDE_PLANS,
    "POST /v1/plans/{plan_id}/completion": P.END_PLANS,
    "POST /v1/plans/{plan_id}/discontinuation": P.END_PLANS,
    "POST /v1/plans/{plan_id}/revision": P.WRITE_PLANS,
    "GET /v1/statistics": P.READ_STATISTICS,
    "GET /v1/statistics/definitions": P.READ_REFERENCE,
    "GET /v1/changes": P.FOLLOW_CHANGES,
    "GET /v1/interventions": P.READ_RECORDS,
    "GET /v1/interventions/export": P.READ_RECORDS,
    "POST /v1/interventions": P.WRITE_INTERVENTIONS,
    "GET /v1/interventions/{intervention_id}": P.READ_RECORDS,
    "PATCH /v1/interventions/{intervention_id}": P.WRITE_INTERVENTIONS,
    "DELETE /v1/interventions/{intervention_id}": P.WRITE_INTERVENTIONS,
    "GET /v1/outcomes": P.READ_RECORDS,
    "GET /v1/outcomes/export": P.READ_RECORDS,
    "POST /v1/outcomes": P.WRITE_OUTCOMES,
    "GET /v1/outcomes/{outcome_id}": P.READ_RECORDS,
    "PATCH /v1/outcomes/{outcome_id}": P.WRITE_OUTCOMES,
    "DELETE /v1/outcomes/{outcome_id}": P.WRITE_OUTCOMES,
    "POST /v1/sync/batches": P.SEND_BATCHES,
    "POST /v1/sync/snapshots": P.SEND_BATCHES,
    "GET /v1/sync/schema": P.SEND_BATCHES,
    "GET /v1/sync/batches": P.SEND_BATCHES,
    "GET /v1/sync/batches/{batch_id}": P.SEND_BATCHES,
    "GET /v1/sync/batches/{batch_id}/rejections": P.SEND_BATCHES,
}

A_TOKEN = {"POST /graphql"}
"""Whoever has a token may ask: what of it they may have is decided field by field."""

OPEN = {
    "GET /",
    "POST /oauth/token",
    "GET /.well-known/oauth-authorization-server",
    "GET /healthz",
    "GET /readyz",
    "GET /definitions",
    "GET /docs",
    "GET /graphql",
    "GET /openapi.json",
    "HEAD /openapi.json",
}
"""Health, the pages for people, the description, and where clients get their tokens. No data."""

ASSETS = "/assets/"
"""Files of the pages, below an address made from their content."""

_WRITE = get_args(WriteTx)[1].dependency


def routes(app: FastAPI) -> Iterator[tuple[str, RouteContext]]:
    for route in iter_route_contexts(app.routes):
        if route.methods is None:
            yield f"MOUNT {route.path}", route
        for method in sorted(route.methods or ()):
            yield f"{method} {route.path}", route


def calls(route: RouteContext) -> list[Callable[..., Any]]:
    """Everything that runs before the route's own function, dependencies of dependencies included."""

    def below(dependant: Dependant) -> Iterator[Callable[..., Any]]:
        for each in dependant.dependencies:
            if each.call is not None:
                yield each.call
            yield from below(each)

    dependant = getattr(route, "dependant", None)
    return [] if dependant is None else list(below(dependant))


def test_every_route_demands_the_permission_of_its_row(app: FastAPI) -> None:
    found = {
        address: [each.permission for each in calls(route) if isinstance(each, Access)]
        for address, route in routes(app)
    }
    assert {address: demanded for address, demanded in found.items() if demanded} == {
        address: [permission] for address, permission in ACCESS.items()
    }


def test_no_other_route_is_open(app: FastAPI) -> None:
    others = {address: route for address, route in routes(app) if address not in ACCESS}
    pages = {address for address in others if not address.startswith(f"MOUNT {ASSETS}")}
    assert pages == A_TOKEN | OPEN
    assert {address for address in pages if authenticated in calls(others[address])} == A_TOKEN


def test_whoever_reads_writes_nothing(app: FastAPI) -> None:
    reading = {address: route for address, route in routes(app) if address.split()[0] in ("GET", "HEAD")}
    assert [address for address, route in reading.items() if _WRITE in calls(route)] == []


def test_a_writing_transaction_is_recognised(app: FastAPI) -> None:
    """Else the test above could not fail."""
    assert _WRITE in calls(dict(routes(app))["POST /v1/risks"])
