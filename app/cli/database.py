"""What commands do in the database: on a connection of their own, and what stands in their way is told in a line."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import typer

from app.db.availability import passes
from app.db.session import SILENCE, Database
from app.domain.errors import NotFound, RegisterError, Unavailable
from app.settings import DatabaseSettings

Answer = TypeVar("Answer")


def in_database(
    settings: DatabaseSettings, act: Callable[[Database], Awaitable[Answer]], *, silence: float | None = SILENCE
) -> Answer:
    """As the service. The command ends where the register refuses. `silence`: as of Database; None where it may count for long."""

    async def within() -> Answer:
        database = Database(settings.database_url.get_secret_value(), pool_size=1, silence=silence)
        try:
            return await act(database)
        finally:
            await database.close()

    try:
        return asyncio.run(within())
    except NotFound as error:
        said = f"There is no such {error.noun}."
    except Unavailable:
        said = "The database of REGISTER_DATABASE_URL does not answer."
    except RegisterError as error:
        said = error.message
    typer.echo(said, err=True)
    raise typer.Exit(1)


def as_owner(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What opens a connection of the owner's by itself."""
    try:
        return asyncio.run(work)
    except Exception as error:
        if not passes(error):
            raise
        why = error.strerror if isinstance(error, OSError) and error.strerror else "the connection was closed"
        typer.echo(f"The database does not answer: {why}.", err=True)
        raise typer.Exit(1) from None
