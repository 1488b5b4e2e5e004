"""Batches in: order, pieces, and what came of each."""

import gzip
from datetime import date
from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from app.client import ManyRemovals, Problem, RegisterClient, Unreachable
from tests.client.conftest import CREDENTIALS, Client
from tests.client.fake import ADDRESS, FakeRegister, a_student, answers, lost, lost_after, problem, students


async def test_items_are_sent_in_pieces_each_with_a_key_of_its_own(client: Client, register: FakeRegister) -> None:
    told = await client.push(students(25), batch_items=10)
    assert [(each.batch, each.done, each.items) for each in told] == [(1, 10, 25), (2, 20, 25), (3, 25, 25)]
    assert [len(each) for each in register.bodies] == [10, 10, 5]
    assert len(register.reports) == 3
    assert register.applied == {f"S-{number}": 1 for number in range(25)}


async def test_a_piece_has_no_more_bytes_than_wished_for_unless_it_is_one_item(
    client: Client, register: FakeRegister
) -> None:
    items = [*students(4), a_student("S-long", note="x" * 500), *students(4, start=4)]
    await client.push(items, batch_bytes=200)
    sizes = [len(gzip.decompress(each.content)) for each in register.requests if "idempotency-key" in each.headers]
    assert len(sizes) > 3
    assert all(size <= 200 or len(body) == 1 for size, body in zip(sizes, register.bodies, strict=True))
    assert len(register.applied) == 9


async def test_what_is_referred_to_goes_ahead(client: Client, register: FakeRegister) -> None:
    items = [
        {"op": "delete", "type": "student", "external_id": "S-old"},
        {"op": "delete", "type": "risk", "external_id": "R-old"},
        {"op": "discontinue", "type": "plan", "external_id": "P-2", "data": {"reason": "left"}},
        {"type": "outcome", "external_id": "O-1"},
        {"type": "intervention", "external_id": "I-1"},
        {"op": "submit", "type": "plan", "external_id": "P-1"},
        {"type": "plan", "external_id": "P-1"},
        {"type": "risk", "external_id": "R-1"},
        a_student("S-1"),
        {"type": "what-nobody-knows", "external_id": "?"},
    ]
    await client.push(items, batch_items=1)
    assert [body[0]["external_id"] for body in register.bodies] == [
        "S-1",
        "R-1",
        "P-1",
        "P-1",
        "I-1",
        "O-1",
        "P-2",
        "R-old",
        "S-old",
        "?",
    ]
    assert [body[0].get("op") for body in register.bodies][2:4] == [None, "submit"]


async def test_a_rejection_says_which_item_it_was(client: Client, register: FakeRegister) -> None:
    register.wrong = {"R-3", "S-1"}
    items = [{"type": "risk", "external_id": "R-3"}, a_student("S-0"), a_student("S-1")]
    told = await client.push(items, batch_items=2)
    rejected = [each for progress in told for each in progress.rejected]
    assert [(each.position, each.item) for each in rejected] == [(2, items[2]), (0, items[0])]
    assert rejected[0].violations[0].code == "out-of-range"
    assert told[0].report.counts["student"].created == 1
    assert told[0].report.counts["student"].rejected == 1


async def test_every_rejection_is_asked_for(client: Client, register: FakeRegister) -> None:
    register.page = 3
    register.wrong = {f"S-{number}" for number in range(8)}
    [told] = await client.push(students(10))
    assert [each.position for each in told.rejected] == list(range(8))
    report = await client.report(told.report.id)
    assert [each.line for each in report.rejected] == list(range(1, 9))


async def test_all_or_nothing_goes_in_one_piece_and_tells_why_it_was_refused(
    client: Client, register: FakeRegister
) -> None:
    register.wrong = {"S-7"}
    [told] = await client.push(students(30), atomic="all", batch_items=10)
    assert told.report.state == "REFUSED"
    assert [each.position for each in told.rejected] == [7]
    assert not register.applied


async def test_a_trial_keeps_nothing(client: Client, register: FakeRegister) -> None:
    [told] = await client.push(students(3), mode="validate", batch_items=1)
    assert told.report.state == "VALIDATED"
    assert not register.applied


async def test_nothing_is_sent_where_there_is_nothing(client: Client, register: FakeRegister) -> None:
    assert await client.push([]) == []
    assert register.bodies == []


async def test_dates_and_amounts_are_written_as_the_register_reads_them(client: Client, register: FakeRegister) -> None:
    data = {"on": date(2021, 10, 11), "hours": Decimal("1.50"), "risk": {"id": UUID(int=1)}}
    await client.push([{"type": "intervention", "external_id": "I-ā", "data": data}])
    assert register.bodies[0][0] == {
        "type": "intervention",
        "external_id": "I-ā",
        "data": {"on": "2021-10-11", "hours": "1.50", "risk": {"id": "00000000-0000-0000-0000-000000000001"}},
    }


async def test_what_json_does_not_have_is_an_error_before_anything_is_sent(
    client: Client, register: FakeRegister
) -> None:
    with pytest.raises(TypeError, match="set"):
        await client.push([a_student("S-1"), a_student("S-2", marks={1, 2})])
    assert register.bodies == []


async def test_a_lost_connection_is_no_loss_and_nothing_is_applied_twice(
    client: Client, register: FakeRegister
) -> None:
    running = problem(409, "batch-running", {"Retry-After": "0"})
    busy = problem(429, "too-many-requests", {"Retry-After": "0"})
    register.acts = [
        lost,
        lost_after(register),
        answers(running),
        answers(busy),
        answers(httpx.Response(502, text="<html>")),
    ]
    told = await client.push(students(5))
    assert told[-1].done == 5
    assert set(register.applied.values()) == {1}
    keys = [each.headers["idempotency-key"] for each in register.requests if "idempotency-key" in each.headers]
    assert len(keys) == 6
    assert len(set(keys)) == 1


async def test_a_batch_that_is_still_running_is_waited_for_longer_than_any_failure(
    client: Client, register: FakeRegister
) -> None:
    running = problem(409, "batch-running", {"Retry-After": "0"})
    register.acts = [answers(running)] * 20
    [told] = await client.push(students(1))
    assert told.report.state == "APPLIED"


async def test_what_does_not_come_back_is_given_up(client: Client, register: FakeRegister) -> None:
    register.acts = [lost] * 20
    with pytest.raises(Unreachable, match="after 5 attempts: ConnectError: refused"):
        await client.push(students(1))


async def test_an_outage_that_does_not_end_is_told_as_it_was_answered(client: Client, register: FakeRegister) -> None:
    register.acts = [answers(problem(503, "unavailable"))] * 20
    with pytest.raises(Problem, match="503 unavailable") as refused:
        await client.push(students(1))
    assert refused.value.code == "unavailable"


async def test_a_refusal_is_not_repeated(client: Client, register: FakeRegister) -> None:
    violation = {"pointer": "", "code": "body-invalid", "message": "Not gzip."}
    register.acts = [answers(problem(422, "body-invalid", violations=[violation]))]
    with pytest.raises(Problem, match=r"422 body-invalid: As was said\. /: Not gzip\.") as refused:
        await client.push(students(1))
    assert refused.value.violations[0].code == "body-invalid"
    assert len([each for each in register.requests if "idempotency-key" in each.headers]) == 1


async def test_a_snapshot_is_one_set(client: Client, register: FakeRegister) -> None:
    report = await client.snapshot(students(3), type="student", institution=7, semester="2021-1", mode="validate")
    request = register.requests[-1]
    assert request.url.path == "/v1/sync/snapshots"
    assert dict(request.url.params) == {"type": "student", "institution": "7", "semester": "2021-1", "mode": "validate"}
    assert report.items == 3


async def test_an_unusual_removal_is_raised_with_its_number(client: Client, register: FakeRegister) -> None:
    register.acts = [answers(problem(409, "many-removals", removals=["S-1", "S-2"], count=2))]
    with pytest.raises(ManyRemovals) as refused:
        await client.snapshot(students(1), type="student", semester="2021-1")
    assert (refused.value.count, refused.value.removals) == (2, ("S-1", "S-2"))


async def test_the_schema(client: Client) -> None:
    schema = await client.schema()
    assert [each.type for each in schema.types][:2] == ["institution", "student"]
    assert schema.limits == {"items": 1_000_000}


async def test_the_order_is_asked_for_once(register: FakeRegister) -> None:
    with httpx.Client(transport=httpx.MockTransport(register)) as http:
        client = RegisterClient(ADDRESS, CREDENTIALS, http=http)
        for start in (0, 10):
            assert len(list(client.push(students(3, start)))) == 1
    assert [each.url.path for each in register.requests].count("/v1/sync/schema") == 1


async def test_who_stops_listening_stops_sending(register: FakeRegister) -> None:
    with httpx.Client(transport=httpx.MockTransport(register)) as http:
        for _ in RegisterClient(ADDRESS, CREDENTIALS, http=http).push(students(30), batch_items=10):
            break
    assert len(register.bodies) == 1
