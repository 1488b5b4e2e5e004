"""What `risk-register push` tells: how many of each type, and which rows were rejected for what."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from app.cli.push_acts import Rejected
from app.client import Counts

SHOWN = 50
"""Rejected rows in the table; a file has them all."""


def show_counts(counts: Mapping[str, Counts], console: Console) -> None:
    if not counts:
        console.print("There was nothing to send.")
        return
    names = ("created", "updated", "unchanged", "deleted", "rejected")
    table = Table("type", *names)
    for column in table.columns[1:]:
        column.justify = "right"
    for of_type, each in counts.items():
        table.add_row(of_type, *(f"{getattr(each, name):,}" for name in names))
    console.print(table)


def show_rejected(rejected: Sequence[Rejected], console: Console) -> None:
    table = Table("row", "external id", Column("field", overflow="fold"), "why")
    for each in rejected[:SHOWN]:
        for number, violation in enumerate(each.violations):
            # The row once, and not read as rich's markup: it is somebody else's text.
            where = (str(each.place), str(each.item.get("external_id") or "")) if number == 0 else ("", "")
            said = (each.source.field(each.item, violation.pointer) or "/", violation.told)
            table.add_row(*(Text(part) for part in (*where, *said)))
    console.print(table)
    if len(rejected) > SHOWN:
        console.print(f"... and {len(rejected) - SHOWN:,} more: --rejected FILE has them all.")
