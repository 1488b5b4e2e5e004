"""The file of tombstones: what is written is read again, and anything else is refused by its line."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.cli.tombstone_file import BadLine, line_of, read_lines
from app.domain.erasures import Erasable, Tombstone
from app.domain.ids import StudentId

STUDENT = "00000000-0000-4000-8000-000000000001"
SOUND = {"student_id": STUDENT, "what": "PERSON", "on": "2026-01-31", "reason": "request"}


def stone(what: Erasable, reason: str) -> Tombstone:
    return Tombstone(student_id=StudentId(UUID(STUDENT)), what=what, on=date(2026, 1, 31), reason=reason)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    stones = [stone(Erasable.PERSON, "rule-1"), stone(Erasable.RECORDS, "request")]
    file = tmp_path / "tombstones.ndjson"
    file.write_text("".join(map(line_of, stones)) + "\n")
    assert read_lines(file) == stones
    assert json.loads(line_of(stone(Erasable.PERSON, "request"))) == SOUND


@pytest.mark.parametrize(
    "fields",
    [
        [],
        None,
        "PERSON",
        {},
        SOUND | {"student_id": "x"},
        SOUND | {"student_id": 7},
        SOUND | {"what": "AUDIT"},
        SOUND | {"on": "31.01.2026"},
        SOUND | {"reason": "somebody asked"},
        SOUND | {"given_names": "Izdomāta"},
        {name: value for name, value in SOUND.items() if name != "on"},
    ],
)
def test_another_line_is_refused_by_its_number(tmp_path: Path, fields: Any) -> None:
    file = tmp_path / "tombstones.ndjson"
    file.write_text(f"{json.dumps(SOUND)}\n\n{json.dumps(fields)}\n")
    with pytest.raises(BadLine, match=r"^line 3 "):
        read_lines(file)


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tombstones.ndjson"
    file.write_text("PERSON")
    with pytest.raises(BadLine, match=r"^line 1 "):
        read_lines(file)
