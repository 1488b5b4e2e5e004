"""The environment of the running demo, as lines for a shell: with it an operator's commands work on the demo's database, and a school
system's commands speak to the demo as its client.
"""

import os
import shlex
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.cli.demo_client import DemoClient
from app.cli.demo_house import House
from app.settings import Settings


@contextmanager
def environment_file(folder: Path, house: House, owner_url: str) -> Iterator[Path]:
    """Readable by its owner alone, and there for as long as the demo is: it holds keys, and where the database listens. `owner_url`: of
    the tables' owner, for the commands that the service cannot do.
    """
    path = folder / "environment"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        told = stated(house.settings) | {"OWNER_DATABASE_URL": owner_url} | _of_client(house.settings, house.client)
        file.writelines(f"export REGISTER_{name}={shlex.quote(value)}\n" for name, value in told.items())
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def stated(settings: Settings) -> dict[str, str]:
    """What a service on the demo's database needs, by setting."""
    return {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "TOKEN_KEY": b64encode(settings.token_key).decode(),
        "TOKEN_ISSUER": settings.token_issuer,
        "PERSON_KEY": b64encode(settings.person_key).decode(),
        "PERSON_HASH_KEY": b64encode(settings.person_hash_key).decode(),
        "DEVELOPMENT": "true",
        "TODAY": str(settings.today),
    }


def _of_client(settings: Settings, client: DemoClient) -> dict[str, str]:
    return {
        "ADDRESS": settings.token_issuer,
        "CLIENT_ID": client.client_id,
        "CLIENT_SECRET": client.client_secret,
    }
