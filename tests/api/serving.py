"""The service with other settings than the tests' own, and on a real socket where the transport itself is what matters."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from app.cli.demo import listen
from app.main import create_app
from app.settings import Settings


@asynccontextmanager
async def serving(settings: Settings, address: str = "127.0.0.1", **others: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Spoken to without a socket, by a client that seems to come from `address`."""
    app = create_app(settings.model_copy(update=others))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 40_000))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://register.test") as client,
    ):
        yield client


@asynccontextmanager
async def on_a_socket(app: FastAPI, **config: Any) -> AsyncIterator[int]:
    """The port of 127.0.0.1 on which uvicorn serves the app, as `risk-register serve` would."""
    listener = listen(0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", **config))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        await task
        listener.close()
