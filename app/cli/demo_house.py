"""What the demo runs on: keys of its own, and a database that is filled once and used again."""

import json
import os
import secrets
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rich.console import Console

import app
from app.cli.demo_client import DemoClient, ensure_client
from app.cli.demo_progress import filling
from app.cli.demo_releases import ensure_released
from app.db.embedded import SUPERUSER, EmbeddedServer
from app.db.embedded_register import LOGIN, ensure_database
from app.demo.blocks import Scale
from app.demo.register import TODAY, Examples, examples, load
from app.demo.seeds import DEFAULT_SEED
from app.main import register_from
from app.settings import Settings

DATABASE = "register"
ISSUER = "issuer.txt"
KEYS = "keys.json"
DATA = Path(".data")
"""Where demos are kept, each scale in a folder of its own."""
_MADE_BY = ("demo", "domain", "db/tables", "db/reference", "../alembic/versions")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    settings: Settings
    examples: Examples
    client: DemoClient


async def open_house(
    server: EmbeddedServer,
    folder: Path,
    scale: Scale,
    console: Console,
    *,
    address: str | None = None,
    released: bool = False,
) -> House:
    """Fill the database unless it already holds this very register; a half-filled one is made anew. `address`: where it will be
    served, which its tokens name as their issuer. `released`: with releases for whoever is outside.
    """
    if address is not None:
        (folder / ISSUER).write_text(address)
    recipe = _recipe(scale)
    loaded, keys = folder / "loaded.json", folder / KEYS
    # Without the keys under which it was filled it would be of no use.
    known = keys.exists() and loaded.exists() and json.loads(loaded.read_text()) == recipe
    settings = _settings(server, token_settings(folder))
    with console.status("Bringing the database up to date"):
        await ensure_database(server, DATABASE, anew=not known)
    register = register_from(settings)
    if not known:
        loaded.unlink(missing_ok=True)
        with filling(console) as progress:
            await load(
                register.database,
                register.sealer,
                scale=scale,
                owner_url=server.url(SUPERUSER, DATABASE),
                progress=progress,
            )
        loaded.write_text(json.dumps(recipe))
    those = examples()
    client = await ensure_client(register.database, folder, those)
    if released:
        await ensure_released(register, console)
    await register.database.close()
    return House(settings=settings, examples=those, client=client)


def _settings(server: EmbeddedServer, keys: dict[str, str]) -> Settings:
    return Settings.model_validate(
        {
            **keys,
            "database_url": server.url(LOGIN, DATABASE),
            "development": True,
            "today": TODAY,
            # Benchmarks and tests ask it as fast as they can, and there is nobody to be protected.
            "rate_limit": "1000000/second",
            "rate_limit_batch_persons": "1000000/second",
        }
    )


def token_settings(folder: Path) -> dict[str, str]:
    """The keys of the demo in this folder, and the issuer that its tokens name: where it was served last."""
    address = folder / ISSUER
    named = {"token_issuer": address.read_text()} if address.exists() else {}
    return {**keys_of(folder / KEYS), **named}


def keys_of(path: Path) -> dict[str, str]:
    """Made at random the first time; readable by their owner alone."""
    if not path.exists():
        names = ("token_key", "person_key", "person_hash_key")
        keys = {name: b64encode(secrets.token_bytes(32)).decode() for name in names}
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(keys, file)
    return dict(json.loads(path.read_text()))


def _recipe(scale: Scale) -> dict[str, str]:
    """What the register was made from: other code or data makes another register."""
    root = Path(app.__file__).parent
    digest = sha256()
    for part in _MADE_BY:
        for file in sorted((root / part).rglob("*")):
            if file.suffix in {".py", ".csv", ".toml"}:
                digest.update(file.read_bytes())
    return {"scale": scale.value, "seed": str(DEFAULT_SEED), "day": TODAY.isoformat(), "source": digest.hexdigest()}
