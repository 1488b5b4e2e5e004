"""What a warm answer is measured against: one SELECT on a pool of asyncpg, and the same bytes from memory. Nobody is asked who they are."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from fastapi import FastAPI, Response

ADDRESS, BODY = "PLAIN_DATABASE", "PLAIN_BODY"
"""Environment variables: of the database, and of the file with the bytes."""


def plain_endpoint() -> FastAPI:
    """For uvicorn's factory, in a process of its own."""
    body = Path(os.environ[BODY]).read_bytes()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(os.environ[ADDRESS], min_size=10, max_size=10) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/plain")
    async def plain() -> Response:
        async with app.state.pool.acquire() as connection:
            await connection.fetchval("SELECT version FROM statistics_version WHERE institution_id = $1", 1)
        return Response(body, media_type="application/json")

    return app
