"""`risk-register audit`: whether the audit is whole, how far it is sealed, and where its chain ends."""

import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from app.api.audit_sealer import LONGEST_UNSEALED
from app.cli.database import in_database
from app.cli.environment import from_environment
from app.db import audit_log
from app.db.session import Database
from app.domain.audit import Head, Verification
from app.settings import DatabaseSettings

commands = typer.Typer(help="The audit and its chain (REGISTER_DATABASE_URL).", no_args_is_help=True)
Answer = TypeVar("Answer")


@commands.command()
def status() -> None:
    """How much is sealed, and how long the oldest entry has waited for it. Fails if that is more than a minute."""

    async def ask(database: Database) -> tuple[Head, int, timedelta]:
        return await _head(database), *await audit_log.unsealed(database)

    head, waiting, age = _asked(ask)
    typer.echo(f"{head.position} entries are sealed; {waiting} wait, the oldest for {age.total_seconds():.1f} s.")
    if age > LONGEST_UNSEALED:
        typer.echo("Nobody seals: is the service running?", err=True)
        raise typer.Exit(1)


@commands.command()
def head() -> None:
    """Print where the chain ends, as a line of JSON. Keep such lines where nobody who can write the database can write."""
    now = _asked(_head)
    typer.echo(json.dumps({"position": now.position, "hash": now.hash.hex()}))


@commands.command()
def verify(
    heads: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Lines that `audit head` printed earlier.")
    ] = None,
) -> None:
    """Walk the whole chain: fails if an entry was changed or removed, or the end was cut off."""
    noted = [] if heads is None else list(_heads(heads))
    flaws, last = _asked(lambda database: _verified(database, noted))
    for flaw in flaws:
        typer.echo(flaw, err=True)
    if flaws:
        raise typer.Exit(1)
    typer.echo(f"The audit is whole: {last.position} entries, {len(noted)} noted heads.")


def _heads(path: Path) -> Iterator[Head]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            noted = json.loads(line)
            yield Head(position=int(noted["position"]), hash=bytes.fromhex(noted["hash"]))
        except (ValueError, KeyError, TypeError) as error:
            raise typer.BadParameter(f"{path}:{number} is not a line of `audit head`.") from error


async def _head(database: Database) -> Head:
    async with database.transaction(audit_log.AUDITOR, read_only=True) as connection:
        return await audit_log.head(connection)


async def _verified(database: Database, noted: list[Head]) -> tuple[list[str], Head]:
    """Head and entries of one snapshot: what is sealed meanwhile does not disturb."""
    verification = Verification(noted)
    flaws: list[str] = []
    async with database.transaction(audit_log.AUDITOR, read_only=True, snapshot=True) as connection:
        kept = await audit_log.head(connection)
        async for part in audit_log.entries(connection):
            flaws.extend(verification.walk(part))
    return [*flaws, *verification.end(kept)], kept


def _asked(ask: Callable[[Database], Awaitable[Answer]]) -> Answer:
    return in_database(from_environment(DatabaseSettings), ask)


def register(cli: typer.Typer) -> None:
    cli.add_typer(commands, name="audit")
