"""Every router of the service, in the order in which the reference shows them."""

from fastapi import Depends, FastAPI

from app.api.graphql import router as graphql
from app.api.oauth import router as oauth
from app.api.rest import (
    access_log,
    changes,
    closings,
    code_lists,
    disclosures,
    duplicates,
    enrolments,
    erasures,
    exports,
    health,
    institutions,
    interventions,
    me,
    merges,
    municipalities,
    outcomes,
    participations,
    partners,
    persons,
    programmes,
    regions,
    releases,
    restrictions,
    risks,
    semesters,
    students,
    subject_access,
    sync,
    sync_schema,
)
from app.api.rest.plans import drafts as plan_drafts
from app.api.rest.plans import steps as plan_steps
from app.api.rest.statistics import router as statistics
from app.api.well_formed import well_formed

ROUTERS = (
    me.router,
    regions.router,
    municipalities.router,
    semesters.router,
    closings.router,
    releases.router,
    code_lists.router,
    programmes.router,
    institutions.router,
    partners.router,
    participations.router,
    students.router,
    persons.router,
    subject_access.router,
    restrictions.router,
    disclosures.router,
    duplicates.router,
    access_log.router,
    erasures.router,
    merges.router,
    # Before the nouns' own: there, `export` would be somebody's id.
    exports.router,
    enrolments.router,
    risks.router,
    plan_drafts.router,
    plan_steps.router,
    interventions.router,
    outcomes.router,
    sync.router,
    sync_schema.router,
    changes.router,
    statistics.router,
    statistics.definitions_router,
    graphql.router,
    oauth.router,
    health.router,
)


def include(app: FastAPI) -> None:
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(well_formed)])


def lead_to_graphql_first(app: FastAPI) -> None:
    """It is asked most, and of a hundred routes before it each would take its time to say that another one is meant. Not before the
    reference has been described, which shows them in their order.
    """
    included = app.router.routes
    (asked,) = (each for each in included if getattr(each, "original_router", None) is graphql.router)
    included.remove(asked)
    included.insert(0, asked)
