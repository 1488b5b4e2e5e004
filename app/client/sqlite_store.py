"""A replica in one file of SQLite: records and cursor change in one transaction, so that whenever the process dies, the file is right."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from .changes import Page, Upsert
from .private_files import opened_privately
from .replica import STUDENT, applied

_TABLES = """
CREATE TABLE IF NOT EXISTS record (
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    student_id TEXT NOT NULL,
    institution_id INTEGER,
    version INTEGER NOT NULL,
    external_id TEXT,
    data TEXT NOT NULL,
    load INTEGER NOT NULL,
    PRIMARY KEY (type, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_of_student ON record (student_id, institution_id);
CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT, load INTEGER NOT NULL);
INSERT OR IGNORE INTO place VALUES (1, NULL, 0);
"""
IN_MEMORY = frozenset({"", ":memory:"})
_COLUMNS = "type, id, student_id, institution_id, version, external_id, data"


class SqliteStore:
    """`connection` may be read by others while it is followed: `SELECT data FROM record WHERE type = 'plan'`."""

    def __init__(self, path: Path | str) -> None:
        if str(path) not in IN_MEMORY:
            with suppress(FileExistsError):
                opened_privately(Path(path), "xb").close()
        # Only one thread at a time uses it, but with asyncio not always the same one.
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    @property
    def cursor(self) -> str | None:
        found: str | None = self.connection.execute("SELECT cursor FROM place").fetchone()[0]
        return found

    @property
    def records(self) -> Iterator[Upsert]:
        """What the reader may see."""
        for type_, record_id, student, institution, version, external_id, data in self.connection.execute(
            f"SELECT {_COLUMNS} FROM record ORDER BY type, id"  # noqa: S608 - a constant
        ):
            yield Upsert(
                type=type_,
                id=record_id,
                student_id=student,
                institution_id=institution,
                version=version,
                external_id=external_id,
                data=json.loads(data),
            )

    def apply(self, page: Page) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            load = applied(page.changes, self, self.connection.execute("SELECT load FROM place").fetchone()[0])
            self.connection.execute("UPDATE place SET cursor = ?, load = ?", (page.cursor, load))
            self.connection.execute("COMMIT")
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise

    def restart(self) -> None:
        self.connection.execute("UPDATE place SET cursor = NULL")

    def version(self, type_: str, record_id: str) -> int | None:
        found = self.connection.execute("SELECT version FROM record WHERE type = ? AND id = ?", (type_, record_id))
        row = found.fetchone()
        return None if row is None else int(row[0])

    def put(self, record: Upsert, load: int) -> None:
        self.connection.execute(
            f"INSERT OR REPLACE INTO record ({_COLUMNS}, load) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants
            (
                record.type,
                record.id,
                record.student_id,
                record.institution_id,
                record.version,
                record.external_id,
                json.dumps(record.data, ensure_ascii=False),
                load,
            ),
        )

    def touch(self, type_: str, record_id: str, load: int) -> None:
        self.connection.execute("UPDATE record SET load = ? WHERE type = ? AND id = ?", (load, type_, record_id))

    def forget(self, type_: str, record_id: str) -> None:
        self.connection.execute("DELETE FROM record WHERE type = ? AND id = ?", (type_, record_id))

    def forget_student(self, student_id: str) -> None:
        self.connection.execute("DELETE FROM record WHERE student_id = ?", (student_id,))

    def forget_of(self, student_id: str, institution_id: int) -> None:
        self.connection.execute(
            "DELETE FROM record WHERE student_id = ? AND institution_id = ?", (student_id, institution_id)
        )

    def students(self) -> Iterable[str]:
        found = self.connection.execute("SELECT id FROM record WHERE type = ?", (STUDENT,))
        return [str(row[0]) for row in found.fetchall()]

    def authors(self) -> Iterable[tuple[str, int]]:
        found: list[tuple[str, int]] = self.connection.execute(
            "SELECT DISTINCT student_id, institution_id FROM record WHERE type <> ? AND institution_id IS NOT NULL",
            (STUDENT,),
        ).fetchall()
        return found

    def forget_before(self, load: int) -> None:
        self.connection.execute("DELETE FROM record WHERE load < ?", (load,))
