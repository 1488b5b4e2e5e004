"""`risk-register clients`: the school information systems that may ask for tokens, and what they are granted."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from rich.console import Console

from app.api.oauth.keys import BadKey
from app.api.tokens import utc_now
from app.cli.client_acts import NewKey, Operator
from app.cli.client_tables import overview_json, show_issued, show_overview
from app.cli.database import in_database
from app.cli.environment import from_environment
from app.domain.clients import Algorithm
from app.domain.ids import ClientId, CredentialId, InstitutionId
from app.domain.periods import Period
from app.main import today_from
from app.settings import ClientSettings

Done = TypeVar("Done")
Act = Callable[[Operator], Awaitable[Done]]

_OVERLAP = re.compile(r"(\d{1,4})([mhd])|0")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

commands = typer.Typer(
    help="School information systems: who they are, and what is granted to them.", no_args_is_help=True
)


def _overlap(text: str) -> timedelta:
    matched = _OVERLAP.fullmatch(text)
    if matched is None:
        raise typer.BadParameter("Say it as 30m, 24h, 7d, or 0.")
    return int(matched[1]) * _UNITS[matched[2]] if matched[1] else timedelta(0)


By = Annotated[str, typer.Option("--by", help="Who you are: kept in the audit.")]
ClientArgument = Annotated[UUID, typer.Argument(metavar="CLIENT", help="The client's id.")]
Institutions = Annotated[
    list[int],
    typer.Option("--institution", help="Granted to it, by the register's own id. May be given several times."),
]
Numbers = Annotated[
    list[str], typer.Option("--registration-number", help="Likewise, by the registration number of today.")
]
DAY = ["%Y-%m-%d"]
From = Annotated[datetime | None, typer.Option("--from", formats=DAY, help="First day. Today unless said.")]
To = Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Last day. Open unless said.")]
KeyFile = Annotated[
    Path | None,
    typer.Option("--public-key", exists=True, dir_okay=False, help="PEM or JSON Web Key, in place of a secret."),
]
Signs = Annotated[
    Algorithm | None, typer.Option("--algorithm", help="Of the key, where it could sign in several ways.")
]


@commands.command()
def create(  # noqa: PLR0913, PLR0917 - each is an option of the command
    name: Annotated[str, typer.Argument(help="What people call it.")],
    by: By,
    institution: Institutions = [],  # noqa: B006 - typer copies it
    registration_number: Numbers = [],  # noqa: B006 - likewise
    start: From = None,
    end: To = None,
    public_key: KeyFile = None,
    algorithm: Signs = None,
) -> None:
    """Register a client. Its secret is told once; with a public key there is none."""
    key, granted = _key(public_key, algorithm), _granted(institution, registration_number)
    issued = _run(by, lambda it: it.create(name, granted=granted, period=_period(start, end), key=key))
    show_issued(issued, Console())


@commands.command("list")
def list_clients(
    for_programs: Annotated[bool, typer.Option("--json", help="As JSON, with times in UTC.")] = False,
) -> None:
    """Every client, its credentials, and the institutions granted to it, with those that have ended."""
    found, today = _run("list", lambda it: it.overview()), _today()
    if for_programs:
        typer.echo(overview_json(found, today=today, now=utc_now()))
    else:
        show_overview(found, Console(), today=today, now=utc_now())


@commands.command()
def rotate(
    client: ClientArgument,
    by: By,
    overlap: Annotated[str, typer.Option(help="How long the old credential goes on: 30m, 24h, 7d, or 0.")] = "24h",
    public_key: KeyFile = None,
    algorithm: Signs = None,
) -> None:
    """Give a client a new credential; the old one ends after the overlap."""
    key, goes_on = _key(public_key, algorithm), _overlap(overlap)
    issued = _run(by, lambda it: it.rotate(ClientId(client), overlap=goes_on, key=key))
    show_issued(issued, Console())


@commands.command()
def revoke(
    client: ClientArgument,
    by: By,
    credential: Annotated[UUID | None, typer.Option(help="This credential alone.")] = None,
) -> None:
    """End a client, or one of its credentials, at once and for good: the next request with its tokens is refused."""
    only = None if credential is None else CredentialId(credential)
    revoked = _run(by, lambda it: it.revoke(ClientId(client), only))
    what = "is revoked." if only is None else f"goes on without credential {only}."
    typer.echo(f"{revoked.name} {what}")


@commands.command()
def grant(
    client: ClientArgument,
    by: By,
    institution: Institutions = [],  # noqa: B006 - typer copies it
    registration_number: Numbers = [],  # noqa: B006 - likewise
    start: From = None,
    end: To = None,
) -> None:
    """Let a client read and write for institutions, from a day on."""
    granted = _granted(institution, registration_number)
    if not granted:
        raise typer.BadParameter("Name what is granted, by --institution or --registration-number.")
    found = _run(by, lambda it: it.grant(ClientId(client), granted, _period(start, end)))
    typer.echo(f"{found.name} acts for {', '.join(map(str, granted))}.")


@commands.command()
def withdraw(
    client: ClientArgument,
    by: By,
    institution: Annotated[int, typer.Option(help="No longer granted to it.")],
    last_day: Annotated[
        datetime | None, typer.Option(formats=DAY, help="The last day of it. Yesterday unless said: at once.")
    ] = None,
) -> None:
    """Take an institution from a client."""
    last = _today() - timedelta(days=1) if last_day is None else last_day.date()
    count = _run(by, lambda it: it.withdraw(ClientId(client), InstitutionId(institution), last))
    if not count:
        typer.echo(f"Nothing of institution {institution} is granted to this client after {last}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"The client acts for institution {institution} until {last}, and no longer.")


def _granted(ids: list[int], numbers: list[str]) -> list[InstitutionId]:
    async def numbered(it: Operator) -> list[InstitutionId]:
        return [await it.numbered(each, _today()) for each in numbers]

    by_number = _run("look-up", numbered) if numbers else []
    return list(dict.fromkeys([*map(InstitutionId, ids), *by_number]))


def _today() -> date:
    return today_from(from_environment(ClientSettings))()


def _period(start: datetime | None, end: datetime | None) -> Period:
    return Period(_today() if start is None else start.date(), None if end is None else end.date())


def _key(path: Path | None, algorithm: Algorithm | None) -> NewKey | None:
    if path is None:
        return None
    return NewKey(text=path.read_text(encoding="utf-8", errors="replace"), algorithm=algorithm)


def _run(name: str, act: Act[Done]) -> Done:
    """Do it in one go; what is refused ends the command with a line that says why."""
    settings = from_environment(ClientSettings)
    try:
        return in_database(settings, lambda database: act(Operator(name=name, database=database, now=utc_now())))
    except BadKey as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def register(cli: typer.Typer) -> None:
    cli.add_typer(commands, name="clients")
