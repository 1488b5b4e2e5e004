"""What a call may raise."""

# RegisterClientError
# ├── Unreachable      no answer, however often it was asked; the same call may be made again, and nothing is applied twice
# ├── BadJournal       the journal belongs to another run, or is none
# ├── Misdirected      an answer leads to another address: nothing is sent there
# ├── MissingLibrary   a data frame was asked for, and its library is not installed
# └── Problem          the register refuses: an RFC 9457 problem document
#     ├── NotBelieved      401: the credentials are wrong, revoked or ended
#     ├── ManyRemovals     409: a snapshot would end unusually many records, until their number is confirmed
#     └── CursorExpired    410: start again without a cursor

import json
from collections.abc import Mapping
from typing import Any

from .reports import Violation
from .steps import Answer


class RegisterClientError(Exception):
    """Root of them all."""


class Unreachable(RegisterClientError):
    pass


class BadJournal(RegisterClientError):
    pass


class Misdirected(RegisterClientError):
    pass


class MissingLibrary(RegisterClientError):
    def __init__(self, library: str) -> None:
        super().__init__(f"{library} is not installed: pip install {library}")


class Problem(RegisterClientError):
    """`code` is the last part of the problem's type, and stable; `detail` is for people."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        self.document = document
        self.code = str(document.get("type", "")).rpartition("/")[2] or str(document.get("error", "unknown"))
        self.detail = str(document.get("detail") or document.get("error_description") or "")
        self.correlation_id = str(document.get("correlation_id", ""))
        self.violations = tuple(Violation.of(each) for each in document.get("violations", ()))
        super().__init__(" ".join([f"{status} {self.code}: {self.detail}", *map(str, self.violations)]).strip())


class NotBelieved(Problem):
    pass


class ManyRemovals(Problem):
    """Sent again with `confirm_removals=count`, the snapshot is taken."""

    @property
    def count(self) -> int:
        return int(self.document["count"])

    @property
    def removals(self) -> tuple[str, ...]:
        """External ids of the first thousand."""
        return tuple(self.document["removals"])


class CursorExpired(Problem):
    pass


_BY_CODE: Mapping[str, type[Problem]] = {"many-removals": ManyRemovals, "cursor-expired": CursorExpired}
_UNAUTHORIZED = 401


def document_of(answer: Answer) -> Mapping[str, Any]:
    """What an answer says; something between the register and here may answer with no JSON at all."""
    try:
        found = json.loads(answer.content)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"detail": answer.content[:200].decode(errors="replace")}


def problem_of(answer: Answer) -> Problem:
    plain = Problem(answer.status, document_of(answer))
    kind = NotBelieved if answer.status == _UNAUTHORIZED else _BY_CODE.get(plain.code, Problem)
    return kind(answer.status, plain.document)
