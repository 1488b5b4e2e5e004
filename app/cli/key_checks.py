"""What commands do with the keys of persons, and how they end where the keys are wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

from app.db.key_checks import Unusable
from app.db.sealing import Sealer
from app.db.session import Database
from app.domain.errors import Unavailable
from app.domain.key_checks import UnfitKeys
from app.main import sealer_from
from app.settings import PersonSettings

Done = TypeVar("Done")


def checked(settings: PersonSettings, act: Callable[[Database, Sealer], Awaitable[Done]]) -> Done:
    """Do it with a connection of its own; where it cannot be done, the command ends with a line that says why."""

    async def within() -> Done:
        database = Database(settings.database_url.get_secret_value(), pool_size=1)
        try:
            return await act(database, sealer_from(settings))
        finally:
            await database.close()

    try:
        return asyncio.run(within())
    except UnfitKeys as error:
        typer.echo(f"{error}.", err=True)
    except Unavailable:
        typer.echo("The database of REGISTER_DATABASE_URL does not answer.", err=True)
    except Unusable:
        typer.echo(
            "The database of REGISTER_DATABASE_URL refuses: is it migrated, and is register_app the login?", err=True
        )
    raise typer.Exit(1) from None
