"""Every router of the service, in the order in which the reference shows them."""

from fastapi import FastAPI

from app.api.graphql import router as graphql
from app.api.rest import health, risks
from app.api.rest.plans import drafts as plan_drafts
from app.api.rest.plans import steps as plan_steps

ROUTERS = (risks.router, plan_drafts.router, plan_steps.router, graphql.router, health.router)


def include(app: FastAPI) -> None:
    for router in ROUTERS:
        app.include_router(router)
