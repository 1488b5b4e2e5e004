"""A replica in memory: for tests, and for what is small enough to be loaded anew with each start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .changes import Page, Upsert
from .replica import STUDENT, applied

Key = tuple[str, str]


@dataclass(slots=True)
class _Held:
    record: Upsert
    load: int


@dataclass(slots=True)
class MemoryStore:
    """`records`: what the reader may see, by type and id."""

    cursor: str | None = None
    _load: int = 0
    _held: dict[Key, _Held] = field(default_factory=dict)

    @property
    def records(self) -> dict[Key, Upsert]:
        return {key: held.record for key, held in self._held.items()}

    def apply(self, page: Page) -> None:
        self._load = applied(page.changes, self, self._load)
        self.cursor = page.cursor

    def restart(self) -> None:
        self.cursor = None

    def version(self, type_: str, record_id: str) -> int | None:
        held = self._held.get((type_, record_id))
        return None if held is None else held.record.version

    def put(self, record: Upsert, load: int) -> None:
        self._held[record.type, record.id] = _Held(record, load)

    def touch(self, type_: str, record_id: str, load: int) -> None:
        self._held[type_, record_id].load = load

    def forget(self, type_: str, record_id: str) -> None:
        self._held.pop((type_, record_id), None)

    def forget_student(self, student_id: str) -> None:
        self._keep(lambda held: held.record.student_id != student_id)

    def forget_of(self, student_id: str, institution_id: int) -> None:
        self._keep(lambda held: (held.record.student_id, held.record.institution_id) != (student_id, institution_id))

    def students(self) -> Iterable[str]:
        return {record_id for type_, record_id in self._held if type_ == STUDENT}

    def authors(self) -> Iterable[tuple[str, int]]:
        return {
            (record.student_id, record.institution_id)
            for record in self.records.values()
            if record.type != STUDENT and record.institution_id is not None
        }

    def forget_before(self, load: int) -> None:
        self._keep(lambda held: held.load >= load)

    def _keep(self, wanted: Callable[[_Held], bool]) -> None:
        self._held = {key: held for key, held in self._held.items() if wanted(held)}
