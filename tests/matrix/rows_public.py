"""Rows of reference data, and of institutions, partners and participations: public facts, which the authority writes."""

from tests.factories import PROGRAMME, Json
from tests.matrix.rows import Ids, Row

NEW_INSTITUTION: Json = {
    "name": "Jauna skola",
    "kind": "GENERAL",
    "founder": "MUNICIPALITY",
    "opened_on": "2021-09-01",
    "locations": [{"municipality": "0038000", "from": "2021-09-01"}],
}


def participation(ids: Ids) -> Json:
    return {
        "institution_id": ids["institution"],
        "programme": PROGRAMME,
        "partner_id": ids["partner"],
        "agreement_number": "9",
        "agreement_date": "2017-03-15",
        "from": "2017-03-15",
        "to": "2017-03-31",
    }


REFERENCE = (
    Row(operation="GET /healthz", public=True),
    Row(operation="GET /readyz", public=True),
    Row(operation="GET /.well-known/oauth-authorization-server", public=True),
    Row(operation="GET /v1/me", public=True),
    Row(operation="GET /v1/regions", public=True),
    Row(operation="GET /v1/municipalities", public=True),
    Row(operation="GET /v1/municipalities/{code}", at=("fixed.0038000",), public=True),
    Row(operation="GET /v1/semesters", public=True),
    Row(operation="GET /v1/semesters/{code}", at=("fixed.2021-1",), public=True),
    Row(operation="POST /v1/semesters/{code}/closing", at=("fixed.2018-2",), public=True),
    Row(
        operation="POST /v1/semesters/{code}/reopening",
        at=("fixed.2018-1",),
        body=lambda _: {"reason": "Labojums."},
        public=True,
    ),
    Row(operation="GET /v1/releases", shows="release", public=True),
    Row(operation="POST /v1/releases", body=lambda _: {"semester": "2017-2"}, own=201, public=True),
    Row(operation="GET /v1/releases/{release_id}", at=("release",), shows="release", public=True),
    Row(
        operation="POST /v1/releases/{release_id}/withdrawal",
        at=("release",),
        body=lambda _: {"reason": "Kļūda."},
        shows="release",
        public=True,
    ),
    Row(operation="GET /v1/code-lists", public=True),
    Row(operation="GET /v1/code-lists/{name}", at=("fixed.risks",), public=True),
    Row(operation="GET /v1/programmes", public=True),
)

INSTITUTIONS = (
    Row(operation="GET /v1/institutions", shows="institution", public=True),
    Row(operation="POST /v1/institutions", body=lambda _: NEW_INSTITUTION, own=201, public=True),
    Row(operation="GET /v1/institutions/{institution_id}", at=("institution",), shows="institution", public=True),
    Row(
        operation="PATCH /v1/institutions/{institution_id}",
        at=("institution",),
        body=lambda _: {"name": "Cita skola"},
        seen=True,
        public=True,
    ),
    Row(
        operation="DELETE /v1/institutions/{institution_id}",
        at=("institution",),
        own=409,
        public=True,
        always_refused=True,
    ),
    Row(operation="GET /v1/partners", shows="partner", public=True),
    Row(operation="POST /v1/partners", body=lambda _: {"municipality": "0002000"}, own=201, public=True),
    Row(operation="GET /v1/partners/{partner_id}", at=("partner",), shows="partner", public=True),
    Row(operation="GET /v1/participations", shows="participation", public=True),
    Row(
        operation="POST /v1/participations",
        body=participation,
        own=201,
        hidden={"institution": 422, "partner": 422},
        public=True,
    ),
    Row(
        operation="GET /v1/participations/{participation_id}",
        at=("participation",),
        shows="participation",
        public=True,
    ),
    Row(
        operation="PATCH /v1/participations/{participation_id}",
        at=("participation",),
        body=lambda _: {"agreement_number": "10"},
        seen=True,
        public=True,
    ),
    Row(
        operation="DELETE /v1/participations/{participation_id}",
        at=("participation.unused",),
        seen=True,
        own=204,
        public=True,
    ),
)
