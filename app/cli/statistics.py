"""`risk-register statistics`: the tables that statistics are read from, made anew or compared with the records."""

import typer

from app.cli.database import as_owner
from app.cli.environment import from_environment
from app.db.statistics import upkeep
from app.settings import OwnerSettings

commands = typer.Typer(
    help="What statistics are read from (REGISTER_OWNER_DATABASE_URL): kept with every change, so neither is needed day by day.",
    no_args_is_help=True,
)


@commands.command()
def rebuild() -> None:
    """Make all of it anew from the records. Whoever writes meanwhile waits, 10 s at most, and is then refused with 409 `busy`: run it
    when no batches come. Whoever reads goes on. It is needed where `verify` finds a difference, or something was written past the register.
    """
    as_owner(upkeep.rebuild(_url()))
    typer.echo("What statistics are read from was made anew.")


@commands.command()
def verify() -> None:
    """Compute all of it from the records, and tell where what is kept differs. Fails if it does. Nobody waits for it."""
    found = as_owner(upkeep.differences(_url()))
    for each in found:
        typer.echo(f"{each.table}: {each.count} rows differ.", err=True)
        for kept, expected in each.examples:
            typer.echo(f"  kept     {kept or 'nothing'}\n  expected {expected or 'nothing'}", err=True)
    if found:
        raise typer.Exit(1)
    typer.echo("What statistics are read from agrees with the records.")


def _url() -> str:
    return from_environment(OwnerSettings).owner_database_url.get_secret_value()


def register(cli: typer.Typer) -> None:
    cli.add_typer(commands, name="statistics")
