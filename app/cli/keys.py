"""`risk-register keys`: which key seals what of persons, and how to get from one key to the next."""

import typer
from rich.console import Console
from rich.table import Table

from app.cli.deeds import By, deed_by
from app.cli.environment import from_environment
from app.cli.key_checks import checked
from app.db import key_checks, keys
from app.db.keys import Rotation, Standing
from app.db.sealing import Sealer
from app.db.session import Database
from app.domain.deeds import Action, Deed
from app.main import sealer_from
from app.settings import PersonSettings

group = typer.Typer(help="The keys under which persons are sealed.", no_args_is_help=True)


@group.command()
def status() -> None:
    """Tell how many statements of persons are sealed under which key."""
    settings = from_environment(PersonSettings)
    _show(checked(settings, _standing), sealer_from(settings))


@group.command()
def rotate(by: By = None) -> None:
    """Seal everything anew under REGISTER_PERSON_KEY. The register may go on working; docs/running.md says in which order."""
    settings = from_environment(PersonSettings)
    deed = deed_by(by, Action.ROTATE_KEYS, "person")
    rotation, standing = checked(settings, lambda database, sealer: _rotate(database, sealer, deed))
    _show(standing, sealer_from(settings))
    typer.echo(f"{rotation.resealed} statements sealed anew.")
    for student_id, institution_id in sorted(rotation.unopenable):
        typer.echo(f"Not opened by any key here: student {student_id}, institution {institution_id}.", err=True)
    if rotation.unopenable:
        raise typer.Exit(1)


async def _rotate(database: Database, sealer: Sealer, deed: Deed) -> tuple[Rotation, Standing]:
    await key_checks.admit(database, sealer)
    rotation = Rotation()
    with Console(stderr=True).status("Sealing anew") as shown:
        async for rotation in keys.rotate(database, sealer, deed):
            shown.update(f"Sealing anew: {rotation.resealed:,} statements")
    return rotation, await keys.standing(database)


async def _standing(database: Database, sealer: Sealer) -> Standing:
    await key_checks.admit(database, sealer)
    return await keys.standing(database)


def _show(standing: Standing, sealer: Sealer) -> None:
    table = Table("key", "statements", "here")
    for key_id in sorted({*standing.by_key, *sealer.keys}):
        here = "seals" if key_id == sealer.key_id else "opens" if key_id in sealer.keys else "missing"
        table.add_row(str(key_id), str(standing.by_key.get(key_id, 0)), here)
    Console().print(table)
    typer.echo(f"Under another key than {sealer.key_id}: {standing.left(sealer.key_id)}.")
    typer.echo(f"Without a hash of their likeness: {standing.without_likeness}.")


def register(cli: typer.Typer) -> None:
    cli.add_typer(group, name="keys")
