"""A register with releases and nothing else, and the service on top of it."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import uuid4

from fastapi import FastAPI

from app.api.tokens import utc_now
from app.db import releases
from app.db.embedded import SUPERUSER, EmbeddedServer
from app.db.embedded_register import LOGIN, ensure_database
from app.db.scopes import RELEASER
from app.db.session import Database
from app.domain.actors import Actor, Role
from app.domain.deeds import Action, Deed
from app.domain.ids import ReleaseId
from app.domain.releases.definitions import definition_of
from app.domain.releases.release import Release
from app.domain.releases.sealing import Sealed
from app.main import create_app, tokens_from
from app.settings import Settings
from tests.conftest import KEY, TODAY, UNHURRIED

_DATABASE: Final = "register"


async def registered(server: EmbeddedServer, those: Iterable[Sealed]) -> tuple[Settings, str]:
    """A register with these releases, and the address by which its owner sees all of it."""
    await ensure_database(server, _DATABASE)
    keys = {"token_key": KEY, "person_key": KEY[::-1], "person_hash_key": KEY.swapcase()}
    settings = Settings.model_validate(
        {"database_url": server.url(LOGIN, _DATABASE), "development": True, "today": TODAY, **keys, **UNHURRIED}
    )
    await put(settings, those)
    return settings, server.dsn(SUPERUSER, _DATABASE)


async def put(settings: Settings, those: Iterable[Sealed]) -> None:
    """Released as the service would have, had it counted them itself."""
    database = Database(settings.database_url.get_secret_value(), pool_size=1)
    try:
        for each in those:
            await _put(database, each, settings.release_ceiling)
    finally:
        await database.close()


async def _put(database: Database, each: Sealed, ceiling: Decimal) -> None:
    async with database.transaction(RELEASER) as connection:
        after = (await releases.ledger.begin(connection)).next(each.rho, ceiling)
        made = Release(
            id=ReleaseId(uuid4()),
            number=after.number,
            semester=each.lattice.semester,
            sealed_on=date(2022, 2, 1),
            rho=each.rho,
            spent=after.spent,
            epsilon=Decimal(each.epsilon).quantize(Decimal("0.0001")),
            delta=Decimal(str(each.delta)),
            definition=definition_of(each.lattice),
        )
        deed = Deed(
            actor=Actor(subject="attack", role=Role.PROGRAMME_AUTHORITY),
            action=Action.SEAL,
            noun="release",
            correlation_id=str(uuid4()),
            record_id=str(made.id),
        )
        await releases.ledger.add(connection, made, deed)
        await releases.cells.add(connection, made.id, each.cells)


@asynccontextmanager
async def service(settings: Settings) -> AsyncIterator[FastAPI]:
    """It answers and does nothing else: what it does unasked (`lifespan`) would be in the statistics of tables as well. When it ends, its
    connections have ended.
    """
    app = create_app(settings)
    try:
        yield app
    finally:
        await app.state.register.database.close()


def token(settings: Settings, role: Role) -> Mapping[str, str]:
    """The header that speaks for somebody of this role."""
    actor = Actor(subject="attack", role=role)
    issued = tokens_from(settings).issue(actor, now=utc_now(), lifetime=timedelta(hours=1))
    return {"Authorization": f"Bearer {issued}"}
