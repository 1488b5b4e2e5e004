"""The file of tombstones: NDJSON in UTF-8, one for each line, in the order in which they were set.

`{"student_id": "<uuid>", "what": "PERSON" | "RECORDS", "on": "2026-01-31", "reason": "request" | "rule-<id>"}`
"""

import json
import re
from datetime import date
from pathlib import Path
from uuid import UUID

from app.domain.erasures import Erasable, Tombstone
from app.domain.ids import StudentId

_REASON = re.compile(r"request|rule-\d+")
_FIELDS = {"student_id", "what", "on", "reason"}


class BadLine(Exception):
    """Which line is not a tombstone."""


def line_of(each: Tombstone) -> str:
    fields = {"student_id": str(each.student_id), "what": each.what, "on": each.on.isoformat(), "reason": each.reason}
    return json.dumps(fields) + "\n"


def read_lines(path: Path) -> list[Tombstone]:
    """All of them, before anything is done: some hundred bytes each. Empty lines are passed over. Raises BadLine."""
    stones = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                stones.append(_stone(json.loads(line)))
            except (ValueError, TypeError, AttributeError) as error:
                raise BadLine(f"line {number} is not a tombstone") from error
    return stones


def _stone(fields: dict[str, str]) -> Tombstone:
    if set(fields) != _FIELDS or not _REASON.fullmatch(fields["reason"]):
        raise ValueError("another set of fields, or another reason")
    return Tombstone(
        student_id=StudentId(UUID(fields["student_id"])),
        what=Erasable(fields["what"]),
        on=date.fromisoformat(fields["on"]),
        reason=fields["reason"],
    )
