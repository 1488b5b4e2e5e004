"""A table with a mapping: rows become items, and what was rejected goes back as rows of the same columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from app.cli.sources.cells import BadCell, Cell, Cells
from app.cli.sources.mappings import ELEMENT, FieldPath, TableMapping
from app.cli.sources.sheets import Sheet
from app.cli.sources.source import BadSource, Json, Place, Reasons, Source, Sourced, in_one_cell, wrong
from app.client import Violation

REASONS = "rejected_because"
"""The column that the file of rejected rows has besides; the mapping does not know it, so it is passed over when it is read again."""


@dataclass(frozen=True, slots=True)
class TableSource(Source):
    sheet: Sheet
    cells: Cells

    @property
    def mapping(self) -> TableMapping:
        return self.cells.mapping

    def files(self) -> Sequence[Path]:
        return [self.sheet.path]

    def field(self, _item: Json, pointer: str) -> str:
        return self.mapping.column_of(pointer)

    def items(self) -> Iterator[Sourced]:
        columns = self._columns()
        rows = ((line, _Row(columns, cells)) for line, cells in self.sheet.body())
        spread = any(ELEMENT in path and path[-1] != ELEMENT for path in self.mapping.columns.values())
        # A step is taken once, on however many rows the record stands that it is taken with.
        if not spread and self.mapping.op == "upsert":
            yield from (self._item([each]) for each in rows)
            return
        for _, together in groupby(rows, key=lambda each: str(each[1].get(self.mapping.external_id))):
            yield self._item(list(together))

    def write_rejected(self, _file: Path, reasons: Reasons, target: Path) -> None:
        header = self.sheet.header()
        known = [at for at, name in enumerate(header) if name != REASONS]

        def rows() -> Iterator[Sequence[Cell]]:
            for line, cells in self.sheet.body():
                if line in reasons:
                    came = [cells[at] if at < len(cells) else None for at in known]
                    yield [*came, in_one_cell(reasons[line])]

        self.sheet.write(target, chain([[*(header[at] for at in known), REASONS]], rows()))

    def _columns(self) -> Mapping[str, int]:
        header = self.sheet.header()
        missing = [each for each in (self.mapping.external_id, *self.mapping.columns) if each not in header]
        if missing:
            raise BadSource(
                f"{self.sheet.path} has no column {', '.join(map(repr, missing))}; it has"
                f" {', '.join(repr(each) for each in header if each)}"
            )
        return {name: at for at, name in enumerate(header) if name}

    def _item(self, rows: Sequence[tuple[int, "_Row"]]) -> Sourced:
        place = Place(self.sheet.path, tuple(line for line, _ in rows))
        building = _Building()
        for path, value in self.mapping.constants.items():
            building.put(path, value)
        for number, (_, row) in enumerate(rows):
            for column, path in self.mapping.columns.items():
                try:
                    value = self.cells.value(path, row.get(column))
                except BadCell as bad:
                    building.wrong.append(wrong(_pointer(path), "bad-cell", str(bad)))
                    continue
                if value is not None:
                    building.put(path, value, number)
        external_id = rows[0][1].get(self.mapping.external_id)
        item = {
            "op": self.mapping.op,
            "type": self.mapping.type,
            "external_id": "" if external_id is None else str(external_id).strip(),
            **({"data": building.data} if self._says(building) else {}),
        }
        return Sourced(item=item, place=place, wrong=tuple(building.wrong))

    def _says(self, building: "_Building") -> bool:
        """Whether there is data: a deletion has none, and a step none but what it has to say, as the reason to discontinue."""
        op = self.mapping.op
        return op == "upsert" or (op != "delete" and bool(building.data))


@dataclass(frozen=True, slots=True)
class _Row:
    columns: Mapping[str, int]
    cells: Sequence[Cell]

    def get(self, column: str) -> Cell:
        at = self.columns[column]
        return self.cells[at] if at < len(self.cells) else None


@dataclass(slots=True)
class _Building:
    """The data of one item. Of fields outside a list the first row that says one counts."""

    data: Json = field(default_factory=dict)
    wrong: list[Violation] = field(default_factory=list)
    _elements: dict[tuple[FieldPath, int], Json] = field(default_factory=dict)

    def put(self, path: FieldPath, value: Any, row: int = 0) -> None:  # noqa: ANN401 - any JSON
        if path[-1] == ELEMENT:
            path = path[:-1]
        at = self.data
        for number, step in enumerate(path[:-1]):
            if step == ELEMENT:
                continue
            if path[number + 1] == ELEMENT:
                key = (path[: number + 1], row)
                if key not in self._elements:
                    self._elements[key] = {}
                    at.setdefault(step, []).append(self._elements[key])
                at = self._elements[key]
            else:
                at = at.setdefault(step, {})
        at.setdefault(path[-1], value)


def _pointer(path: FieldPath) -> str:
    return "/data/" + "/".join("0" if step == ELEMENT else step for step in path)
