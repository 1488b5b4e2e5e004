"""`risk-register changes`: what an operator can do about the feed."""

import typer

from app.cli.database import in_database
from app.cli.environment import from_environment
from app.db import change_log
from app.settings import DatabaseSettings

group = typer.Typer(help="The feed of changes (REGISTER_DATABASE_URL).", no_args_is_help=True)


@group.callback()
def changes() -> None:
    """The feed of changes (REGISTER_DATABASE_URL)."""


@group.command("new-epoch")
def new_epoch() -> None:
    """End the cursors of all followers: each begins anew. Needed where a backup was restored over the very database it was taken of,
    which nothing else can tell; a new database or server is noticed by itself.
    """
    epoch = in_database(from_environment(DatabaseSettings), change_log.begin_epoch)
    typer.echo(f"Epoch {epoch} has begun.")


def register(cli: typer.Typer) -> None:
    cli.add_typer(group, name="changes")
