"""create_app(): the one place that composes everything."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from app.api import audit_sealer, change_sequencer, cross_origin, openapi, problems, routes, web
from app.api.answer_headers import AnswerHeaders
from app.api.answers import Answers
from app.api.arrivals import Arrivals
from app.api.body_limit import BodyLimit
from app.api.correlation import Correlation
from app.api.export_turns import ExportTurns
from app.api.feed_cursor import FeedCursors
from app.api.graphql.known_questions import KnownQuestions
from app.api.graphql.manifests import operations_in
from app.api.graphql.operations import Operations
from app.api.languages import AskedLanguage
from app.api.quotas import RateLimits
from app.api.rate_limits import RateLimited
from app.api.register import Register
from app.api.standings import Standings
from app.api.sync.limits import BatchLimits
from app.api.tokens import Kind, TokenReader, Verifier
from app.api.tokens.claims import ClaimMapping
from app.api.tokens.clients import TYPE as CLIENT
from app.api.tokens.clients import ClientTokens
from app.api.tokens.key_sets import KeySet
from app.api.tokens.local import TYPE as DEVELOPMENT
from app.api.tokens.local import DevelopmentTokens
from app.api.tokens.people import People
from app.api.tokens.provider import Provider
from app.api.turns import Turns
from app.db import key_checks
from app.db.reference import packaged
from app.db.sealing import Sealer
from app.db.session import Database
from app.domain.geography import Geography
from app.settings import DaySettings, IdentityProviderSettings, LimitSettings, PersonSettings, Settings, TokenSettings

RIGA = ZoneInfo("Europe/Riga")
BATCH_PATIENCE = 120
"""Seconds for which a batch waits for its turn, before its sender is told to come again."""


def create_app(settings: Settings) -> FastAPI:
    """The service: REST, GraphQL and the pages, on the database that the settings name."""
    register = register_from(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            # With a wrong key, or while the database is away and cannot say, the service does not start.
            await key_checks.check(register.database, register.sealer)
            # What the process has loaded by now stays: nothing is gained by looking through it again and again. And batches make
            # hundreds of thousands of short-lived objects, which took a third of their time to be looked through in small numbers.
            gc.freeze()
            gc.set_threshold(50_000, 20, 50)
            # Items of batches are read and judged in threads, which give way to everybody else sooner than after the usual 5 ms: a batch
            # itself waits so for every piece of an answer that PostgreSQL sends.
            sys.setswitchinterval(0.0002)
            sealing = asyncio.create_task(audit_sealer.keep_sealing(register.database, settings.audit_interval))
            sequencing = asyncio.create_task(
                change_sequencer.keep_sequencing(
                    register.database,
                    register.arrivals,
                    interval=settings.change_interval,
                    retention=timedelta(days=settings.change_retention_days),
                )
            )
            yield
            for task in (sealing, sequencing):
                task.cancel()
            await asyncio.wait([sealing, sequencing])
        finally:
            await register.database.close()

    app = FastAPI(
        **openapi.FRONT_PAGE,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        # To where it would redirect, the header Host says, and so whoever sends it.
        redirect_slashes=False,
        middleware=middleware_from(settings, register),
    )
    app.state.register = register
    problems.register_handlers(app)
    routes.include(app)
    web.mount(app)
    openapi.describe(app)
    routes.lead_to_graphql_first(app)
    return app


def middleware_from(settings: Settings, register: Register) -> list[Middleware]:
    """From the outside in: an answer made by one of them is correlated, carries the headers and may be read across origins."""
    return [
        Middleware(Correlation),
        Middleware(AskedLanguage),
        Middleware(AnswerHeaders, hsts=settings.hsts),
        Middleware(CORSMiddleware, allow_origins=settings.cors_origins, **cross_origin.ALLOWED),
        Middleware(RateLimited, limits=register.limits),
        Middleware(problems.Masked),
        Middleware(BodyLimit, largest=settings.max_body),
    ]


def register_from(settings: Settings) -> Register:
    database = Database(
        settings.database_url.get_secret_value(), pool_size=settings.pool_size, patience=settings.database_wait
    )
    reference, today = packaged(), today_from(settings)
    clients = ClientTokens(
        key=settings.token_key,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        lifetime=timedelta(minutes=settings.access_token_minutes),
        database=database,
        today=today,
    )
    people = people_from(settings, database, reference.geography, today)
    return Register(
        database=database,
        reference=reference,
        sealer=sealer_from(settings),
        tokens=TokenReader(verifiers=verifiers_from(settings, clients) | people),
        clients=clients,
        today=today,
        allow_test_codes=settings.development,
        disclosure_lifetime=timedelta(minutes=settings.disclosure_minutes),
        limits=RateLimits.of(
            requests=settings.rate_limit,
            persons=settings.rate_limit_persons,
            batch_persons=settings.rate_limit_batch_persons,
            failures=settings.rate_limit_failures,
        ),
        batches=BatchLimits(size=settings.max_batch, report_days=settings.batch_report_days),
        bodies=Turns(total=32, each=4, patience=BATCH_PATIENCE),
        batch_turns=Turns(total=max(1, settings.pool_size // 2), each=2, patience=BATCH_PATIENCE),
        exports=ExportTurns(
            # Each needs a second connection for the audit: none of them may be waiting for what the others hold.
            places=min(max(1, settings.pool_size // 4), settings.pool_size - 1),
            seconds=settings.export_seconds,
        ),
        introspection=settings.graphql_introspection,
        operations=operations_from(settings),
        questions=KnownQuestions(),
        standings=Standings(database=database, geography=reference.geography),
        answers=Answers(settings.statistics_cache),
        arrivals=Arrivals(),
        cursors=FeedCursors.of(settings.token_key),
        release_ceiling=settings.release_ceiling,
    )


def sealer_from(settings: PersonSettings) -> Sealer:
    return Sealer(key_id=settings.person_key_id, keys=settings.person_keys, hash_key=settings.person_hash_key)


def operations_from(settings: LimitSettings) -> Operations:
    """Raises UnfitOperations."""
    path = settings.graphql_operations
    return Operations(
        by_hash={} if path is None else operations_in(path), only_registered=settings.graphql_only_registered
    )


def verifiers_from(settings: Settings, clients: ClientTokens) -> dict[Kind, Verifier]:
    """Whose tokens the service accepts. In production those issued for development have no verifier at all."""
    verifiers: dict[Kind, Verifier] = {Kind(settings.token_issuer, CLIENT): clients}
    if settings.development:
        verifiers[Kind(settings.token_issuer, DEVELOPMENT)] = tokens_from(settings)
    return verifiers


def people_from(
    settings: IdentityProviderSettings, database: Database, geography: Geography, today: Callable[[], date]
) -> dict[Kind, Verifier]:
    """The identity provider of people, if there is one."""
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        return {}
    provider = Provider(issuer=settings.oidc_issuer, jwks_uri=settings.oidc_jwks_uri, algorithm=settings.oidc_algorithm)
    people = People(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        algorithm=settings.oidc_algorithm,
        typ=settings.oidc_type,
        keys=KeySet(ask=provider.keys),
        mapping=ClaimMapping(
            role=settings.oidc_role_claim,
            roles=settings.oidc_roles,
            institution=settings.oidc_institution_claim,
            partner=settings.oidc_partner_claim,
            region=settings.oidc_region_claim,
            staff_member=settings.oidc_staff_member_claim,
            naming=settings.oidc_organisations_by,
        ),
        database=database,
        geography=geography,
        today=today,
    )
    return {Kind(people.issuer, people.typ): people}


def tokens_from(settings: TokenSettings) -> DevelopmentTokens:
    """Tokens for development, as `risk-register token`, the demo, tests and benchmarks use them."""
    return DevelopmentTokens(key=settings.token_key, issuer=settings.token_issuer, audience=settings.token_audience)


def today_from(settings: DaySettings) -> Callable[[], date]:
    """Tells the day in Riga, or the one day that development may fix."""
    fixed = settings.today
    if fixed is not None:
        return lambda: fixed
    return lambda: datetime.now(RIGA).date()


def app_from_environment() -> FastAPI:
    """For uvicorn's workers: each reads the environment for itself."""
    return create_app(Settings())
