"""`risk-register token`: a bearer token, issued here."""

from datetime import timedelta
from typing import Annotated

import typer

from app.api.tokens import utc_now
from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId, PartnerId
from app.main import tokens_from
from app.settings import Settings


def token(
    role: Annotated[Role, typer.Argument(help="In which role.")],
    subject: Annotated[str, typer.Option(help="Who: a pseudonymous reference, kept in the audit.")] = "local",
    institution: Annotated[
        list[int] | None, typer.Option(help="Institution, for roles of a school; several for SYNC_CLIENT.")
    ] = None,
    partner: Annotated[int | None, typer.Option(help="Partner, for coordinators.")] = None,
    region: Annotated[str | None, typer.Option(help="Planning region, for REGIONAL_COORDINATOR.")] = None,
    staff_member: Annotated[str | None, typer.Option(help="Own reference, for SUPPORT_PROVIDER.")] = None,
    hours: Annotated[int, typer.Option(min=1, max=24 * 365, help="Valid for so many hours.")] = 12,
) -> None:
    """Issue a token for the service that runs with this environment (REGISTER_TOKEN_KEY)."""
    actor = Actor(
        subject=subject,
        role=role,
        institution_ids=frozenset(InstitutionId(each) for each in institution or ()),
        partner_id=None if partner is None else PartnerId(partner),
        region_code=region,
        staff_member=staff_member,
    )
    try:
        issued = tokens_from(Settings()).issue(actor, now=utc_now(), lifetime=timedelta(hours=hours))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo(issued)


def register(cli: typer.Typer) -> None:
    cli.command()(token)
