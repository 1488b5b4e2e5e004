"""The two sides of every wall: an institution with records in every state, all of them marked so that they are known wherever they turn up."""

import json
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from app.db.reference import packaged
from app.domain.calendar import Semester
from app.domain.ids import InstitutionId, PartnerId
from app.domain.personal_codes import demonstration_personal_code
from app.domain.releases.definitions import definition_of
from app.domain.releases.lattice import Lattice
from tests.api.delivered import consultation
from tests.api.outcomes import of_plan, of_year
from tests.api.plan_chain import draft_body, record_risk
from tests.factories import Json, World, enrol, make_participation, register_student

ACTIVE_SINCE = date(2021, 10, 4)
STATES = ("DRAFT", "SUBMITTED", "SCHOOL_APPROVED", "PARTNER_APPROVED", "ACTIVE", "COMPLETED")
OWN_STAFF = "T-001"
"""The provider of the plans of every side: the same reference at each institution, since each chooses its own."""

_codes = count(50_000)
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """`ids`: one object for each key, as rows name them. `marks`: words that stand in its records and nowhere else."""

    name: str
    institution: InstitutionId
    partner: PartnerId
    is_own_partner: bool
    ids: dict[str, Any] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        """Letters only, so that it may stand in a person's name."""
        return f"Zz{self.name}zz"

    @property
    def born(self) -> str:
        """A birth date that nobody else has."""
        return f"2007-02-{10 + len(self.name):02}"

    def keep(self, key: str, record: Json) -> Json:
        self.ids[key] = record["id"]
        self.secrets.add(record["id"])
        if "code" in record:
            self.ids[f"code.of.{key}"] = record["code"]
            self.secrets.add(record["code"])
        return record


def new_code() -> str:
    """A personal code that nobody has been given."""
    return demonstration_personal_code(next(_codes))


def absent(key: str) -> Any:
    """What is not there, in the place of such an object."""
    noun = key.partition(".")[0]
    if noun in ("institution", "partner"):
        return 79_000 + next(_numbers)
    if key.startswith("code.of.plan"):
        return f"IAP-2021-1-{uuid4().hex[:8].upper()}"
    return new_code() if noun == "code" else str(uuid4())


async def make_side(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, name: str, at: InstitutionId, partner: PartnerId
) -> Side:
    side = Side(name=name, institution=at, partner=partner, is_own_partner=partner == world.college_itself)
    side.ids.update(institution=at, partner=partner)
    side.ids["participation"] = await owner.fetchval("SELECT id::text FROM participation WHERE institution_id = $1", at)
    await make_participation(owner, at, partner, start=date(2017, 4, 1), end=date(2017, 4, 30))
    unused = "SELECT id::text FROM participation WHERE institution_id = $1 AND valid_from = '2017-04-01'"
    side.ids["participation.unused"] = await owner.fetchval(unused, at)
    # One of them has a release, the other is to be released.
    for semester, day in (("2017-2", date(2018, 10, 1)), ("2018-1", date(2019, 2, 1))):
        closed = "INSERT INTO semester_closing (semester, closed_on) VALUES ($1, $2) ON CONFLICT DO NOTHING"
        await owner.execute(closed, semester, day)
    sealed = (
        "INSERT INTO release (id, number, semester, sealed_on, rho, spent_before, spent, epsilon, delta, definition)"
        " VALUES (gen_random_uuid(), 1, '2018-1', '2019-02-01', 0.2, 0, 0.2, 3, 0.000001, $1) ON CONFLICT DO NOTHING"
    )
    definition = definition_of(Lattice.of(Semester.parse("2018-1"), packaged()))
    await owner.execute(sealed, json.dumps(definition))
    side.ids["release"] = await owner.fetchval("SELECT id::text FROM release")
    maker = _Maker(http=http, world=world, owner=owner, side=side)
    await maker.registered()
    await maker.restricted()
    await maker.enrolled()
    for state in STATES:
        await maker.planned(state)
    await maker.disclosed()
    return side


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    http: httpx.AsyncClient
    world: World
    owner: asyncpg.Connection
    side: Side

    async def student(self, suffix: str) -> str:
        side, code = self.side, new_code()
        person = {
            "given_names": f"{side.mark} Vārds",
            "family_name": f"{side.mark} Uzvārds",
            "birth_date": side.born,
            "personal_code": code,
        }
        student_id = await register_student(self.http, self.world, side.institution, person)
        side.keep(f"student{suffix}", {"id": student_id})
        side.ids[f"code{suffix}"] = code
        side.secrets.add(code)
        return student_id

    async def enrolment(self, suffix: str, start: str = "2021-09-01") -> Json:
        student_id = await self.student(suffix)
        grade = 2 if self.side.institution == self.world.college else 7
        enrolment = await enrol(
            self.http, self.world, student_id, self.side.institution, grade=grade, **{"from": start}
        )
        return self.side.keep(f"enrolment{suffix}", enrolment)

    async def risk(self, suffix: str, student_id: str) -> Json:
        return self.side.keep(
            f"risk{suffix}", await record_risk(self.http, self.world, student_id, self.side.institution)
        )

    async def registered(self) -> None:
        """A student who is registered, and nothing more."""
        await self.student(".registered")

    async def disclosed(self) -> None:
        """The authority has learnt who the active student is."""
        address = f"/v1/students/{self.side.ids['student.ACTIVE']}/identity-disclosures"
        body = {"purpose": "TRANSFER_CONFIRMATION", "reason": f"{self.side.mark} pāreja"}
        answer = await self.http.post(address, json=body, headers=self.world.authority())
        assert answer.status_code == httpx.codes.CREATED, answer.text
        self.side.keep("disclosure", answer.json())

    async def restricted(self) -> None:
        """A student whose processing the institution has restricted."""
        student_id = await self.student(".restricted")
        answer = await self.http.post(
            f"/v1/students/{student_id}/restriction",
            json={"reason": f"{self.side.mark} iesniegums"},
            headers=self.world.head(self.side.institution),
        )
        assert answer.status_code == httpx.codes.OK, answer.text

    async def enrolled(self) -> None:
        """A student with an enrolment and a risk, and no plan."""
        enrolment = await self.enrolment(".bare")
        await self.risk(".bare", enrolment["student_id"])

    async def planned(self, state: str) -> None:
        """A student with a plan in this state; support is recorded under the active one, an outcome of the completed one."""
        suffix = f".{state}"
        enrolment = await self.enrolment(suffix)
        risk = await self.risk(suffix, enrolment["student_id"])
        body = draft_body(enrolment, risk, providers=[OWN_STAFF, f"T-{self.side.mark}"])
        plan = self.side.keep(f"plan{suffix}", await self._post("plans", body))
        if state == "DRAFT":
            return
        in_force = state in ("ACTIVE", "COMPLETED")
        # The chain is walked elsewhere (tests/api/test_plan_steps.py); here the plan only has to stand in the state.
        await self.owner.execute(
            "UPDATE plan SET state = $2, activated_on = $3, ended_on = $4, end_reason = $5 WHERE id = $1::text::uuid",
            plan["id"],
            state,
            ACTIVE_SINCE if in_force else None,
            date(2021, 11, 12) if state == "COMPLETED" else None,
            f"{self.side.mark} beidzies" if state == "COMPLETED" else None,
        )
        await self.owner.execute("SELECT statistics_settle(ARRAY[$1::text::uuid], '{}', '{}')", plan["id"])
        await self.owner.execute(
            "INSERT INTO plan_step (plan_id, student_id, position, institution_id, revision_number, step, from_state, to_state,"
            " taken_on, role, subject, reason) SELECT id, student_id, 0, institution_id, 1, 'SUBMIT', 'DRAFT', 'SUBMITTED',"
            " '2021-09-07', 'SCHOOL_COORDINATOR', 'test', $2 FROM plan WHERE id = $1::text::uuid",
            plan["id"],
            f"{self.side.mark} solis",
        )
        if state == "ACTIVE":
            body = consultation(plan, mode="REMOTE", head_order=f"{self.side.mark} 7", confirmed_on="2021-10-11")
            self.side.keep("intervention", await self._post("interventions", body))
        if state == "COMPLETED":
            outcome = of_plan(plan, recorded_on="2021-11-12", evaluation=f"{self.side.mark} sekmes")
            self.side.keep("outcome", await self._post("outcomes", outcome))
            year = of_year(enrolment["student_id"], self.side.institution)
            self.side.keep("outcome.year", await self._post("outcomes", year))

    async def _post(self, noun: str, body: Json) -> Json:
        headers = self.world.coordinator(self.side.institution)
        answer = await self.http.post(f"/v1/{noun}", json=body, headers=headers)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return dict(answer.json())
