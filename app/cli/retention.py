"""`risk-register retention`: what is due is erased, and what was erased is erased again in a restored backup."""

import sys
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from app.cli.database import in_database
from app.cli.deeds import By, deed_by
from app.cli.environment import from_environment
from app.cli.tombstone_file import BadLine, line_of, read_lines
from app.db import replay as replaying
from app.db import retention
from app.db.reference import packaged
from app.db.retention import Run
from app.db.session import Database
from app.domain.deeds import Action
from app.main import today_from
from app.settings import ClientSettings, DatabaseSettings

group = typer.Typer(help="How long what is kept, and what is erased when.", no_args_is_help=True)

Answer = TypeVar("Answer")


@group.command()
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what is due, and change nothing.")] = False,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="What is due on this day: today unless said.")
    ] = None,
    by: By = None,
) -> None:
    """Erase what the retention rules say is due. It may be stopped at any moment and started again."""
    today = today_from(from_environment(ClientSettings))()
    day = today if on is None else on.date()
    if day > today and not dry_run:
        typer.echo("Nothing is erased before its day: a day to come needs --dry-run.", err=True)
        raise typer.Exit(1)

    async def counted(database: Database) -> Run:
        found = Run()
        with Console(stderr=True).status("Looking for what is due") as shown:
            async for found in retention.run(
                database, packaged().retention, deed_by(by, Action.ERASE, "student"), on=day, dry=dry_run
            ):
                shown.update(f"{found.looked_at:,} students looked at, {sum(found.due.values()):,} due")
        return found

    _show(_in_database(counted), day)


@group.command()
def tombstones() -> None:
    """Write every tombstone to standard output, one JSON object a line (docs/running.md)."""

    async def write(database: Database) -> None:
        async for each in replaying.tombstones_of(database):
            sys.stdout.write(line_of(each))

    _in_database(write)


@group.command()
def replay(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `retention tombstones` wrote.")],
    by: By = None,
) -> None:
    """Erase again in a restored backup what was erased since it was taken. Before it serves anybody; harmless to repeat."""
    try:
        stones = read_lines(file)
    except BadLine as error:
        typer.echo(f"{file}, {error}. Nothing was changed.", err=True)
        raise typer.Exit(1) from None

    async def erase(database: Database) -> int:
        return await replaying.replay(database, stones, deed_by(by, Action.ERASE, "student"))

    again = _in_database(erase)
    typer.echo(f"{len(stones)} tombstones: {again} erased again, {len(stones) - again} gone already.")


def _in_database(act: Callable[[Database], Awaitable[Answer]]) -> Answer:
    return in_database(from_environment(DatabaseSettings), act)


def _show(counted: Run, day: date) -> None:
    title = f"Due on {day}: {counted.looked_at} students looked at"
    table = Table("rule", "what", "due", "erased", "held", "busy", title=title)
    for rule in packaged().retention.rules:
        counts = (each[rule.code] for each in (counted.due, counted.erased, counted.held, counted.busy))
        table.add_row(rule.code, rule.name_en, *map(str, counts))
    Console(width=160).print(table)


def register(cli: typer.Typer) -> None:
    cli.add_typer(group, name="retention")
