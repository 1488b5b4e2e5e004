"""`risk-register follow`: lines and cursor, whatever happens between them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.client.locks import taken
from tests.cli.conftest import Command, serve
from tests.client.fake import problem
from tests.client.test_following import FakeFeed, told, two_pages
from tests.client.test_replica import ENDS, student


@pytest.fixture
def feed() -> FakeFeed:
    return two_pages()


@pytest.fixture
def command(feed: FakeFeed) -> Iterator[Command]:
    server = serve(feed)
    yield Command(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


def ops(text: str) -> list[Any]:
    return [json.loads(line)["op"] for line in text.splitlines()]


def test_the_feed_on_standard_output(command: Command) -> None:
    done = command("follow", "--once")
    assert done.exit_code == 0, done.output
    assert ops(done.stdout) == ["load-begins", "upsert", "upsert", "load-ends"]


def test_the_next_run_goes_on_where_the_last_one_was(command: Command, feed: FakeFeed, tmp_path: Path) -> None:
    output, cursor = tmp_path / "changes.ndjson", tmp_path / "cursor"
    assert command("follow", "--once", "--output", output, "--cursor", cursor).exit_code == 0
    feed.pages["2"] = told(student("t"), cursor="3")
    feed.pages["3"] = told(cursor="3")
    assert command("follow", "--once", "--output", output, "--cursor", cursor).exit_code == 0
    assert ops(output.read_text()) == ["load-begins", "upsert", "upsert", "load-ends", "upsert"]
    assert json.loads(cursor.read_text()) == {"cursor": "3", "size": output.stat().st_size}


def test_lines_that_the_cursor_does_not_know_are_cut_off(command: Command, feed: FakeFeed, tmp_path: Path) -> None:
    output, cursor = tmp_path / "changes.ndjson", tmp_path / "cursor"
    feed.acts = [lambda _: httpx.Response(200, json=feed.pages[""]), lambda _: problem(500, "internal-error")]
    done = command("follow", "--once", "--output", output, "--cursor", cursor)
    assert (done.exit_code, json.loads(cursor.read_text())["cursor"]) == (2, "1")
    # As if it had died between the lines of the second page and its cursor.
    with output.open("a") as file:
        file.write(json.dumps(ENDS) + "\n" + '{"op": "upse')
    assert command("follow", "--once", "--output", output, "--cursor", cursor).exit_code == 0
    assert ops(output.read_text()) == ["load-begins", "upsert", "upsert", "load-ends"]


def test_an_expired_cursor_leads_to_a_new_load(command: Command, feed: FakeFeed, tmp_path: Path) -> None:
    cursor = tmp_path / "cursor"
    cursor.write_text('{"cursor": "of-another-epoch", "size": 0}')
    done = command("follow", "--once", "--cursor", cursor)
    assert (done.exit_code, ops(done.stdout)[0]) == (0, "load-begins")
    assert [each.get("cursor") for each in feed.asked] == ["of-another-epoch", None, "1"]


def test_filters(command: Command, feed: FakeFeed) -> None:
    command("follow", "--once", "--type", "plan", "--institution", 3, "--institution", 4, "--limit", 50)
    assert feed.asked[0].get_list("institution_id") == ["3", "4"]
    assert dict(feed.asked[0]) | {"institution_id": ""} == {"limit": "50", "type": "plan", "institution_id": ""}


def test_a_file_that_is_no_cursor_is_left_alone(command: Command, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear register,")
    done = command("follow", "--once", "--cursor", letter)
    assert done.exit_code == 2
    assert "no file of a cursor" in done.output
    assert letter.read_text() == "Dear register,"


@pytest.mark.parametrize(
    "content", ['{"cursor": 5, "size": 0}', '{"cursor": "1", "size": -1}', '{"cursor": "1"}', '["1", 0]', "\xff"]
)
def test_what_only_looks_like_a_cursor_cuts_nothing_off(command: Command, tmp_path: Path, content: str) -> None:
    output, cursor = tmp_path / "changes.ndjson", tmp_path / "cursor"
    output.write_text("{}\n")
    cursor.write_bytes(content.encode("latin-1"))
    assert command("follow", "--once", "--output", output, "--cursor", cursor).exit_code == 2
    assert (output.read_text(), cursor.read_bytes()) == ("{}\n", content.encode("latin-1"))


@pytest.mark.parametrize("size", [0, 5])
def test_a_file_that_the_cursor_does_not_belong_to_is_left_alone(command: Command, tmp_path: Path, size: int) -> None:
    output, cursor = tmp_path / "letter.txt", tmp_path / "cursor"
    output.write_text("Dear register,\n")
    cursor.write_text(json.dumps({"cursor": "1", "size": size}))
    done = command("follow", "--once", "--output", output, "--cursor", cursor)
    assert done.exit_code == 2
    assert "not what was written up to this cursor" in done.output
    assert output.read_text() == "Dear register,\n"


def test_output_and_cursor_are_two_files_for_their_owner_alone_and_no_links(command: Command, tmp_path: Path) -> None:
    output, cursor, link = tmp_path / "changes.ndjson", tmp_path / "cursor", tmp_path / "link"
    assert "two files" in command("follow", "--once", "--output", cursor, "--cursor", cursor).output
    assert command("follow", "--once", "--output", output, "--cursor", cursor).exit_code == 0
    assert [each.stat().st_mode & 0o777 for each in (output, cursor)] == [0o600, 0o600]
    link.symlink_to(tmp_path / "other")
    assert "is a link" in command("follow", "--once", "--output", link).output
    assert "is a link" in command("follow", "--once", "--cursor", link).output
    assert "No such file" in command("follow", "--once", "--output", tmp_path / "missing" / "changes").output
    assert not (tmp_path / "other").exists()


def test_a_file_without_a_cursor_is_not_overwritten(command: Command, tmp_path: Path) -> None:
    output = tmp_path / "changes.ndjson"
    output.write_text("something else\n")
    done = command("follow", "--once", "--output", output, "--cursor", tmp_path / "cursor")
    assert done.exit_code == 2
    assert output.read_text() == "something else\n"


def test_two_followers_do_not_write_to_one_file(command: Command, feed: FakeFeed, tmp_path: Path) -> None:
    with (tmp_path / "changes.ndjson").open("ab") as held:
        assert not taken(held)
        done = command("follow", "--once", "--output", tmp_path / "changes.ndjson")
    assert done.exit_code == 2
    assert "Another process" in done.output
    assert feed.asked == []
