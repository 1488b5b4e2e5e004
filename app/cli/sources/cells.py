"""A cell becomes a value: of the kind that the register's field has, or a violation in words that name the cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from app.cli.sources.kinds import Kind
from app.cli.sources.mappings import ELEMENT, FieldPath, TableMapping

Cell = str | int | float | bool | Decimal | datetime | date | time | None


MOST_DIGITS = 20
"""Of a number, far beyond any amount: written out, 1e999999 would be a megabyte."""


class BadCell(ValueError):
    """Says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Cells:
    """`kinds`: of the fields that columns are mapped to."""

    mapping: TableMapping
    kinds: Mapping[FieldPath, Kind]

    def value(self, path: FieldPath, cell: Cell) -> Any:  # noqa: ANN401 - any JSON
        """None for an empty cell. Raises BadCell."""
        text = _plain(cell)
        if text == "":
            return None
        if path[-1] == ELEMENT:
            parts = [part.strip() for part in str(text).split(self.mapping.list_separator)]
            return [self._one(path, part) for part in parts if part]
        return self._one(path, text)

    def _one(self, path: FieldPath, cell: Cell) -> Any:  # noqa: ANN401 - as above
        meant = self.mapping.codes.get(path, self.mapping.codes.get(path[:-1] if path[-1] == ELEMENT else path, {}))
        if str(cell) in meant:
            return meant[str(cell)]
        reading: Mapping[Kind, Callable[[Cell], Any]] = {
            Kind.DATE: self._date,
            Kind.INTEGER: _integer,
            Kind.NUMBER: _number,
            Kind.BOOLEAN: self._boolean,
            Kind.TEXT: _text,
        }
        return reading[self.kinds.get(path, Kind.TEXT)](cell)

    def _date(self, cell: Cell) -> str:
        if isinstance(cell, datetime):
            return cell.date().isoformat()
        if isinstance(cell, date):
            return cell.isoformat()
        try:
            return datetime.strptime(str(cell), self.mapping.date_format).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise BadCell(f"{cell!r} is no date like {_example(self.mapping.date_format)}.") from None

    def _boolean(self, cell: Cell) -> bool:
        if isinstance(cell, bool):
            return cell
        said = str(cell).casefold()
        if said in self.mapping.true:
            return True
        if said in self.mapping.false:
            return False
        raise BadCell(f"{cell!r} is neither of {', '.join(self.mapping.true)} nor of {', '.join(self.mapping.false)}.")


def _plain(cell: Cell) -> Cell:
    return "" if cell is None else cell.strip() if isinstance(cell, str) else cell


def _decimal(cell: Cell) -> Decimal:
    text = str(cell).replace(" ", "").replace("\u00a0", "").replace(",", ".")
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise BadCell(f"{cell!r} is no number.") from None
    if not found.is_finite() or found.adjusted() > MOST_DIGITS:
        raise BadCell(f"{cell!r} is no number.")
    return found


def _integer(cell: Cell) -> int:
    found = _decimal(cell)
    if found != found.to_integral_value():
        raise BadCell(f"{cell!r} is no whole number.")
    return int(found)


def _number(cell: Cell) -> str:
    """As text, which is exact."""
    return f"{_decimal(cell):f}"


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        # A number such as 4312902314 that a workbook keeps as one.
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def _example(date_format: str) -> str:
    return date(2021, 9, 30).strftime(date_format)
