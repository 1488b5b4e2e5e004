"""`risk-register push`: what it sends, what it tells, and how it ends."""

import csv
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Command
from tests.cli.roster import rosters, write_roster
from tests.client.fake import FakeRegister, answers, problem

MAPPING = """type = "student"
external_id = "Nr."
[columns]
"Uzvārds" = "person.family_name"
"Dzimis" = "person.birth_date"
"Klase" = "grade"
"""
TABLE = "Nr.,Uzvārds,Dzimis,Klase\nS-1,Bērziņa,2007-05-14,7\nS-2,Ozola,2008-01-02,13\nS-3,Liepa,nav,6\n"


def ndjson(path: Path, *ids: str, **more: Any) -> Path:
    lines = [{"type": "student", "external_id": each, "data": {"grade": 7}, **more} for each in ids]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def students(folder: Path) -> Path:
    (folder / "students.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "students.csv").write_text(TABLE, encoding="utf-8")
    return folder / "students.csv"


def test_where_no_bar_is_drawn_each_batch_is_told_in_a_line(command: Command, tmp_path: Path) -> None:
    done = command("push", ndjson(tmp_path / "night.ndjson", "S-1", "S-2"))
    assert "2 of 2 sent" in done.stderr
    assert "sent" not in done.stdout


def test_all_was_taken(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    done = command("push", ndjson(tmp_path / "night.ndjson", "S-1", "S-2"))
    assert done.exit_code == 0, done.output
    assert register.applied == {"S-1": 1, "S-2": 1}
    assert "student" in done.output


def test_rejected_rows_are_told_by_row_column_and_reason(
    command: Command, register: FakeRegister, tmp_path: Path
) -> None:
    register.wrong = {"S-2"}
    done = command("push", students(tmp_path), "--rejected", tmp_path / "wrong.csv")
    assert done.exit_code == 1, done.output
    assert register.applied == {"S-1": 1}
    assert done.output.index("students.csv:3") < done.output.index("students.csv:4"), "whoever found them wrong"
    assert "Klase" in done.output
    assert "No such grade." in done.output
    assert "'nav' is no date like 2021-09-30." in done.output
    with (tmp_path / "wrong.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Nr.", "Uzvārds", "Dzimis", "Klase", "rejected_because"]
    assert [(row[0], row[-1]) for row in rows[1:]] == [
        ("S-2", "Klase: No such grade."),
        ("S-3", "Dzimis: 'nav' is no date like 2021-09-30."),
    ]


def test_what_was_corrected_is_pushed_as_it_came_back(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    register.wrong = {"S-2"}
    back = tmp_path / "wrong.csv"
    command("push", students(tmp_path), "--rejected", back)
    register.wrong = set()
    back.write_text(back.read_text("utf-8-sig").replace("nav", "2009-03-04"), encoding="utf-8")
    done = command("push", back, "--mapping", tmp_path / "students.toml")
    assert done.exit_code == 0, done.output
    assert register.applied == {"S-1": 1, "S-2": 1, "S-3": 1}


def test_lines_of_ndjson_come_back_too(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    register.wrong = {"S-2"}
    night, back = ndjson(tmp_path / "night.ndjson", "S-1", "S-2"), tmp_path / "back.ndjson"
    with night.open("a") as file:
        file.write("\n{ this is no JSON\n")
    done = command("push", night, "--rejected", back)
    assert done.exit_code == 1
    assert "night.ndjson:4" in done.output
    first, second = back.read_text().splitlines()
    assert json.loads(first)["external_id"] == "S-2"
    assert json.loads(first)["rejected_because"] == ["/data/grade: No such grade."]
    assert second == "{ this is no JSON"
    register.wrong = set()
    back.write_text(first + "\n")
    assert command("push", back).exit_code == 0
    assert "rejected_because" not in register.bodies[-1][0]


def test_several_files_go_in_one_push_and_come_back_each_for_itself(
    command: Command, register: FakeRegister, tmp_path: Path
) -> None:
    register.wrong = {"S-1", "S-9"}
    done = command("push", students(tmp_path), ndjson(tmp_path / "more.ndjson", "S-9"), "--rejected", tmp_path / "back")
    assert done.exit_code == 1
    assert len(register.bodies) == 1
    assert sorted(each.name for each in (tmp_path / "back").iterdir()) == ["more.ndjson", "students.csv"]


def test_a_roster_comes_back_as_files_of_a_roster(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    register.wrong = {"U-2@O-1", "U-1@O-1/2021/22"}
    roster = write_roster(tmp_path / "roster", rosters())
    done = command("push", roster, "--on", "2021-11-15", "--rejected", tmp_path / "back")
    assert done.exit_code == 1, done.output
    assert sorted(each.name for each in (tmp_path / "back").iterdir()) == ["enrollments.csv", "users.csv"]
    assert "users.csv:3" in done.output


def test_a_dry_run_keeps_nothing(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    done = command("push", ndjson(tmp_path / "night.ndjson", "S-1"), "--dry-run")
    assert done.exit_code == 0
    assert register.bodies
    assert not register.applied


def test_all_or_nothing(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    register.wrong = {"S-2"}
    done = command("push", ndjson(tmp_path / "night.ndjson", "S-1", "S-2"), "--atomic")
    assert done.exit_code == 1
    assert "Nothing was kept." in done.output
    assert not register.applied


def test_all_or_nothing_sends_nothing_where_a_row_cannot_be_read(
    command: Command, register: FakeRegister, tmp_path: Path
) -> None:
    done = command("push", students(tmp_path), "--atomic")
    assert done.exit_code == 1
    assert "Nothing was kept." in done.output
    assert register.bodies == []


def test_a_snapshot(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    night = ndjson(tmp_path / "night.ndjson", "S-1")
    done = command("push", night, "--snapshot", "--institution", 17, "--semester", "2021-1")
    assert done.exit_code == 0, done.output
    assert dict(register.requests[-1].url.params) == {
        "type": "student",
        "institution": "17",
        "semester": "2021-1",
        "mode": "commit",
    }


def test_a_snapshot_with_a_row_that_cannot_be_read_would_end_that_record(
    command: Command, register: FakeRegister, tmp_path: Path
) -> None:
    done = command("push", students(tmp_path), "--snapshot", "--semester", "2021-1")
    assert done.exit_code == 1
    assert register.bodies == []


def test_unusual_removals_are_shown_with_what_to_do(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    register.acts = [answers(problem(409, "many-removals", removals=["S-8", "S-9"], count=312))]
    done = command("push", ndjson(tmp_path / "night.ndjson", "S-1"), "--snapshot", "--semester", "2021-1")
    assert done.exit_code == 2
    assert "312 records" in done.output
    assert "S-9" in done.output
    assert "--confirm-removals 312" in done.output


def test_a_run_that_broke_off_goes_on(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    night, journal = ndjson(tmp_path / "night.ndjson", "S-1"), tmp_path / "night.journal"
    register.acts = [answers(problem(500, "internal-error"))]
    assert command("push", night, "--journal", journal).exit_code == 2
    assert command("push", night, "--journal", journal).exit_code == 0
    assert register.applied == {"S-1": 1}


@pytest.mark.parametrize(
    ("arguments", "env", "words"),
    [
        ([], {"REGISTER_ADDRESS": ""}, "Say where the register is"),
        ([], {"REGISTER_CLIENT_SECRET": ""}, "Say who you are"),
        (["--address", "http://register.example"], {}, "over https"),
        (["--snapshot"], {}, "belong together"),
        (["--semester", "2021-1"], {}, "belong together"),
        (["--mapping", "MAPPING", "--mapping", "MAPPING"], {}, "1 tables and 2 mappings"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    command: Command, tmp_path: Path, arguments: list[str], env: dict[str, str], words: str
) -> None:
    file = students(tmp_path)
    said = [str(tmp_path / "students.toml") if each == "MAPPING" else each for each in arguments]
    done = command("push", file, *said, env=env)
    assert done.exit_code == 2, done.output
    assert words in done.output
    assert "Traceback" not in done.output


def test_a_register_that_does_not_believe_is_told(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    register.refusing = httpx.Response(401, json={"error": "invalid_client", "error_description": "Not you."})
    done = command("push", ndjson(tmp_path / "night.ndjson", "S-1"))
    assert done.exit_code == 2
    assert "401 invalid_client: Not you." in done.output


def test_a_secret_in_a_file_and_a_token_had_elsewhere(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    secret, night = tmp_path / "secret", ndjson(tmp_path / "night.ndjson", "S-1")
    secret.write_text("s-2\n")
    done = command("push", night, "--secret-file", secret, env={"REGISTER_CLIENT_SECRET": ""})
    assert done.exit_code == 0
    by_token = {"REGISTER_CLIENT_ID": "", "REGISTER_CLIENT_SECRET": "", "REGISTER_TOKEN": "t-9"}
    assert command("push", night, env=by_token).exit_code == 0
    assert register.requests[-1].headers["authorization"] == "Bearer t-9"


def test_texts_are_asked_for_in_latvian(command: Command, register: FakeRegister, tmp_path: Path) -> None:
    back = tmp_path / "back.csv"
    done = command("push", students(tmp_path), "--language", "lv", "--rejected", back)
    assert register.requests[-1].headers["accept-language"] == "lv"
    assert "Šūnas saturs" in done.output
    assert "Šūnas saturs nav derīgs šim laukam. ('nav' is no date like 2021-09-30.)" in back.read_text("utf-8")
