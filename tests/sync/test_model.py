"""Whatever is sent, in whatever order, twice or once more: what the register holds equals a dictionary."""

import asyncio
from collections.abc import Coroutine
from itertools import count
from typing import Any, TypeVar

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.api.delivered import active_plan
from tests.factories import Json, World, a_person
from tests.sync import records
from tests.sync.batches import consultation, item, ndjson, send
from tests.sync.model import NO_PURPOSE, ORDER, Kept, Wish, applied

Result = TypeVar("Result")
_runs = count(1)

STUDENTS = {f"{person}{alias}": person for person in "abc" for alias in (1, 2)}
"""Each person is known to the source by two ids."""
NAMES, SEVERITIES, HOURS = ("Ozola", "Kalniņa"), ("LOW", "HIGH"), ("1.00", "1.50", "2.00", NO_PURPOSE)
PLANS = 2

wishes = st.one_of(
    st.builds(
        lambda key, name: Wish("upsert", "student", key, STUDENTS[key], name),
        st.sampled_from(sorted(STUDENTS)),
        st.sampled_from(NAMES),
    ),
    st.builds(
        Wish,
        st.just("upsert"),
        st.just("risk"),
        st.sampled_from("rstu"),
        st.sampled_from(sorted(STUDENTS)),
        st.sampled_from(SEVERITIES),
    ),
    st.builds(
        Wish,
        st.just("upsert"),
        st.just("intervention"),
        st.sampled_from("ijklm"),
        st.integers(0, PLANS - 1),
        st.sampled_from(HOURS),
    ),
    st.builds(Wish, st.just("delete"), st.just("student"), st.sampled_from(sorted(STUDENTS)), st.just(""), st.just("")),
    st.builds(Wish, st.just("delete"), st.just("risk"), st.sampled_from("rstu"), st.just(""), st.just("")),
    st.builds(Wish, st.just("delete"), st.just("intervention"), st.sampled_from("ijklm"), st.just(0), st.just("")),
)
batches = st.lists(wishes, min_size=1, max_size=12)


@pytest.fixture(scope="module")
async def loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


@pytest.fixture(scope="module")
async def plans(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> list[Json]:
    return [await active_plan(http, world, owner) for _ in range(PLANS)]


class Machine(RuleBasedStateMachine):
    loop: asyncio.AbstractEventLoop
    http: httpx.AsyncClient
    world: World
    owner: asyncpg.Connection
    plans: list[Json]

    def __init__(self) -> None:
        super().__init__()
        self.run = f"m{next(_runs)}-"
        self.people = {person: a_person() for person in "abc"}
        self.kept = Kept()
        self.sent: list[tuple[str, bytes, dict[str, Any], list[Wish], Json, int]] = []
        # Past the register, which then cannot know of it.
        self.wait(self.owner.execute("DELETE FROM intervention; SELECT statistics_rebuild()"))

    def wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(work)

    # What is sent.

    @rule(
        wanted=batches,
        mode=st.sampled_from(["commit", "commit", "validate"]),
        atomic=st.sampled_from(["item", "item", "all"]),
    )
    def batch(self, wanted: list[Wish], mode: str, atomic: str) -> None:
        self.deliver(wanted, {"mode": mode, "atomic": atomic})

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def the_same_again(self, data: st.DataObject) -> None:
        """Under its key: answered as it was then, and nothing is done."""
        key, body, how, _, answer, status = data.draw(st.sampled_from(self.sent))
        again = self.wait(send(self.http, self.world, body, key=key, **how))
        assert (again.status_code, again.headers["Idempotency-Replayed"]) == (status, "true")
        assert (again.json()["batch"] if status == httpx.codes.UNPROCESSABLE_ENTITY else again.json()) == answer

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def the_same_under_another_key(self, data: st.DataObject) -> None:
        *_, wanted, _, _ = data.draw(st.sampled_from(self.sent))
        self.deliver(wanted, {})

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def the_same_in_another_order(self, data: st.DataObject) -> None:
        *_, wanted, _, _ = data.draw(st.sampled_from(self.sent))
        self.deliver(data.draw(st.permutations(wanted)), {})

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), wanted=batches)
    def another_batch_under_a_key_that_is_taken(self, data: st.DataObject, wanted: list[Wish]) -> None:
        key, body, how, *_ = data.draw(st.sampled_from(self.sent))
        if (other := ndjson(map(self.said, wanted))) != body:
            answer = self.wait(send(self.http, self.world, other, key=key, **how))
            assert answer.json()["type"] == "/problems/idempotency-key-reused"

    # What people do meanwhile.

    @precondition(lambda self: self.kept.interventions)
    @rule(data=st.data(), hours=st.sampled_from(HOURS[:-1]))
    def a_person_changes_one(self, data: st.DataObject, hours: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.kept.interventions)))
        path, headers = self.wait(self.found(key))
        answer = self.wait(self.http.patch(path, json={"hours": hours}, headers=headers))
        assert answer.status_code == httpx.codes.OK, answer.text
        self.kept.interventions[key] = self.kept.interventions[key][0], hours

    @precondition(lambda self: self.kept.interventions)
    @rule(data=st.data())
    def a_person_deletes_one(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.kept.interventions)))
        path, headers = self.wait(self.found(key))
        answer = self.wait(self.http.delete(path, headers=headers))
        assert answer.status_code == httpx.codes.NO_CONTENT, answer.text
        del self.kept.interventions[key]

    # What is there.

    @invariant()
    def the_register_equals_the_dictionary(self) -> None:
        assert self.wait(self.there()) == self.kept

    async def there(self) -> Kept:
        kept = Kept()
        for row in await self.keys("student", "student_id", "student_id"):
            person = STUDENTS[row["key"]]
            kept.students[row["key"]] = person
            found = await self.http.get(f"/v1/students/{row['student_id']}/person", headers=self.head)
            kept.names[person] = found.json()["family_name"]
        whose = {
            row["student_id"]: STUDENTS[row["key"]] for row in await self.keys("student", "student_id", "student_id")
        }
        assert len(set(whose)) == len(kept.names), "one person is two students"
        for row in await self.keys("risk", "id", "student_id, t.severity"):
            kept.risks[row["key"]] = whose[row["student_id"]], row["severity"]
        places = {each["id"]: place for place, each in enumerate(self.plans)}
        for row in await self.keys("intervention", "id", "plan_id, t.hours"):
            kept.interventions[row["key"]] = places[str(row["plan_id"])], str(row["hours"])
        assert await self.owner.fetchval("SELECT count(*) FROM intervention") == len(kept.interventions)
        return kept

    async def keys(self, table: str, key: str, columns: str) -> list[asyncpg.Record]:
        found = await self.owner.fetch(
            f"SELECT substr(k.external_id, $2) AS key, t.{columns} FROM source_key AS k JOIN {table} AS t ON t.{key} = k.record_id"  # noqa: S608
            " WHERE k.type = $3 AND starts_with(k.external_id, $1)",
            self.run,
            len(self.run) + 1,
            table,
        )
        return list(found)

    @property
    def head(self) -> dict[str, str]:
        return self.world.head(self.world.school)

    async def found(self, key: str) -> tuple[str, dict[str, str]]:
        query = "SELECT i.id, i.version FROM source_key AS k JOIN intervention AS i ON i.id = k.record_id WHERE k.external_id = $1"
        row = await self.owner.fetchrow(query, self.run + key)
        headers = self.world.coordinator(self.world.school)
        return f"/v1/interventions/{row['id']}", {**headers, "If-Match": f'"{row["version"]}"'}

    def said(self, wish: Wish) -> Json:
        key = self.run + wish.key
        if wish.op == "delete":
            return item(wish.type, key, op="delete")
        if wish.type == "student":
            return item("student", key, {"person": self.people[str(wish.about)] | {"family_name": wish.value}})
        if wish.type == "risk":
            data = records.risk("")["data"] | {"student": self.run + str(wish.about), "severity": wish.value}
            return item("risk", key, data)
        plan = self.plans[int(wish.about)]
        said = {"purpose": NO_PURPOSE} if wish.value == NO_PURPOSE else {"hours": wish.value}
        return item("intervention", key, consultation(plan, attendance="ILL", **said))

    def deliver(self, wanted: list[Wish], how: dict[str, Any]) -> None:
        body, key = ndjson(map(self.said, wanted)), f"{self.run}{len(self.sent)}"
        expected = applied(self.kept, wanted)
        answer = self.wait(send(self.http, self.world, body, key=key, **how))
        refused = how.get("atomic") == "all" and bool(expected.rejected)
        assert answer.status_code == (422 if refused else 200), answer.text
        report = answer.json()["batch"] if refused else answer.json()
        assert report["counts"] == {each: expected.counts[each] for each in ORDER if each in expected.counts}
        told = [(each["line"], found["code"]) for each in report["rejected"] for found in each["violations"]]
        assert told == expected.rejected
        if not refused and how.get("mode") != "validate":
            self.kept = expected.kept
        self.sent.append((key, body, how, wanted, report, answer.status_code))


def test_the_register_is_a_dictionary(
    loop: asyncio.AbstractEventLoop,
    http: httpx.AsyncClient,
    world: World,
    owner: asyncpg.Connection,
    plans: list[Json],
) -> None:
    here = {"loop": loop, "http": http, "world": world, "owner": owner, "plans": plans}
    run_state_machine_as_test(
        type("Here", (Machine,), here),
        settings=settings(
            max_examples=20,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],  # each step is a request: to look for a shorter failure would take minutes
        ),
    )
