"""An active plan, and what is delivered under it."""

from typing import Any

import asyncpg
import httpx

from app.domain.ids import InstitutionId
from tests.api.plan_chain import activated, draft
from tests.factories import Json, World

ACTIVE_SINCE = "2021-10-04"


async def active_plan(
    http: httpx.AsyncClient,
    world: World,
    owner: asyncpg.Connection,
    institution_id: InstitutionId | None = None,
    **stated: Any,
) -> Json:
    """Active since 4 October: activation takes place on the register's day, and these tests need days behind it."""
    plan = await activated(http, world, await draft(http, world, institution_id or world.school, **stated))
    await owner.execute(
        "UPDATE plan SET activated_on = $2::text::date WHERE id = $1::text::uuid", plan["id"], ACTIVE_SINCE
    )
    return plan | {"activated_on": ACTIVE_SINCE}


def consultation(plan: Json, **stated: Any) -> Json:
    """One and a half hours of mathematics, in person."""
    return {
        "plan_id": plan["id"],
        "risk_id": plan["risk_ids"][0],
        "purpose": "REMEDIAL",
        "support_measure": "SUBJECT_CONSULTATION",
        "subject": "MATHEMATICS",
        "hours": "1.50",
        "on": "2021-10-11",
        "mode": "IN_PERSON",
        "staff_member": "T-001",
        **stated,
    }


def meals(plan: Json, **stated: Any) -> Json:
    return {
        "plan_id": plan["id"],
        "risk_id": plan["risk_ids"][0],
        "purpose": "PREVENTIVE",
        "support_measure": "MEALS",
        "eur": "22.5",
        "on": "2021-10-11",
        "to": "2021-10-15",
        **stated,
    }


async def recorded(http: httpx.AsyncClient, path: str, body: Json, headers: dict[str, str]) -> Json:
    answer = await http.post(path, json=body, headers=headers)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    assert answer.headers["Location"] == f"{path}/{answer.json()['id']}"
    return dict(answer.json())


def seen(headers: dict[str, str], version: int) -> dict[str, str]:
    return {**headers, "If-Match": f'"{version}"'}


def wrong(answer: httpx.Response) -> set[tuple[str, str]]:
    """Where and what, of an answer that refuses data."""
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY, answer.text
    return {(each["pointer"], each["code"]) for each in answer.json()["violations"]}
