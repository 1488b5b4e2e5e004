"""What `risk-register push` writes is none of what it reads, and nobody else's to see."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.sources.ndjson import NdjsonSource
from app.cli.sources.source import BadSource
from tests.cli.conftest import Command
from tests.cli.roster import rosters, write_roster
from tests.cli.test_push import TABLE, ndjson, students
from tests.client.fake import FakeRegister


def content(folder: Path) -> dict[Path, bytes]:
    return {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--rejected", "students.csv"], "needed as it is"),
        (["--rejected", "hard.csv"], "needed as it is"),
        (["--rejected", "students.toml"], "needed as it is"),
        (["--rejected", "secret", "--secret-file", "secret"], "needed as it is"),
        (["--journal", "students.csv"], "needed as it is"),
        (["--journal", "students.toml"], "needed as it is"),
        (["--journal", "one", "--rejected", "one"], "needed as it is"),
        (["--journal", "one", "--rejected", "ONE"], "needed as it is"),
        (["--journal", "link"], "is a link"),
        (["--rejected", "link"], "is a link"),
        (["--rejected", "."], "is no file"),
        (["--rejected", "missing/back.csv"], "There is no folder"),
        (["--rejected", "students.csv", "more/more.ndjson"], "is no folder"),
        (["--rejected", ".", "more/more.ndjson"], "needed as it is"),
        (["--rejected", "back", "more/students.csv", "--mapping", "students.toml"], "Rows of two files"),
        (["--rejected", "roster", "roster"], "needed as it is"),
        (["--journal", "roster/demographics.csv", "roster"], "needed as it is"),
    ],
)
def test_nothing_is_sent_where_something_would_be_overwritten(
    command: Command,
    register: FakeRegister,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "more").mkdir()
    for made in (students(tmp_path), tmp_path / "more" / "students.csv"):
        made.write_text(TABLE, "utf-8")
    ndjson(tmp_path / "more" / "more.ndjson", "S-9")
    write_roster(tmp_path / "roster", rosters())
    (tmp_path / "secret").write_text("s-1")
    (tmp_path / "link").symlink_to("students.csv")
    (tmp_path / "hard.csv").hardlink_to("students.csv")
    before = content(tmp_path)
    done = command("push", "students.csv", *options)
    assert done.exit_code == 2, done.output
    assert words in " ".join(done.output.split())
    assert register.bodies == []
    assert content(tmp_path) == before


def test_rejected_rows_are_for_their_owner_alone(command: Command, tmp_path: Path) -> None:
    back = tmp_path / "back.csv"
    back.write_text("of yesterday")
    back.chmod(0o644)
    assert command("push", students(tmp_path), "--rejected", back).exit_code == 1
    assert back.stat().st_mode & 0o777 == 0o600
    assert "S-3" in back.read_text("utf-8-sig")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["back.csv", "students.csv", "students.toml"]


def failing(error: Exception) -> Callable[..., None]:
    def write(_source: NdjsonSource, _file: Path, _reasons: object, target: Path) -> None:
        target.write_text("half of")
        raise error

    return write


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), BadSource("it has gone")])
def test_what_could_not_be_written_whole_leaves_the_file_as_it_was(
    command: Command, register: FakeRegister, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(NdjsonSource, "write_rejected", failing(error))
    register.wrong = {"S-1"}
    back, night = tmp_path / "back.ndjson", ndjson(tmp_path / "night.ndjson", "S-1", "S-2")
    back.write_text("of yesterday")
    done = command("push", night, "--rejected", back)
    assert done.exit_code == 2
    assert "No such grade." in done.output, "what the register answered is told all the same"
    assert "back.ndjson could not be written" in done.output
    assert back.read_text() == "of yesterday"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["back.ndjson", "night.ndjson"]
