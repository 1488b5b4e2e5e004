"""What a follower does with the changes, wherever it keeps its records: the rules of the feed, once."""

from collections.abc import Iterable
from typing import Protocol

from .changes import Change, Close, Delete, LoadBegins, LoadEnds, Merge, Page, Scope, Upsert

STUDENT = "student"


class Store(Protocol):
    """Where a follower keeps what it read, with its place in the feed."""

    @property
    def cursor(self) -> str | None:
        """Where to go on; None where everything is to be loaded."""

    def apply(self, page: Page) -> None:
        """Take the page in and its cursor with it, both or neither."""

    def restart(self) -> None:
        """Forget the cursor and keep the records: the next load says which of them are still there."""


class Records(Protocol):
    """The few things that a change comes to. `load`: the number of the load in which a record was sent last."""

    def version(self, type_: str, record_id: str) -> int | None: ...

    def put(self, record: Upsert, load: int) -> None: ...

    def touch(self, type_: str, record_id: str, load: int) -> None:
        """It has been sent again, and is as it was."""

    def forget(self, type_: str, record_id: str) -> None: ...

    def forget_student(self, student_id: str) -> None:
        """With all its records."""

    def forget_of(self, student_id: str, institution_id: int) -> None:
        """What this institution wrote of this student."""

    def students(self) -> Iterable[str]:
        """Those that are kept, with records or without."""

    def authors(self) -> Iterable[tuple[str, int]]:
        """Students, each with every institution that wrote of it."""

    def forget_before(self, load: int) -> None:
        """What was last sent in an earlier load."""


def applied(changes: Iterable[Change], records: Records, load: int) -> int:
    """The number of the load after these changes; `load` is the one before them."""
    for change in changes:
        match change:
            case Upsert():
                _upsert(change, records, load)
            case Delete(type=type_, id=record_id):
                _delete(type_, record_id, records)
            case Merge(id=student_id):
                records.forget_student(student_id)
            case Close(student_id=student_id, institution_id=institution_id):
                records.forget_of(student_id, institution_id)
            case Scope():
                _narrow(change, records)
            case LoadBegins():
                load += 1
            case LoadEnds():
                records.forget_before(load)
    return load


def _upsert(change: Upsert, records: Records, load: int) -> None:
    known = records.version(change.type, change.id)
    if known is not None and known > change.version:
        records.touch(change.type, change.id, load)
    else:
        records.put(change, load)


def _delete(type_: str, record_id: str, records: Records) -> None:
    if type_ == STUDENT:
        records.forget_student(record_id)
    else:
        records.forget(type_, record_id)


def _narrow(scope: Scope, records: Records) -> None:
    """A student of whom no record is left is forgotten as well: whoever may still be seen is sent again after this."""
    before = list(records.authors())
    left = {student for student, institution in before if scope.keeps(student, institution)}
    for student in {*records.students(), *(student for student, _ in before)} - left:
        records.forget_student(student)
    for student, institution in before:
        if student in left and not scope.keeps(student, institution):
            records.forget_of(student, institution)
