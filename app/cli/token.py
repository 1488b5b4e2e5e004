"""`risk-register token`: a bearer token, issued here."""

from datetime import timedelta
from typing import Annotated, Final

import typer

from app.api.tokens import utc_now
from app.cli.demo_house import DATA, token_settings
from app.cli.environment import from_environment
from app.demo.blocks import Scale
from app.domain.actors import Actor, Level, Role
from app.domain.ids import InstitutionId, PartnerId
from app.main import tokens_from
from app.settings import TokenSettings

_LISTED: Final = {
    Level.SCHOOL: ("--institution", "/v1/institutions"),
    Level.PARTNER: ("--partner", "/v1/partners"),
    Level.REGION: ("--region", "/v1/regions"),
}


def token(  # noqa: PLR0913, PLR0917 - each is an option of the command
    role: Annotated[Role, typer.Argument(help="In which role.")],
    subject: Annotated[str, typer.Option(help="Who: a pseudonymous reference, kept in the audit.")] = "local",
    institution: Annotated[
        list[int] | None,
        typer.Option(
            help="Institution, for roles of a school; several for SYNC_CLIENT. GET /v1/institutions lists them."
        ),
    ] = None,
    partner: Annotated[int | None, typer.Option(help="Partner, for coordinators. GET /v1/partners lists them.")] = None,
    region: Annotated[
        str | None, typer.Option(help="Planning region, for REGIONAL_COORDINATOR, such as PR-VIDZEME.")
    ] = None,
    staff_member: Annotated[str | None, typer.Option(help="Own reference, for SUPPORT_PROVIDER.")] = None,
    demo: Annotated[Scale | None, typer.Option(help="For the demo of this scale, with its key.")] = None,
    hours: Annotated[int, typer.Option(min=1, max=24 * 365, help="Valid for so many hours.")] = 12,
) -> None:
    """Issue a token for development: for the service that runs with this environment, or for the demo."""
    actor = Actor(
        subject=subject,
        role=role,
        institution_ids=frozenset(InstitutionId(each) for each in institution or ()),
        partner_id=None if partner is None else PartnerId(partner),
        region_code=region,
        staff_member=staff_member,
    )
    settings = from_environment(TokenSettings) if demo is None else _of_demo(demo)
    if not settings.development:
        typer.echo(
            "Tokens are issued here for development alone (REGISTER_DEVELOPMENT). In production people sign in with the identity"
            " provider, and school systems get theirs at /oauth/token.",
            err=True,
        )
        raise typer.Exit(1)
    try:
        issued = tokens_from(settings).issue(actor, now=utc_now(), lifetime=timedelta(hours=hours))
    except ValueError as error:
        raise typer.BadParameter(f"{error}{_where_listed(actor)}") from error
    typer.echo(issued)


def _where_listed(actor: Actor) -> str:
    """Where those are that it may act for, if it was not said for whom. This command reads no database."""
    if actor.organisation is not None or actor.level not in _LISTED:
        return ""
    option, path = _LISTED[actor.level]
    return f" Say {option}: GET {path} lists them, to a PROGRAMME_AUTHORITY."


def _of_demo(scale: Scale) -> TokenSettings:
    folder = DATA / scale.value
    if not (folder / "keys.json").exists():
        raise typer.BadParameter(f"There is no demo of this scale here yet: make demo SCALE={scale.value}")
    known = token_settings(folder)
    return TokenSettings.model_validate(
        {"development": True, **{name: known[name] for name in known.keys() & TokenSettings.model_fields.keys()}}
    )


def register(cli: typer.Typer) -> None:
    cli.command()(token)
