"""What an authenticated caller tried and was refused: kept in the audit before the refusal is sent."""

from uuid import UUID

from fastapi import Request

from app.api.correlation import correlation_id
from app.api.register import register_of
from app.db import audit
from app.domain.actors import Actor
from app.domain.deeds import Action, Deed, DeedOutcome
from app.domain.errors import Forbidden, NotFound, Refused, RegisterError
from app.domain.ids import StudentId

OUTCOMES: dict[type[RegisterError], DeedOutcome] = {
    Forbidden: DeedOutcome.FORBIDDEN,
    NotFound: DeedOutcome.NOT_FOUND,
    Refused: DeedOutcome.REFUSED,
}
"""The others say that the request was wrong, and nothing was decided."""


async def keep(request: Request, error: RegisterError) -> None:
    """Raises whatever keeps the entry from being written: then not even the refusal is answered."""
    actor = getattr(request.state, "actor", None)
    outcome = next((outcome for kind, outcome in OUTCOMES.items() if isinstance(error, kind)), None)
    if isinstance(actor, Actor) and outcome is not None:
        await audit.append(register_of(request).database, [_attempt(request, actor, error, outcome)])


def _attempt(request: Request, actor: Actor, error: RegisterError, outcome: DeedOutcome) -> Deed:
    route = request.scope.get("route")
    asked = {name: found for name, text in request.path_params.items() if (found := as_uuid(text)) is not None}
    about = asked.get("student_id")
    if isinstance(error, NotFound) and error.noun == "student" and error.record_id is not None:
        about = error.record_id  # it may stand in the body
    return Deed(
        actor=actor,
        action=Action.ATTEMPT,
        noun=error.noun if isinstance(error, NotFound) else _noun(getattr(route, "path", "")),
        correlation_id=correlation_id(),
        record_id=next(map(str, asked.values()), None),
        student_ids=() if about is None else (StudentId(about),),
        reason=f"{getattr(route, 'operation_id', None)}: {error.code}",
        outcome=outcome,
    )


def as_uuid(text: str) -> UUID | None:
    """Of a part of the address; whatever else somebody wrote there is not kept."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _noun(path: str) -> str:
    """`plans` of `/v1/plans/{plan_id}/approval`."""
    return path.removeprefix("/v1/").lstrip("/").split("/")[0]
