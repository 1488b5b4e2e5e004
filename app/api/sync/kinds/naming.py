"""What an item names: other records, and where it stands that one is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol
from uuid import UUID

from app.api.sync.references import InstitutionReference, Reference, SaysPlace
from app.api.sync.run import Run
from app.domain.errors import Forbidden, Invalid, NotFound, Violation, check, violation
from app.domain.ids import InstitutionId, StudentId
from app.domain.sync import ItemType

_NONE: Final = UUID(int=0)


class Placed(Protocol):
    """A record of a student that an institution has written."""

    @property
    def student_id(self) -> StudentId: ...
    @property
    def institution_id(self) -> InstitutionId: ...


class Naming:
    """Finds the records that an item names. `check` tells of all that are unknown at once; before it, an id may be nobody's."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._wrong: list[Violation] = []

    def record(self, item_type: ItemType, reference: Reference, pointer: str) -> UUID:
        try:
            return self._run.references.record(item_type, reference, pointer)
        except Invalid as error:
            self._wrong.extend(error.violations)
            return _NONE

    def institution(self, reference: InstitutionReference) -> InstitutionId:
        """Raises Forbidden at once where the client does not act for it."""
        try:
            return self._run.references.institution(reference, "/institution_id")
        except Invalid as error:
            self._wrong.extend(error.violations)
            return InstitutionId(0)

    def place(self, said: SaysPlace, current: Placed | None = None) -> tuple[StudentId, InstitutionId]:
        """Whose record it is, and where; neither ever changes. Raises Forbidden as `institution` does."""
        student_id = StudentId(self.record(ItemType.STUDENT, said.student, "/student_id"))
        institution_id = self.institution(said.institution)
        if current is not None:
            self.same(current.student_id, student_id, "/student_id")
            self.same(current.institution_id, institution_id, "/institution_id")
        return student_id, institution_id

    def same(self, was: object, now: object, pointer: str) -> None:
        """A field that never changes: what is recorded in another place, or of somebody else, is another record."""
        if was != now and not any(each.pointer == pointer for each in self._wrong):
            self._wrong.append(fixed(pointer))

    def check(self) -> None:
        check(self._wrong)


def place_of(run: Run, said: SaysPlace, current: Placed | None = None) -> tuple[StudentId, InstitutionId]:
    """`Naming.place`, of what names nothing else."""
    naming = Naming(run)
    place = naming.place(said, current)
    naming.check()
    return place


def fixed(pointer: str) -> Violation:
    return violation(
        pointer, "fixed-field", "This does not change: delete the record, and send it anew under another id."
    )


@contextmanager
def said_at(**pointers: str) -> Iterator[None]:
    """A record that is absent, foreign or not the client's own, is told where the item names it: pointers by the record's noun."""
    try:
        yield
    except NotFound as error:
        if error.noun not in pointers:
            raise
        raise Invalid([violation(pointers[error.noun], error.code, error.message)]) from error
    except Forbidden as error:
        if len(pointers) != 1:
            raise
        [pointer] = pointers.values()
        raise Invalid([violation(pointer, error.code, error.message)]) from error
