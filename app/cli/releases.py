"""`risk-register release`: seal what everybody outside may know of a closed semester, list what there is, withdraw what was wrong."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from app.api import releasing
from app.api.rest.releases import shown
from app.cli.database import in_database
from app.cli.deeds import By, deed_by
from app.cli.environment import from_environment
from app.db import releases, semesters
from app.db.reference import packaged
from app.db.scopes import OUTSIDE
from app.db.session import Database
from app.domain.deeds import Action
from app.domain.errors import NotFound
from app.domain.ids import ReleaseId
from app.domain.releases.release import Release, standing
from app.main import today_from
from app.settings import ReleaseSettings

group = typer.Typer(help="Sealed releases, for everybody outside (docs/privacy.md).", no_args_is_help=True)

ReleaseArgument = Annotated[
    str, typer.Argument(metavar="RELEASE", help="Its number or its id, as `release list` tells them.")
]
Answer = TypeVar("Answer")


@group.command()
def build(semester: Annotated[str, typer.Argument(help="A closed semester, such as 2020-1.")], by: By = None) -> None:
    """Seal a release of a closed semester. Noise is drawn once; what it costs is spent for good."""
    settings = from_environment(ReleaseSettings)

    async def act(database: Database) -> Release:
        order = releasing.Order(
            semester=semesters.get(semester),
            today=today_from(settings)(),
            ceiling=settings.release_ceiling,
        )
        return await releasing.build(
            database, packaged(), order, lambda made: deed_by(by, Action.SEAL, "release", record_id=str(made.id))
        )

    with Console(stderr=True).status("Counting, and drawing noise"):
        made = _in_database(settings, act)
    typer.echo(f"Release {made.number} of semester {made.semester} is sealed: {made.id}")
    typer.echo(f"It cost {made.rho}, and all releases together {made.spent}.")


@group.command(name="list")
def list_them() -> None:
    """Every release there ever was, and what it cost."""
    table = Table("number", "semester", "sealed on", "rho", "spent", "epsilon", "withdrawn on", "id")
    for each in _in_database(from_environment(ReleaseSettings), _all):
        facts = (each.number, each.semester, each.sealed_on, each.rho, each.spent, each.epsilon.normalize())
        table.add_row(*map(str, facts), str(each.withdrawn_on or ""), str(each.id))
    Console(width=140).print(table)


@group.command()
def show(release: ReleaseArgument) -> None:
    """What a release is made of, as JSON."""

    async def ask(database: Database) -> Release:
        release_id = await _named(database, release)
        async with database.transaction(OUTSIDE, read_only=True) as connection:
            return await releases.ledger.get(connection, release_id)

    found = _in_database(from_environment(ReleaseSettings), ask)
    facts = {**shown(found), "definition": found.definition}
    typer.echo(json.dumps(facts, ensure_ascii=False, indent=2, default=str))


@group.command()
def withdraw(
    release: ReleaseArgument,
    reason: Annotated[str, typer.Option(help="Why: told to everybody.")],
    by: By = None,
) -> None:
    """Answer nothing from a release any more. Its cost stays spent. Where an earlier one of the semester stands, it is answered from again."""
    settings = from_environment(ReleaseSettings)

    async def act(database: Database) -> tuple[Release, Release | None]:
        release_id = await _named(database, release)
        withdrawn = await releasing.withdraw(
            database,
            release_id,
            on=today_from(settings)(),
            reason=reason,
            deed=deed_by(by, Action.WITHDRAW, "release", record_id=str(release_id), reason=reason),
        )
        return withdrawn, standing(await _all(database)).get(withdrawn.semester)

    withdrawn, instead = _in_database(settings, act)
    typer.echo(f"Release {withdrawn.number} of semester {withdrawn.semester} is withdrawn.")
    if instead is None:
        typer.echo("Nothing is answered of that semester any more.")
    else:
        typer.echo(
            f"The semester is answered from release {instead.number} again. If that is wrong as well: {instead.id}"
        )


async def _named(database: Database, words: str) -> ReleaseId:
    """By number or by id."""
    for each in await _all(database):
        if words in {str(each.number), str(each.id)}:
            return each.id
    raise NotFound("release")


async def _all(database: Database) -> list[Release]:
    async with database.transaction(OUTSIDE, read_only=True) as connection:
        return list(await releases.ledger.all_of_them(connection))


def _in_database(settings: ReleaseSettings, act: Callable[[Database], Awaitable[Answer]]) -> Answer:
    # It may count for longer than a request may ask.
    return in_database(settings, act, silence=None)


def register(cli: typer.Typer) -> None:
    cli.add_typer(group, name="release")
