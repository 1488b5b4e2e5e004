"""Is the process alive, and can it do its work? Open to everybody, and silent about everything else."""

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel

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
    responses={503: {"model": Health, "description": "The database does not answer."}},
)
async def get_readiness(request: Request, response: Response) -> Health:
    """The database answers, too."""
    if await register_of(request).database.answers():
        return Health(status="ok")
    response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Health(status="unavailable")
