"""POST /oauth/token, and where client libraries find it."""

import logging
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app.api.correlation import correlation_id
from app.api.oauth.authentication import ASSERTION_TYPE, METHODS, authenticate, presented
from app.api.oauth.errors import (
    NO_STORE,
    InvalidClient,
    InvalidRequest,
    InvalidScope,
    OAuthError,
    OAuthProblem,
    UnsupportedGrantType,
)
from app.api.oauth.forms import MEDIA_TYPE, form_of
from app.api.register import register_of
from app.api.tokens import utc_now
from app.db import audit
from app.db.scopes import GATE
from app.domain.actors import Actor, Role
from app.domain.clients import Algorithm, Credential
from app.domain.deeds import Action, Deed

log = logging.getLogger("register.oauth")
router = APIRouter(tags=["oauth"])

GRANT_TYPE = "client_credentials"


class AccessToken(BaseModel):
    """RFC 6749, section 5.1."""

    access_token: str = Field(description="Send it as `Authorization: Bearer ...`. What is in it is for the register.")
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - its kind, no secret
    expires_in: int = Field(description="Seconds from now.", examples=[600])


class Metadata(BaseModel):
    """RFC 8414, section 2."""

    issuer: str = Field(description="The `aud` of assertions, exactly.", examples=["https://register.example"])
    token_endpoint: str = Field(examples=["https://register.example/oauth/token"])
    grant_types_supported: list[str] = [GRANT_TYPE]
    token_endpoint_auth_methods_supported: list[str] = list(METHODS)
    token_endpoint_auth_signing_alg_values_supported: list[str] = list(Algorithm)
    response_types_supported: list[str] = Field(default=[], description="None: people sign in elsewhere.")


_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": [GRANT_TYPE]},
        "client_id": {"type": "string", "format": "uuid", "description": "With `client_secret`."},
        "client_secret": {"type": "string", "description": "`client_secret_post`; or send both by HTTP Basic."},
        "client_assertion_type": {
            "type": "string",
            "enum": [ASSERTION_TYPE],
            "description": "With `client_assertion`.",
        },
        "client_assertion": {
            "type": "string",
            "description": (
                "`private_key_jwt`: a JSON Web Token whose `iss` and `sub` are the client's id, `aud` the issuer exactly, `exp`"
                " at most five minutes ahead, and `jti` new each time; signed with the registered algorithm, its `kid` in the header."
            ),
        },
    },
}


def _refuses(description: str) -> dict[str, Any]:
    return {"model": OAuthProblem, "description": description}


@router.post(
    "/oauth/token",
    operation_id="issue_token",
    response_model=AccessToken,
    responses={
        400: _refuses("The request is not one that can be answered."),
        401: _refuses("The client could not prove that it is itself: one answer, whatever was wrong."),
        413: _refuses("The body is too large."),
    },
    openapi_extra={
        "requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": _FORM}}},
        "security": [{"client": []}, {}],
    },
)
async def issue_token(request: Request) -> JSONResponse:
    """An access token for a school information system, by the client credentials grant of OAuth 2.0 (RFC 6749, section 4.4)."""
    try:
        form = await form_of(request)
        _demand_grant(form.get("grant_type"), form.get("scope"))
        proof = presented(request.headers.get("authorization"), form)
        tokens, now = register_of(request).clients, utc_now()
        # Refusals leave the transaction as errors, so that nothing of it stays.
        async with tokens.database.transaction(GATE) as connection:
            credential = await authenticate(connection, proof, issuer=tokens.issuer, now=now)
            await audit.record(connection, _issued(credential))
    except OAuthError as refused:
        if isinstance(refused, InvalidClient):
            log.warning("client not believed", extra={"fields": {"reason": refused.reason}})
        return refused.answer()
    token = AccessToken(access_token=tokens.issue(credential, now=now), expires_in=int(tokens.lifetime.total_seconds()))
    return JSONResponse(token.model_dump(), headers=NO_STORE)


def _demand_grant(grant_type: str | None, scope: str | None) -> None:
    if grant_type is None:
        raise InvalidRequest("Say grant_type.")
    if grant_type != GRANT_TYPE:
        raise UnsupportedGrantType(f"grant_type is {GRANT_TYPE}.")
    if scope is not None:
        raise InvalidScope("There are no scopes to ask for: a client acts for the institutions granted to it.")


def _issued(credential: Credential) -> Deed:
    return Deed(
        actor=Actor(subject=str(credential.client_id), role=Role.SYNC_CLIENT),
        action=Action.ISSUE_TOKEN,
        noun="client credential",
        correlation_id=correlation_id(),
        record_id=str(credential.id),
    )


@router.get("/.well-known/oauth-authorization-server", operation_id="get_oauth_metadata")
async def get_oauth_metadata(request: Request) -> Metadata:
    """Where tokens are to be had, and how a client may prove itself."""
    issuer = register_of(request).clients.issuer
    return Metadata(issuer=issuer, token_endpoint=f"{issuer.rstrip('/')}/oauth/token")
