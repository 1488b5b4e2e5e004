"""Is the process alive, and can it do its work? Open to everybody, and silent about everything else."""

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel

from app.api import audit_sealer
from app.api.register import register_of

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: str


@router.get("/healthz", operation_id="get_health")
async def get_health() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get(
    "/readyz",
    operation_id="get_readiness",
    responses={
        503: {
            "model": Health,
            "description": "The database does not answer, or the audit has not been sealed for a minute.",
        }
    },
)
async def get_readiness(request: Request, response: Response) -> Health:
    """The database answers, too, and what happens is sealed in the audit in time."""
    database = register_of(request).database
    if not await database.answers():
        return _not_ready(response, "unavailable")
    if not await audit_sealer.is_sealed_in_time(database):
        return _not_ready(response, "audit not sealed")
    return Health(status="ok")


def _not_ready(response: Response, why: str) -> Health:
    response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Health(status=why)
