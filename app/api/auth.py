"""Who calls, and whether the role may do this at all. Who may call stands in each route's signature."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.problems import Unauthenticated
from app.api.rate_limits import spend
from app.api.register import register_of
from app.api.tokens import BadToken
from app.domain.actors import Actor
from app.domain.permissions import Permission, demand

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    bearerFormat="JWT",
    description=(
        "An access token: for people, of the identity provider; for school information systems, of `/oauth/token`; in development,"
        " of `risk-register token`."
    ),
)


async def authenticated(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Actor:
    """Raises Unauthenticated, with the same words whatever is wrong with the token, and TooManyRequests."""
    actor = await _actor_of(request, credentials)
    request.state.actor = actor  # for the audit, should the request be refused
    spend(request, register_of(request).limits.requests, actor)
    return actor


async def once_more(request: Request, permission: Permission) -> Actor:
    """Who is calling, asked anew by what takes its time: what has been revoked, withdrawn or has ended meanwhile counts.

    Raises Unauthenticated and Forbidden.
    """
    actor = await _actor_of(request, await bearer(request))
    demand(actor, permission)
    request.state.actor = actor
    return actor


async def _actor_of(request: Request, credentials: HTTPAuthorizationCredentials | None) -> Actor:
    if credentials is None:
        raise Unauthenticated("Send a bearer token.")
    try:
        return await register_of(request).tokens.actor(credentials.credentials)
    except BadToken as error:
        raise Unauthenticated("This token is not accepted.") from error


class Access:
    """The access class of a route: a dependency that lets through only roles with the permission. Tests list the routes by it."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    # Asynchronous, as every dependency here, though it waits for nothing: others are sent to a thread and back.
    async def __call__(self, actor: Annotated[Actor, Depends(authenticated)]) -> Actor:
        demand(actor, self.permission)
        return actor


def _may(permission: Permission) -> Any:  # noqa: ANN401 - what Depends returns
    return Depends(Access(permission))


async def _attempt(request: Request, actor: Annotated[Actor, Depends(authenticated)]) -> None:
    spend(request, register_of(request).limits.persons, actor)


PERSON_ATTEMPT = Depends(_attempt)
"""A dependency of routes that take a personal code: whoever tries code after code to find children is slowed down."""

Authenticated = Annotated[Actor, Depends(authenticated)]
MayReadReference = Annotated[Actor, _may(Permission.READ_REFERENCE)]
MayReadInstitutions = Annotated[Actor, _may(Permission.READ_INSTITUTIONS)]
MayWriteInstitutions = Annotated[Actor, _may(Permission.WRITE_INSTITUTIONS)]
MayReadRecords = Annotated[Actor, _may(Permission.READ_RECORDS)]
MayReadPersons = Annotated[Actor, _may(Permission.READ_PERSONS)]
MayWriteStudents = Annotated[Actor, _may(Permission.WRITE_STUDENTS)]
MayWritePlans = Annotated[Actor, _may(Permission.WRITE_PLANS)]
MayDecidePlans = Annotated[Actor, _may(Permission.DECIDE_PLANS)]
MayEndPlans = Annotated[Actor, _may(Permission.END_PLANS)]
MayWriteInterventions = Annotated[Actor, _may(Permission.WRITE_INTERVENTIONS)]
MayWriteOutcomes = Annotated[Actor, _may(Permission.WRITE_OUTCOMES)]
MayConfirmTransfers = Annotated[Actor, _may(Permission.CONFIRM_TRANSFERS)]
MayAnswerSubjects = Annotated[Actor, _may(Permission.ANSWER_SUBJECTS)]
MayEraseStudents = Annotated[Actor, _may(Permission.ERASE_STUDENTS)]
MayMergeStudents = Annotated[Actor, _may(Permission.MERGE_STUDENTS)]
MayCloseSemesters = Annotated[Actor, _may(Permission.CLOSE_SEMESTERS)]
MaySealReleases = Annotated[Actor, _may(Permission.SEAL_RELEASES)]
MayReadReleases = Annotated[Actor, _may(Permission.READ_RELEASES)]
MayDiscloseIdentity = Annotated[Actor, _may(Permission.DISCLOSE_IDENTITY)]
MayReadStatistics = Annotated[Actor, _may(Permission.READ_STATISTICS)]
MayReadAccessLogs = Annotated[Actor, _may(Permission.READ_ACCESS_LOGS)]
MaySendBatches = Annotated[Actor, _may(Permission.SEND_BATCHES)]
MayFollowChanges = Annotated[Actor, _may(Permission.FOLLOW_CHANGES)]
