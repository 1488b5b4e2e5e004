"""A small world for tests through HTTP: three institutions, their partners and participations, and a token for everybody.

The institutions are made past the API, since most tests are not about them. Students, and all that hangs on them, are recorded
over REST, by whoever would record them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from app.api.tokens import utc_now
from app.domain.actors import Actor, Role
from app.domain.collation import latvian_sort_key
from app.domain.ids import InstitutionId, PartnerId
from app.domain.personal_codes import demonstration_personal_code
from app.main import tokens_from
from app.settings import Settings

Json = dict[str, Any]
PROGRAMME = "PUMPURS"
BORDERS_MOVE = date(2021, 7, 1)
_serials = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Two schools under the agreements of two municipalities, and a vocational college that is its own partner."""

    settings: Settings
    school: InstitutionId
    other_school: InstitutionId
    college: InstitutionId
    madona: PartnerId
    riga: PartnerId
    college_itself: PartnerId

    def head(self, institution_id: InstitutionId) -> dict[str, str]:
        return self.of_school(Role.SCHOOL_HEAD, institution_id)

    def coordinator(self, institution_id: InstitutionId) -> dict[str, str]:
        return self.of_school(Role.SCHOOL_COORDINATOR, institution_id)

    def provider(self, institution_id: InstitutionId, staff_member: str = "T-001") -> dict[str, str]:
        return self.of_school(Role.SUPPORT_PROVIDER, institution_id, staff_member=staff_member)

    def of_school(self, role: Role, institution_id: InstitutionId, staff_member: str | None = None) -> dict[str, str]:
        return self.bearer(role, institution_ids=frozenset({institution_id}), staff_member=staff_member)

    def municipality(self, partner_id: PartnerId) -> dict[str, str]:
        return self.bearer(Role.MUNICIPALITY_COORDINATOR, partner_id=partner_id)

    def authority(self) -> dict[str, str]:
        return self.bearer(Role.PROGRAMME_AUTHORITY)

    def sync(self, *institution_ids: InstitutionId) -> dict[str, str]:
        return self.bearer(Role.SYNC_CLIENT, institution_ids=frozenset(institution_ids))

    def bearer(self, role: Role, **scope: Any) -> dict[str, str]:
        """The header that speaks for such an actor."""
        return self.named(f"test-{role.lower()}", role, **scope)

    def named(self, subject: str, role: Role, **scope: Any) -> dict[str, str]:
        """The header that speaks for this very person or machine."""
        actor = Actor(subject=subject, role=role, **scope)
        token = tokens_from(self.settings).issue(actor, now=utc_now(), lifetime=timedelta(hours=1))
        return {"Authorization": f"Bearer {token}"}


async def make_world(owner: asyncpg.Connection, settings: Settings) -> World:
    school = await make_institution(owner, "Madonas pārbaudes skola", places=("0700200", "0038000"))
    other = await make_institution(owner, "Rīgas pārbaudes skola", places=("0010000", "0001000"))
    college = await make_institution(
        owner, "Valmieras pārbaudes tehnikums", places=("0250000", "0054000"), kind="VOCATIONAL", founder="STATE"
    )
    madona = await make_partner(owner, municipality="0700200")
    riga = await make_partner(owner, municipality="0010000")
    itself = await make_partner(owner, institution_id=college)
    for institution_id, partner_id in ((school, madona), (other, riga), (college, itself)):
        await make_participation(owner, institution_id, partner_id)
    return World(
        settings=settings,
        school=school,
        other_school=other,
        college=college,
        madona=madona,
        riga=riga,
        college_itself=itself,
    )


async def make_institution(
    owner: asyncpg.Connection,
    name: str,
    *,
    places: tuple[str, str],
    kind: str = "GENERAL",
    founder: str = "MUNICIPALITY",
    opened_on: date = date(2010, 9, 1),
) -> InstitutionId:
    """`places`: the municipality in which it lies, under the old borders and under the new ones."""
    made = await owner.fetchval(
        "INSERT INTO institution (name, sort_key, kind, founder, opened_on) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        name,
        latvian_sort_key(name),
        kind,
        founder,
        opened_on,
    )
    before, after = places
    periods = [(made, before, opened_on, BORDERS_MOVE - timedelta(days=1)), (made, after, BORDERS_MOVE, None)]
    await owner.executemany("INSERT INTO institution_location VALUES ($1, $2, $3, $4)", periods)
    return InstitutionId(made)


async def make_partner(
    owner: asyncpg.Connection, *, municipality: str | None = None, institution_id: InstitutionId | None = None
) -> PartnerId:
    statement = "INSERT INTO partner (municipality, institution_id) VALUES ($1, $2) RETURNING id"
    return PartnerId(await owner.fetchval(statement, municipality, institution_id))


async def make_participation(
    owner: asyncpg.Connection,
    institution_id: InstitutionId,
    partner_id: PartnerId,
    *,
    start: date = date(2017, 9, 1),
    end: date | None = None,
) -> None:
    await owner.execute(
        "INSERT INTO participation"
        " (institution_id, programme, partner_id, agreement_number, agreement_date, valid_from, valid_to)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        institution_id,
        PROGRAMME,
        partner_id,
        f"8.3.4.0/{uuid4().hex[:6]}",
        start,
        start,
        end,
    )


def a_person(**stated: Any) -> Json:
    """A person who does not exist, with a code that nobody else has been given; `stated` replaces fields."""
    return {
        "given_names": "Izdomāta",
        "family_name": "Paraudze",
        "birth_date": "2007-05-14",
        "personal_code": demonstration_personal_code(next(_serials)),
        **stated,
    }


async def register_student(
    http: httpx.AsyncClient, world: World, institution_id: InstitutionId, person: Json | None = None
) -> str:
    """The id of a student whom this institution has registered."""
    body = {"institution_id": institution_id, "person": person or a_person()}
    answer = await http.post("/v1/students", json=body, headers=world.coordinator(institution_id))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return str(answer.json()["id"])


async def enrol(
    http: httpx.AsyncClient,
    world: World,
    student_id: str,
    institution_id: InstitutionId,
    **stated: Any,
) -> Json:
    """The enrolment of a student whom this institution has registered, since September 2021 in grade 7 unless stated otherwise."""
    body = {"student_id": student_id, "institution_id": institution_id, "grade": 7, "from": "2021-09-01", **stated}
    answer = await http.post("/v1/enrolments", json=body, headers=world.coordinator(institution_id))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())


async def end_enrolment(http: httpx.AsyncClient, world: World, enrolment: Json, on: str = "2021-10-29") -> Json:
    answer = await http.patch(
        f"/v1/enrolments/{enrolment['id']}",
        json={"to": on, "end_reason": "TRANSFERRED"},
        headers={**world.coordinator(enrolment["institution_id"]), "If-Match": f'"{enrolment["version"]}"'},
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


async def identify_risk(
    http: httpx.AsyncClient, world: World, student_id: str, institution_id: InstitutionId, **stated: Any
) -> Json:
    body = {
        "student_id": student_id,
        "institution_id": institution_id,
        "type": "LANGUAGE_BARRIER",
        "identified_on": "2021-09-20",
        "identified_by": "TEACHER",
        "severity": "MEDIUM",
        **stated,
    }
    answer = await http.post("/v1/risks", json=body, headers=world.coordinator(institution_id))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())


async def draft_plan(http: httpx.AsyncClient, world: World, enrolment: Json, **stated: Any) -> Json:
    """A draft for the first semester of 2021/22, from the first day of the enrolment, unless stated otherwise."""
    body = {"enrolment_id": enrolment["id"], "semester": "2021-1", "from": enrolment["from"], **stated}
    answer = await http.post("/v1/plans", json=body, headers=world.coordinator(enrolment["institution_id"]))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())
