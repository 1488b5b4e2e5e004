"""`risk-register demo`: a whole register with synthetic data, on an embedded PostgreSQL, in one command."""

import asyncio
import os
import shlex
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from app.api import logs
from app.cli.demo_environment import environment_file
from app.cli.demo_house import DATA, DATABASE, House, open_house
from app.cli.demo_welcome import welcome, welcome_operator
from app.db.embedded import SUPERUSER, EmbeddedServer, EmbeddedServerError
from app.demo.blocks import Scale
from app.main import create_app

LAST_PORT = 65535


def demo(
    scale: Annotated[
        Scale, typer.Option(help="small: one region. national: 63,452 plans and 2.5 million interventions.")
    ] = Scale.SMALL,
    port: Annotated[int, typer.Option(min=1, max=LAST_PORT, help="Port on 127.0.0.1.")] = 8000,
    data: Annotated[Path, typer.Option(help="Where the databases are kept.")] = DATA,
) -> None:
    """Start a register with synthetic data. The first start of a scale builds it; the next ones use it again."""
    console = Console()
    _end_with_parent()
    # Else a polite kill would leave the keys of the environment behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        listener = listen(port)
    except OSError:
        console.print(f"Port {port} of 127.0.0.1 is taken. Stop what listens there, or:", style="red")
        other = _again(scale, port + 1 if port < LAST_PORT else port - 1, data)
        console.print(other, soft_wrap=True, highlight=False, markup=False)
        raise typer.Exit(1) from None
    try:
        with listener, EmbeddedServer.start(data / scale.value) as server:
            house = asyncio.run(
                open_house(server, data / scale.value, scale, console, address=_address(listener), released=True)
            )
            with environment_file(data / scale.value, house, server.url(SUPERUSER, DATABASE)) as environment:
                _serve(house, listener, console, environment)
    except EmbeddedServerError as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("Stopped.")


def listen(port: int) -> socket.socket:
    """A socket of 127.0.0.1 for the service; port 0 takes any free one. Raises OSError where the port is taken."""
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


def _serve(house: House, listener: socket.socket, console: Console, environment: Path) -> None:
    logs.configure("WARNING")
    config = uvicorn.Config(create_app(house.settings), log_config=None, server_header=False)
    server = uvicorn.Server(config)
    url = _address(listener)

    def greet() -> None:
        while not server.started:
            time.sleep(0.05)
        welcome(house, url, console)
        welcome_operator(environment, console)

    threading.Thread(target=greet, daemon=True).start()
    server.run(sockets=[listener])


def _again(scale: Scale, port: int, data: Path) -> str:
    """The same command with another port, as it can be pasted where this one was."""
    elsewhere = [] if data == DATA else ["--data", str(data)]
    return shlex.join([sys.argv[0], "demo", "--scale", scale.value, "--port", str(port), *elsewhere])


def _address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _end_with_parent() -> None:
    """Stop when whoever started us is gone, even if it was killed and could not say so."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()


def register(cli: typer.Typer) -> None:
    cli.command()(demo)
