"""`risk-register serve`: the service on a database of yours."""

from typing import Annotated

import typer
import uvicorn

from app.api import logs
from app.api.addresses import is_loopback
from app.cli.environment import from_environment
from app.cli.graphql_operations import fit
from app.cli.key_checks import checked
from app.db import key_checks
from app.settings import Settings

KEEP_ALIVE = 75
"""Seconds for which an idle connection is kept: longer than proxies usually do, so that they end it and never we under them."""
GRACE = 30
"""Seconds for which requests may go on after the service was told to stop."""
PATIENCE = 60
"""Seconds for which a worker may say nothing. It does while it starts: ended sooner on a busy machine, none would ever have started."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    forwarded_allow_ips: Annotated[
        str, typer.Option(help="Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.")
    ] = "127.0.0.1",
) -> None:
    """Serve the database named by REGISTER_DATABASE_URL."""
    settings = from_environment(Settings)  # here, with a clear answer, before each worker reads it for itself
    if settings.development and not is_loopback(host):
        typer.echo(
            f"REGISTER_DEVELOPMENT accepts tokens that anybody with the key writes: it is not served on {host}, on 127.0.0.1 alone.",
            err=True,
        )
        raise typer.Exit(1)
    if settings.graphql_operations is not None:
        fit(settings.graphql_operations)
    checked(settings, key_checks.check)  # likewise
    logs.configure()
    uvicorn.run(
        "app.main:app_from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        server_header=False,
        forwarded_allow_ips=forwarded_allow_ips,
        limit_concurrency=settings.limit_concurrency,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
        timeout_worker_healthcheck=PATIENCE,
    )


def register(cli: typer.Typer) -> None:
    cli.command()(serve)
