"""Every router of the service, in the order in which the reference shows them."""

from fastapi import FastAPI

from app.api.rest import health, risks

ROUTERS = (risks.router, health.router)


def include(app: FastAPI) -> None:
    for router in ROUTERS:
        app.include_router(router)
