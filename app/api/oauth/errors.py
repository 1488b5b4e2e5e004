"""What /oauth/token refuses, as RFC 6749, section 5.2 has it: client libraries expect that, and no problem document."""

from http import HTTPStatus

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

NO_STORE = {"Cache-Control": "no-store"}


class OAuthProblem(BaseModel):
    """RFC 6749, section 5.2."""

    error: str = Field(description="Stable; for programs.", examples=["invalid_client"])
    error_description: str = Field(
        description="For people.", examples=["The client could not prove that it is itself."]
    )


class OAuthError(Exception):
    """Root of what is refused here. The reason why a client is not believed is for the log alone."""

    error = "invalid_request"
    status = HTTPStatus.BAD_REQUEST

    def __init__(self, description: str, *, status: HTTPStatus | None = None) -> None:
        super().__init__(description)
        self.description = description
        self.status = status or self.status

    def answer(self) -> JSONResponse:
        body = OAuthProblem(error=self.error, error_description=self.description)
        headers = dict(NO_STORE)
        if self.status is HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = 'Basic realm="risk-register"'
        return JSONResponse(body.model_dump(), self.status, headers=headers)


class InvalidRequest(OAuthError):
    pass


class UnsupportedGrantType(OAuthError):
    error = "unsupported_grant_type"


class InvalidScope(OAuthError):
    error = "invalid_scope"


class InvalidClient(OAuthError):
    """Whatever was wrong with the proof, or whoever it was for: one answer."""

    error = "invalid_client"
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, reason: str) -> None:
        super().__init__("The client could not prove that it is itself.")
        self.reason = reason
