"""What commands do with the keys of persons, and how they end where the keys are wrong."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

from app.cli.database import in_database
from app.db.key_checks import Unusable
from app.db.sealing import Sealer
from app.db.session import Database
from app.domain.key_checks import UnfitKeys
from app.main import sealer_from
from app.settings import PersonSettings

Done = TypeVar("Done")


def checked(settings: PersonSettings, act: Callable[[Database, Sealer], Awaitable[Done]]) -> Done:
    """Do it with a connection of its own; where it cannot be done, the command ends with a line that says why."""
    try:
        return in_database(settings, lambda database: act(database, sealer_from(settings)))
    except UnfitKeys as error:
        typer.echo(f"{error}.", err=True)
    except Unusable:
        typer.echo(
            "The database of REGISTER_DATABASE_URL refuses: is it migrated, and is register_app the login?", err=True
        )
    raise typer.Exit(1) from None
