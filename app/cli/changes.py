"""`risk-register changes`: what an operator can do about the feed."""

import asyncio

import typer

from app.cli.environment import from_environment
from app.db import change_log
from app.db.session import Database
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
    url = from_environment(DatabaseSettings).database_url.get_secret_value()

    async def begin() -> str:
        database = Database(url, pool_size=1)
        try:
            return str(await change_log.begin_epoch(database))
        finally:
            await database.close()

    typer.echo(f"Epoch {asyncio.run(begin())} has begun.")


def register(cli: typer.Typer) -> None:
    cli.add_typer(group, name="changes")
