"""`risk-register serve`: the service on a database of yours."""

from typing import Annotated

import typer
import uvicorn

from app.api import logs
from app.cli.environment import from_environment
from app.settings import Settings


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
) -> None:
    """Serve the database named by REGISTER_DATABASE_URL."""
    from_environment(Settings)  # here, with a clear answer, before each worker reads it for itself
    logs.configure()
    uvicorn.run("app.main:app_from_environment", factory=True, host=host, port=port, workers=workers, log_config=None)


def register(cli: typer.Typer) -> None:
    cli.command()(serve)
