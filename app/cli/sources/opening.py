"""Which source a file is: by its name, and for a table by the mapping that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.cli.sources.cells import Cells
from app.cli.sources.kinds import Kind, kind_of
from app.cli.sources.mappings import FieldPath, TableMapping, read_mapping
from app.cli.sources.ndjson import NdjsonSource
from app.cli.sources.oneroster import OneRosterSource, checked
from app.cli.sources.roster_files import RosterFiles
from app.cli.sources.sheets import CsvSheet, ExcelSheet, Sheet
from app.cli.sources.source import BadSource, Source
from app.cli.sources.tables import TableSource
from app.client import Schema

NDJSON = {".ndjson", ".jsonl"}
CSV = {".csv", ".tsv", ".txt"}
EXCEL = {".xlsx", ".xlsm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """`mappings`: as they were given, one for each table in turn, or one for all. Without any, `plans.toml` belongs to `plans.csv`."""

    schema: Schema
    today: date
    mappings: Sequence[Path] = ()

    def sources(self, paths: Sequence[Path]) -> list[Source]:
        """Raises BadSource."""
        tables = [each for each in paths if each.suffix.lower() in CSV | EXCEL]
        if len(self.mappings) not in {0, 1, len(tables)}:
            raise BadSource(
                f"There are {len(tables)} tables and {len(self.mappings)} mappings: one for each, or one for all."
            )
        mappings = list(self.mappings)
        chosen = dict(zip(tables, mappings if len(mappings) > 1 else mappings * len(tables), strict=False))
        return [self._source(each, chosen.get(each)) for each in paths]

    def _source(self, path: Path, mapping: Path | None) -> Source:
        suffix = path.suffix.lower()
        if path.is_dir() or suffix == ".zip":
            return OneRosterSource(checked(RosterFiles(path)), self.today)
        if suffix in NDJSON:
            return NdjsonSource(path)
        if suffix in CSV | EXCEL:
            return self._table(path, read_mapping(mapping or path.with_suffix(".toml")))
        raise BadSource(
            f"{path}: what this is, its name does not say: NDJSON (.ndjson), a table (.csv, .xlsx), or OneRoster (a folder, .zip)"
        )

    def _table(self, path: Path, mapping: TableMapping) -> Source:
        types = [each.type for each in self.schema.types]
        if mapping.type not in types:
            raise BadSource(f"The register has no type {mapping.type!r}, but {', '.join(types)}.")
        kinds: dict[FieldPath, Kind] = {}
        for field in {*mapping.columns.values(), *mapping.constants}:
            kind = kind_of(self.schema, mapping.type, field, mapping.op)
            if kind is None:
                said = ".".join(field).replace(".[]", "[]")
                raise BadSource(f"The register has no field {said} of type {mapping.type}.")
            kinds[field] = kind
        return TableSource(_sheet(path, mapping), Cells(mapping, kinds))


def _sheet(path: Path, mapping: TableMapping) -> Sheet:
    if path.suffix.lower() in EXCEL:
        return ExcelSheet(path, mapping.sheet)
    return CsvSheet(path, mapping.delimiter, mapping.encoding)
