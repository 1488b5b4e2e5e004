"""Every kind of caller asks everything at the same time, again and again: each is told what it would be told if nothing were kept."""

import asyncio
from datetime import timedelta
from itertools import product
from random import Random

import asyncpg
import httpx
import pytest

from app.api.tokens import utc_now
from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId, PartnerId
from app.main import tokens_from
from app.settings import Settings
from tests.api.serving import serving
from tests.graphql.tiny_register import AGLONA, COLLEGE, ERGLI, GRAVERI, MADONA

pytestmark = pytest.mark.usefixtures("tiny_register")

STATE = [Actor(subject=f"state-{number}", role=Role.PROGRAMME_AUTHORITY) for number in range(2)]
REGIONS = [
    Actor(subject=region, role=Role.REGIONAL_COORDINATOR, region_code=region)
    for region in ("PR-RIGA", "PR-VIDZEME", "PR-LATGALE", "PR-ZEMGALE")
]
PARTNERS = [
    Actor(subject=f"partner-{number}", role=role, partner_id=PartnerId(number))
    for number in (1, 2, 3, 4)
    for role in (Role.MUNICIPALITY_COORDINATOR, Role.VOCATIONAL_COORDINATOR)
]
SCHOOLS = [
    Actor(subject=f"{role}-{each}", role=role, institution_ids=frozenset({InstitutionId(each)}), staff_member="t-1")
    for each in (MADONA, ERGLI, COLLEGE, AGLONA, GRAVERI)
    for role in (Role.SCHOOL_HEAD, Role.SUPPORT_PROVIDER)
]
OUTSIDE = [Actor(subject=role, role=role) for role in (Role.ANALYST, Role.EVALUATOR, Role.MINISTRY, Role.ADMINISTRATOR)]
EVERYBODY = [*STATE, *REGIONS, *PARTNERS, *SCHOOLS, *OUTSIDE]
FIGURES = "{ students plans institutionsParticipating deliveredHours }"
QUESTIONS = [
    f"{{ statistics {{ totals {FIGURES} }} }}",
    f"{{ statistics(by: [INSTITUTION]) {{ groups {{ key {{ institution {{ id name }} }} plans }} totals {FIGURES} }} }}",
    "{ statistics(by: [REGION, SEMESTER]) { groups { key { region { code } semester { code } } students } } }",
    "{ one: statistics { totals { plans } } other: statistics(by: [MUNICIPALITY]) { groups { plans } } }",
    f"query($of: [Int!] = [{MADONA}]) {{ statistics(where: {{institutions: $of}}) {{ totals {FIGURES} }} }}",
]
Asked = tuple[Actor, str]


async def ask(http: httpx.AsyncClient, settings: Settings, asked: Asked) -> object:
    """All but what names the request."""
    actor, document = asked
    token = tokens_from(settings).issue(actor, now=utc_now(), lifetime=timedelta(minutes=5))
    answer = await http.post("/graphql", json={"query": document}, headers={"Authorization": f"Bearer {token}"})
    told = answer.json()
    return told.get("data"), [(each["path"], each["extensions"]["code"]) for each in told.get("errors", ())]


async def test_nobody_is_told_what_is_anothers(settings: Settings, owner: asyncpg.Connection) -> None:
    every = list(product(EVERYBODY, QUESTIONS))
    async with serving(settings, statistics_cache=0) as http:
        alone = {(actor.subject, document): await ask(http, settings, (actor, document)) for actor, document in every}
    assert len({str(each) for each in alone.values()}) > 30
    async with serving(settings) as http:
        for seed in range(4):
            at_once = Random(seed).sample(every, len(every))
            answers = await asyncio.gather(*(ask(http, settings, asked) for asked in at_once))
            for (actor, document), answer in zip(at_once, answers, strict=True):
                assert answer == alone[actor.subject, document], f"{actor.subject} asked {document}"
            await owner.execute(
                "UPDATE statistics_version SET version = version + 1 WHERE institution_id = $1", seed + 1
            )
