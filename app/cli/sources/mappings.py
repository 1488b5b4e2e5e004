"""A mapping: which column of a table is which field of the register. Written in TOML by whoever knows the school system.

    type = "intervention"
    external_id = "Nr."
    delimiter = ";"
    encoding = "windows-1257"
    date_format = "%d.%m.%Y"

    [columns]
    "Plāns" = "plan"
    "Stundas" = "hours"

    [constants]
    purpose = "REMEDIAL"

    [codes.support_measure]
    "Konsultācija" = "SUBJECT_CONSULTATION"

`person.family_name` is a field within a field. `risks[]` is a list in one cell, its parts divided by `list_separator`, and
`planned_measures[].hours` is a field of one element: rows with one external id that follow one another are one item then, and each
brings an element.
"""

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from app.cli.sources.source import BadSource

FieldPath = tuple[str, ...]
ELEMENT = "[]"
"""The step of a path from a list to one of its elements."""

TRUE = ("1", "true", "jā", "ja", "yes", "x", "patiess")
FALSE = ("0", "false", "nē", "ne", "no", "-", "aplams")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """`codes`: by field, what the texts of its cells mean. `sheet`: of a workbook; the first unless said."""

    type: str
    external_id: str
    op: str = "upsert"
    columns: Mapping[str, FieldPath]
    constants: Mapping[FieldPath, Any] = field(default_factory=dict)
    codes: Mapping[FieldPath, Mapping[str, Any]] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    date_format: str = "%Y-%m-%d"
    list_separator: str = ","
    sheet: str | None = None
    true: tuple[str, ...] = TRUE
    false: tuple[str, ...] = FALSE

    def column_of(self, pointer: str) -> str:
        """The column from which the place of a violation came, or the place itself."""
        if pointer == "/external_id":
            return self.external_id
        steps = [ELEMENT if step.isdecimal() else step for step in pointer.removeprefix("/data").split("/") if step]
        for length in range(len(steps), 0, -1):
            wanted = tuple(steps[:length])
            for column, path in self.columns.items():
                if path[: len(wanted)] == wanted or (wanted[-1] == ELEMENT and path == wanted[:-1]):
                    return column
        return pointer


_PLAIN = {"type", "external_id", "op", "delimiter", "encoding", "date_format", "list_separator", "sheet"}
_TABLES = {"columns", "constants", "codes"}
_LISTS = {"true", "false"}


def read_mapping(path: Path) -> TableMapping:
    """Raises BadSource, which says what is wrong with the file."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadSource(
            f"A table needs a mapping, and there is no {path}: write it, or name another by --mapping"
        ) from None
    except OSError as error:
        raise BadSource(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise BadSource(f"{path} is not TOML in UTF-8: {error}") from error
    try:
        return mapping_of(document)
    except BadSource as error:
        raise BadSource(f"{path}: {error}") from None


def mapping_of(document: Mapping[str, Any]) -> TableMapping:
    unknown = document.keys() - _PLAIN - _TABLES - _LISTS
    if unknown:
        raise BadSource(f"no such setting: {', '.join(sorted(unknown))}")
    for name in _PLAIN & document.keys():
        if not isinstance(document[name], str) or not document[name]:
            raise BadSource(f"{name} is a text")
    for name in _TABLES & document.keys():
        if not isinstance(document[name], dict):
            raise BadSource(f"{name} is a table: [{name}]")
    missing = {"type", "external_id", "columns"} - document.keys()
    if missing:
        raise BadSource(f"{', '.join(sorted(missing))}: not said")
    if len(document.get("delimiter", ",")) != 1:
        raise BadSource('delimiter is one character; a tabulator is "\\t"')
    try:
        codecs.lookup(document.get("encoding", "utf-8"))
    except LookupError:
        raise BadSource(f"there is no encoding {document['encoding']}") from None
    date_format = document.get("date_format", "%Y-%m-%d")
    if date(2021, 9, 30).strftime(date_format) == date_format:
        raise BadSource(f'date_format is like "%d.%m.%Y" for 30.09.2021, and {date_format!r} has no % in it')
    said: dict[str, Any] = {name: document[name] for name in _PLAIN & document.keys()}
    said |= {name: _words(name, document[name]) for name in _LISTS & document.keys()}
    return TableMapping(
        **said,
        columns={column: path_of(field) for column, field in document["columns"].items()},
        constants={path_of(name): value for name, value in document.get("constants", {}).items()},
        codes={path_of(name): _codes(name, table) for name, table in document.get("codes", {}).items()},
    )


def path_of(said: object) -> FieldPath:
    """`planned_measures[].hours` as its steps."""
    if not isinstance(said, str) or not said:
        raise BadSource(f"{said!r} is no field")
    steps: list[str] = []
    for part in said.split("."):
        name, brackets, rest = part.partition(ELEMENT)
        if not name or rest or "[" in name:
            raise BadSource(f"{said!r} is no field: write it as plan, person.family_name, risks[] or results[].risk")
        steps += [name, ELEMENT] if brackets else [name]
    if steps.count(ELEMENT) > 1:
        raise BadSource(f"{said!r} has a list within a list, which a table cannot say")
    return tuple(steps)


def _codes(name: str, table: object) -> Mapping[str, Any]:
    if not isinstance(table, dict):
        raise BadSource(f"codes.{name} is a table of what is in the cells and what it means")
    return table


def _words(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadSource(f'{name} is a list of texts: ["jā"]')
    return tuple(each.casefold() for each in value)
