"""Whoever exports gets what their list has, and no more; and the audit names everybody of whom it told."""

import asyncpg
import httpx
import pytest

from app.domain.actors import Role
from tests.api.delivered import active_plan, consultation, recorded
from tests.api.outcomes import of_plan, of_year
from tests.api.replica import LISTS
from tests.api.test_audit import kept, quoting
from tests.factories import Json, World, register_student

NOUNS = [noun for noun in LISTS if noun != "student"]
HANDED_OVER = (
    "INSERT INTO student_access (student_id, owner_id, institution_id, reason, valid_from)"
    " VALUES ($1::text::uuid, $2, $3, 'TRANSFER', '2021-11-01')"
)


@pytest.fixture(scope="module")
async def plans(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> dict[str, Json]:
    """One at each school, one that was handed over from the first to the second, and one that is restricted."""
    made = {}
    for name, school in (
        ("own", world.school),
        ("other", world.other_school),
        ("handed", world.school),
        ("restricted", world.school),
    ):
        coordinator = world.coordinator(school)
        plan = made[name] = await active_plan(http, world, owner, school)
        await recorded(http, "/v1/interventions", consultation(plan), coordinator)
        await recorded(http, "/v1/outcomes", of_plan(plan), coordinator)
        await recorded(http, "/v1/outcomes", of_year(plan["student_id"], school), coordinator)
    for name in ("handed", "restricted"):
        await owner.execute(HANDED_OVER, made[name]["student_id"], world.school, world.other_school)
    answer = await http.post(
        f"/v1/students/{made['restricted']['student_id']}/restriction",
        json={"reason": "Iebildums"},
        headers=world.head(world.school),
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    return made


def sees(world: World) -> dict[str, tuple[dict[str, str], set[str]]]:
    """Each reader, and whose plans it sees."""
    return {
        "head": (world.head(world.school), {"own", "handed", "restricted"}),
        "system": (world.sync(world.school), {"own", "handed", "restricted"}),
        "provider": (world.provider(world.school), {"own", "handed"}),
        "another provider": (world.provider(world.school, "T-9"), set()),
        "receiving school": (world.head(world.other_school), {"other", "handed"}),
        "municipality": (world.municipality(world.madona), {"own", "handed"}),
        "authority": (world.authority(), {"own", "other", "handed", "restricted"}),
        "college": (world.head(world.college), set()),
    }


READERS = ("head", "system", "provider", "another provider", "receiving school", "municipality", "authority", "college")


@pytest.mark.parametrize("reader", READERS)
async def test_an_export_is_the_whole_list(
    http: httpx.AsyncClient, world: World, plans: dict[str, Json], reader: str
) -> None:
    headers, names = sees(world)[reader]
    for noun in NOUNS:
        listed = (await http.get(f"/v1/{LISTS[noun]}?limit=200", headers=headers)).json()["items"]
        answer = await http.get(f"/v1/{LISTS[noun]}/export?format=ndjson", headers=headers)
        assert answer.status_code == httpx.codes.OK
        found = sorted(line[7:43] for line in answer.text.splitlines())
        assert found == sorted(each["id"] for each in listed), noun
        if noun == "intervention":
            mine = {plans[name]["student_id"] for name in names}
            assert {each["student_id"] for each in listed} == mine


@pytest.mark.parametrize("form", ["csv", "ndjson"])
async def test_the_audit_names_everybody(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, plans: dict[str, Json], form: str
) -> None:
    for noun in NOUNS:
        quoted = f"export-{form}-of-{noun}"
        headers = quoting(world.authority(), quoted)
        answer = await http.get(f"/v1/{LISTS[noun]}/export", params={"format": form}, headers=headers)
        (entry,) = await kept(owner, quoted)
        assert (entry["action"], entry["noun"], entry["outcome"]) == ("LIST", noun, "DONE")
        assert set(entry["institution_ids"]) == {world.school, world.other_school}
        assert {plan["student_id"] for plan in plans.values()} == {str(each) for each in entry["student_ids"]}
        assert all(str(each) in answer.text for each in entry["student_ids"])


async def test_whoever_looks_for_a_student_is_kept_though_nothing_was_found(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    student_id = await register_student(http, world, world.school)
    headers = quoting(world.head(world.school), "export-of-nobody")
    assert (await http.get(f"/v1/plans/export?student_id={student_id}", headers=headers)).is_success
    (entry,) = await kept(owner, "export-of-nobody")
    assert [str(each) for each in entry["student_ids"]] == [student_id]
    assert entry["institution_ids"] == []


async def test_outside_roles_export_nothing(http: httpx.AsyncClient, world: World) -> None:
    analyst = world.bearer(Role.ANALYST)
    for noun in NOUNS:
        assert (await http.get(f"/v1/{LISTS[noun]}/export", headers=analyst)).status_code == httpx.codes.FORBIDDEN
