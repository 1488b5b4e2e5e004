"""A run that was killed goes on where it was, and applies nothing twice."""

import json
from pathlib import Path

import pytest

from app.client import BadJournal, Unreachable
from app.client.locks import taken
from tests.client.conftest import Client
from tests.client.fake import FakeRegister, lost, lost_after, students


class Killed(BaseException):
    """As by a signal: nobody catches it."""


def killed(_request: object) -> None:
    raise Killed


async def test_what_was_acknowledged_is_not_sent_again(client: Client, register: FakeRegister, tmp_path: Path) -> None:
    journal = tmp_path / "night.journal"
    register.acts = [lambda _: None, lambda _: None, killed]
    with pytest.raises(Killed):
        await client.push(students(50), batch_items=10, journal=journal)
    before = len(register.requests)
    told = await client.push(students(50), batch_items=10, journal=journal)
    assert [each.resumed for each in told] == [True, True, False, False, False]
    assert [each.done for each in told] == [10, 20, 30, 40, 50]
    sent = [each for each in register.requests[before:] if "idempotency-key" in each.headers]
    assert len(sent) == 3
    assert set(register.applied.values()) == {1}


async def test_what_was_applied_and_never_acknowledged_is_sent_under_the_same_key(
    client: Client, register: FakeRegister, tmp_path: Path
) -> None:
    journal = tmp_path / "night.journal"
    register.acts = [lost_after(register), killed]
    with pytest.raises(Killed):
        await client.push(students(5), journal=journal)
    assert register.applied == {f"S-{number}": 1 for number in range(5)}
    [told] = await client.push(students(5), journal=journal)
    assert not told.resumed
    assert set(register.applied.values()) == {1}


async def test_rejections_of_the_first_part_are_told_again(
    client: Client, register: FakeRegister, tmp_path: Path
) -> None:
    journal = tmp_path / "night.journal"
    register.wrong = {"S-1", "S-3"}
    register.acts = [lambda _: None, *[lost] * 5]
    with pytest.raises(Unreachable):
        await client.push(students(4), batch_items=2, journal=journal)
    told = await client.push(students(4), batch_items=2, journal=journal)
    assert [each.position for progress in told for each in progress.rejected] == [1, 3]


async def test_a_run_that_came_to_its_end_is_followed_by_a_new_one(
    client: Client, register: FakeRegister, tmp_path: Path
) -> None:
    journal = tmp_path / "night.journal"
    await client.push(students(4), journal=journal)
    [told] = await client.push(students(4), journal=journal)
    assert not told.resumed
    assert len(register.reports) == 2


async def test_what_has_changed_meanwhile_is_sent(client: Client, register: FakeRegister, tmp_path: Path) -> None:
    journal = tmp_path / "night.journal"
    register.acts = [lambda _: None, killed]
    with pytest.raises(Killed):
        await client.push(students(4), batch_items=2, journal=journal)
    changed = [{**each, "data": {"institution": 2}} for each in students(2)]
    told = await client.push([*changed, *students(2, start=2)], batch_items=2, journal=journal)
    assert [each.resumed for each in told] == [False, False]
    assert register.applied["S-0"] == 2


async def test_a_torn_last_line_is_sent_again(client: Client, register: FakeRegister, tmp_path: Path) -> None:
    journal = tmp_path / "night.journal"
    register.acts = [lambda _: None, lambda _: None, killed]
    with pytest.raises(Killed):
        await client.push(students(6), batch_items=2, journal=journal)
    journal.write_bytes(journal.read_bytes()[:-20])
    told = await client.push(students(6), batch_items=2, journal=journal)
    assert [each.resumed for each in told] == [True, False, False]
    assert set(register.applied.values()) == {1}
    assert [json.loads(line) for line in journal.read_bytes().splitlines()][-1] == {"finished": True}


async def test_a_journal_of_another_run_is_not_overwritten(
    client: Client, register: FakeRegister, tmp_path: Path
) -> None:
    journal = tmp_path / "night.journal"
    register.acts = [killed]
    with pytest.raises(Killed):
        await client.push(students(4), journal=journal)
    torn = journal.read_bytes() + b'{"batch": "9f'
    journal.write_bytes(torn)
    with pytest.raises(BadJournal, match="other settings"):
        await client.push(students(4), journal=journal, mode="validate")
    assert journal.read_bytes() == torn


async def test_a_file_of_something_else_is_left_alone(client: Client, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear register,\n")
    with pytest.raises(BadJournal, match="no journal"):
        await client.push(students(4), journal=letter)
    assert letter.read_text() == "Dear register,\n"


OTHER_EVENTS = [
    '{"type": "student", "external_id": "S-1", "data": {}}\n{"type": "stu',
    '{"run": "r-1"}\n',
    '{"run": 1, "settings": {}}\n',
    '{"run": ' + "9" * 20_000,
]


@pytest.mark.parametrize("content", OTHER_EVENTS)
async def test_what_only_looks_like_a_journal_is_left_alone(client: Client, tmp_path: Path, content: str) -> None:
    items = tmp_path / "items.ndjson"
    items.write_text(content)
    with pytest.raises(BadJournal, match="no journal"):
        await client.push(students(4), journal=items)
    assert items.read_text() == content


async def test_a_journal_is_for_its_owner_alone_and_no_link(client: Client, tmp_path: Path) -> None:
    journal, link, other = tmp_path / "night.journal", tmp_path / "link", tmp_path / "other"
    await client.push(students(2), journal=journal)
    assert journal.stat().st_mode & 0o777 == 0o600
    link.symlink_to(other)
    with pytest.raises(BadJournal, match="is a link"):
        await client.push(students(2), journal=link)
    assert not other.exists()
    with pytest.raises(BadJournal, match="cannot be a journal: No such file"):
        await client.push(students(2), journal=tmp_path / "missing" / "night.journal")


async def test_a_journal_that_was_just_being_begun_is_begun_anew(client: Client, tmp_path: Path) -> None:
    journal = tmp_path / "night.journal"
    for torn in (b"", b"{", b'{"run": "6d2'):
        journal.write_bytes(torn)
        [told] = await client.push(students(2), journal=journal)
        assert not told.resumed


async def test_two_nights_do_not_share_a_journal(client: Client, register: FakeRegister, tmp_path: Path) -> None:
    journal = tmp_path / "night.journal"
    with journal.open("ab") as held:
        assert not taken(held)
        with pytest.raises(BadJournal, match="Another process is at work"):
            await client.push(students(2), journal=journal)
    assert register.bodies == []
    await client.push(students(2), journal=journal)
    assert len(register.bodies) == 1
