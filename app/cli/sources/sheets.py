"""The rows of a file: CSV, or the sheet of an Excel workbook. Both have a header, and both are written as they were read."""

import csv
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from app.cli.sources import bounded
from app.cli.sources.cells import Cell
from app.cli.sources.source import BadSource

Row = tuple[int, Sequence[Cell]]
"""The line on which it begins, and its cells."""

MOST_UNPACKED = 300_000_000
"""Bytes of a workbook when its archive is unpacked: about a million rows. What has more is sent as CSV."""
MOST_ROWS = 1_048_576
"""Of a sheet, as Excel has it."""
EXCEL_MISSING = "Excel needs openpyxl: pip install openpyxl defusedxml"


class Sheet(ABC):
    path: Path

    def header(self) -> list[str]:
        """Raises BadSource where there is none."""
        found = next(self.rows(), None)
        if found is None:
            raise BadSource(f"{self.path} is empty")
        return ["" if each is None else str(each).strip() for each in found[1]]

    def body(self) -> Iterator[Row]:
        yield from islice(self.rows(), 1, None)

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Those that have anything in them, the header first. Raises BadSource."""

    @abstractmethod
    def write(self, target: Path, rows: Iterator[Sequence[Cell]]) -> None: ...


@dataclass(frozen=True, slots=True)
class CsvSheet(Sheet):
    path: Path
    delimiter: str = ","
    encoding: str = "utf-8-sig"

    def rows(self) -> Iterator[Row]:
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                for begins, cells in bounded.rows(file, self.delimiter):
                    if any(cell.strip() for cell in cells):
                        yield begins, cells
        except OSError as error:
            raise BadSource(f"{self.path}: {error.strerror}") from error
        except UnicodeDecodeError:
            raise BadSource(f"{self.path} is not written in {self.encoding}: say encoding in the mapping") from None
        except csv.Error as error:
            raise BadSource(f"{self.path}: {error}") from error

    def write(self, target: Path, rows: Iterator[Sequence[Cell]]) -> None:
        # What the reasons say may have letters that the encoding has not.
        with target.open("w", encoding=self.encoding, newline="", errors="replace") as file:
            csv.writer(file, delimiter=self.delimiter).writerows(rows)


@dataclass(frozen=True, slots=True)
class ExcelSheet(Sheet):
    """`name`: of the sheet; the first unless said."""

    path: Path
    name: str | None = None

    def rows(self) -> Iterator[Row]:
        with self._translated(), self._opened() as book:
            if self.name is not None and self.name not in book.sheetnames:
                raise BadSource(f"{self.path} has no sheet {self.name!r}, but {', '.join(book.sheetnames)}")
            sheet = book[self.name or book.sheetnames[0]]
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                if number > MOST_ROWS:
                    raise BadSource(f"{self.path} has more than {MOST_ROWS:,} rows")
                if any(cell is not None and str(cell).strip() for cell in cells):
                    yield number, cells

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Also while rows are read: a sheet is unpacked only then."""
        try:
            yield
        except BadSource:
            raise
        except OSError as error:
            raise BadSource(f"{self.path}: {error.strerror or error}") from error
        except Exception as error:  # whatever a broken archive brings about in there
            raise BadSource(f"{self.path} is no Excel workbook (.xlsx), or a damaged one") from error

    def _opened(self) -> Any:  # noqa: ANN401 - a module without types
        openpyxl = _openpyxl()
        with zipfile.ZipFile(self.path) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise BadSource(f"{self.path} has {unpacked:,} bytes when it is unpacked: send it as CSV")
        return closing(openpyxl.load_workbook(self.path, read_only=True, data_only=True))

    def write(self, target: Path, rows: Iterator[Sequence[Cell]]) -> None:
        openpyxl = _openpyxl()
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(self.name)

        def as_it_came(value: Cell) -> Any:  # noqa: ANN401 - a module without types
            """Text as text: openpyxl would make a formula of what begins with `=`, and refuses characters that XML has not."""
            if not isinstance(value, str):
                return value
            cell = openpyxl.cell.WriteOnlyCell(sheet, openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("\ufffd", value))
            cell.data_type = "s"
            return cell

        for each in rows:
            sheet.append([as_it_came(value) for value in each])
        book.save(target)


def _openpyxl() -> Any:  # noqa: ANN401 - a module without types
    try:
        import openpyxl  # noqa: PLC0415 - only Excel needs it
    except ImportError as missing:
        raise BadSource(EXCEL_MISSING) from missing
    return openpyxl
