"""Two students found to be one person become one: nothing is lost, nobody sees more, and what contradicts is refused."""

from collections import Counter
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.db.tables import metadata
from app.domain.actors import Role
from tests.api.merging import REASON, merge, merged, recorded_twice, two_of
from tests.factories import Json, World, a_person, draft_plan, enrol, identify_risk, register_student

ABOUT = [
    table.fullname for table in metadata.sorted_tables if "student_id" in table.c and table.name != "student_alias"
]


async def rows(owner: asyncpg.Connection, *students: str) -> Counter[str]:
    """How many rows each table has about these students."""
    counted: Counter[str] = Counter()
    for table in ABOUT:
        query = f"SELECT count(*) FROM {table} WHERE student_id = ANY ($1::uuid[])"  # noqa: S608 - our own tables
        counted[table] = await owner.fetchval(query, list(students))
    return counted


def codes(answer: httpx.Response) -> set[tuple[str, str]]:
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/merge-conflicts"), answer.text
    return {(each["pointer"], each["code"]) for each in answer.json()["violations"]}


async def test_everything_of_both_is_the_elders_and_nothing_is_lost(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    twice = await recorded_twice(http, world, owner)
    before, theirs = await rows(owner, twice.elder, twice.younger), await rows(owner, twice.younger)
    made = await merged(http, world, twice.younger, twice.elder)
    assert (made["student_id"], made["alias_id"]) == (twice.elder, twice.younger)
    after = await rows(owner, twice.elder)
    # One student less; and one row of access more, since the one school has ended its enrolment and the other goes on.
    fewer = {"student": 1, "statistics_student": 1, "student_access": before["student_access"] + 1}
    assert {**after} == {**before, **fewer}
    assert set((await rows(owner, twice.younger)).values()) == {0}
    for name in ("enrolment", "risk", "plan", "intervention", "outcome", "outcome_result", "plan_step", "person"):
        assert made["rewritten"][name] == theirs[f"person.{name}" if name == "person" else name] > 0


async def test_records_answer_under_the_surviving_id_and_in_a_new_version(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    twice = await recorded_twice(http, world, owner)
    headers = world.coordinator(world.other_school)
    before = (await http.get(f"/v1/plans/{twice.plan['id']}", headers=headers)).json()
    await merged(http, world, twice.elder, twice.younger)
    after = await http.get(f"/v1/plans/{twice.plan['id']}", headers=headers)
    assert after.json() == before | {"student_id": twice.elder, "version": before["version"] + 1}
    person = await http.get(f"/v1/students/{twice.elder}/person", headers=headers)
    assert (person.status_code, person.json()["student_id"]) == (
        200,
        twice.elder,
    )  # sealed anew: it opens where it lies now


async def test_a_version_tells_nobody_that_there_was_a_merge(http: httpx.AsyncClient, world: World) -> None:
    """A school that registers the person afterwards reads the student in the very version in which it was answered."""
    person = a_person()
    elder = await register_student(http, world, world.school, person)
    younger = await register_student(http, world, world.other_school, {**person, "personal_code": None})
    await merged(http, world, elder, younger)
    body, headers = {"institution_id": world.college, "person": person}, world.coordinator(world.college)
    made = await http.post("/v1/students", json=body, headers=headers)
    read = await http.get(made.headers["Location"], headers=headers)
    assert (made.json()["id"], made.headers["ETag"]) == (elder, '"1"')
    assert (read.json(), read.headers["ETag"]) == (made.json(), made.headers["ETag"])


async def test_each_school_sees_its_own_and_a_settled_transfer_as_ever(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    """The one school has ended its enrolment, so the other sees what it wrote, as if the student had had one id from the start."""
    twice = await recorded_twice(http, world, owner)
    await merged(http, world, twice.elder, twice.younger)

    async def risks(headers: dict[str, str]) -> set[int]:
        found = await http.get("/v1/risks", params={"student_id": twice.elder}, headers=headers)
        return {each["institution_id"] for each in found.json()["items"]}

    assert await risks(world.coordinator(world.school)) == {world.school}
    assert await risks(world.coordinator(world.other_school)) == {world.school, world.other_school}
    assert await risks(world.coordinator(world.college)) == set()


async def test_the_code_of_the_younger_finds_the_survivor(http: httpx.AsyncClient, world: World) -> None:
    elder = await register_student(http, world, world.school, a_person(personal_code=None))
    person = a_person()
    younger = await register_student(http, world, world.other_school, person)
    await merged(http, world, elder, younger)
    search = {"personal_code": person["personal_code"]}
    found = await http.post("/v1/students/search", json=search, headers=world.coordinator(world.other_school))
    assert found.json()["id"] == elder
    assert await register_student(http, world, world.college, person) == elder


async def test_a_survivor_may_become_an_alias_in_its_turn(http: httpx.AsyncClient, world: World) -> None:
    first, second, third = [
        await register_student(http, world, each) for each in (world.school, world.other_school, world.college)
    ]
    await merged(http, world, second, third)
    assert (await merged(http, world, third, first))["alias_id"] == second
    for each in (first, second, third):
        assert (await http.get(f"/v1/students/{each}", headers=world.authority())).json()["id"] == first
    again = await merge(http, world, second, third)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/same-student")


async def test_it_is_kept_for_both_ids_and_the_access_log_tells_of_both(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    elder, younger = await two_of(http, world, world.school, given_names="Gunta")
    await merged(http, world, younger, elder)
    query = "SELECT subject, student_ids::text[] AS of, reason FROM audit_event WHERE action = 'MERGE' AND $1 = ANY (student_ids)"
    (kept,) = await owner.fetch(query, younger)
    assert tuple(kept) == ("test-programme_authority", [elder, younger], f"{younger} is {elder}: {REASON}")
    log = await http.get(f"/v1/students/{elder}/access-log", headers=world.authority())
    told = Counter((each["action"], each["noun"]) for each in log.json()["items"])
    assert (told["CREATE", "student"], told["MERGE", "student"]) == (2, 1)


async def test_whoever_was_merged_is_erased_by_either_id_and_known_by_none(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    """A tombstone for each id: a backup from before the merge knows both as students."""
    elder, younger = await two_of(http, world, world.school, given_names="Rasma")
    await merged(http, world, elder, younger)
    body = {"scope": "RECORDS", "reason": "Recorded without a basis."}
    erased = await http.post(f"/v1/students/{younger}/erasure", json=body, headers=world.authority())
    assert (erased.status_code, erased.json()["student_id"]) == (200, elder), erased.text
    for each in (elder, younger):
        assert (await http.get(f"/v1/students/{each}", headers=world.authority())).status_code == 404
    stones = await owner.fetch("SELECT student_id::text AS of FROM erasure_tombstone")
    assert {elder, younger} <= {row["of"] for row in stones}
    assert await owner.fetchval("SELECT count(*) FROM student_alias WHERE alias_id = $1", younger) == 0


async def test_equal_statements_become_one_and_different_ones_need_a_word(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    elder, younger = await two_of(http, world, world.school, given_names="Ilze")
    headers = world.coordinator(world.school)
    corrected = await http.patch(
        f"/v1/students/{younger}/person", json={"given_names": "Ilga"}, headers={**headers, "If-Match": '"1"'}
    )
    assert corrected.status_code == 200
    before = await rows(owner, elder, younger)
    assert codes(await merge(http, world, elder, younger)) == {("/keep_statements_of", "different-statements")}
    neither = await register_student(http, world, world.school)
    assert ("/keep_statements_of", "neither") in codes(
        await merge(http, world, elder, younger, keep_statements_of=neither)
    )
    assert await rows(owner, elder, younger) == before
    await merged(http, world, elder, younger, keep_statements_of=younger)
    (statement,) = await owner.fetch("SELECT version FROM person.person WHERE student_id = $1", elder)
    shown = await http.get(f"/v1/students/{elder}/person", headers=headers)
    assert (shown.json()["given_names"], shown.json()["version"]) == ("Ilga", statement["version"])
    stale = {**headers, "If-Match": '"2"'}
    refused = await http.patch(f"/v1/students/{elder}/person", json={"given_names": "Inga"}, headers=stale)
    assert refused.status_code == 412


async def test_what_contradicts_is_told_in_one_answer_and_changes_nothing(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    elder, younger = await two_of(http, world, world.school, given_names="Zita")
    made: list[Json] = []
    for each in (elder, younger):
        enrolment = await enrol(http, world, each, world.school)
        await identify_risk(http, world, each, world.school)
        made.append(await draft_plan(http, world, enrolment))
        year = {"of": "SCHOOL_YEAR", "student_id": each, "institution_id": world.school, "school_year": "2020/21"}
        outcome = year | {"recorded_on": "2021-11-12", "result": "PROMOTED"}
        answer = await http.post("/v1/outcomes", json=outcome, headers=world.coordinator(world.school))
        assert answer.status_code == 201, answer.text
    before = await rows(owner, elder, younger)
    refused = await merge(http, world, elder, younger)
    assert {code for _, code in codes(refused)} == {"same-semester", "overlapping-enrolments", "same-school-year"}
    assert all(each["id"] in refused.text for each in made)
    assert await rows(owner, elder, younger) == before
    assert (await http.get(f"/v1/students/{younger}", headers=world.authority())).json()["id"] == younger


async def test_a_restriction_is_lifted_first(http: httpx.AsyncClient, world: World) -> None:
    elder, younger = await two_of(http, world, world.school, given_names="Velta")
    address, why = f"/v1/students/{younger}/restriction", {"reason": "The guardian contests it."}
    restricted = await http.post(address, json=why, headers=world.head(world.school))
    assert restricted.status_code == 200, restricted.text
    assert codes(await merge(http, world, elder, younger)) == {("/other_id", "processing-restricted")}
    await http.post(f"{address}-lifting", json=why, headers=world.head(world.school))
    await merged(http, world, elder, younger)


async def test_only_the_authority_merges_and_only_who_is_there(http: httpx.AsyncClient, world: World) -> None:
    elder, younger = await two_of(http, world, world.school, given_names="Skaidrīte")
    body = {"other_id": younger, "reason": REASON}
    for headers in (world.head(world.school), world.bearer(Role.REGIONAL_COORDINATOR, region_code="RIGA")):
        assert (await http.post(f"/v1/students/{elder}/merge", json=body, headers=headers)).status_code == 403
    for one, other in ((str(uuid4()), younger), (elder, str(uuid4()))):
        assert (await merge(http, world, one, other)).status_code == 404


@pytest.mark.parametrize("reason", ["", None])
async def test_a_merge_has_a_reason(http: httpx.AsyncClient, world: World, reason: str | None) -> None:
    answer = await merge(http, world, str(uuid4()), str(uuid4()), reason=reason)
    assert [each["pointer"] for each in answer.json()["violations"]] == ["/reason"]
