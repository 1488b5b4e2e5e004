"""Who does something by a command, for the audit."""

from getpass import getuser
from typing import Annotated
from uuid import uuid4

import typer

from app.domain.actors import Actor, Role
from app.domain.deeds import Action, Deed

By = Annotated[str | None, typer.Option(help="Who does it, for the audit: the user of this system unless said.")]


def deed_by(
    by: str | None, action: Action, noun: str, *, record_id: str | None = None, reason: str | None = None
) -> Deed:
    return Deed(
        actor=Actor(subject=by or getuser(), role=Role.ADMINISTRATOR),
        action=action,
        noun=noun,
        correlation_id=str(uuid4()),
        record_id=record_id,
        reason=reason,
    )
