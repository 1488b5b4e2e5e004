"""Health: open to everybody, and silent about everything else."""

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.main import create_app
from app.settings import Settings


@pytest.fixture
def broken(settings: Settings, tmp_path: Path) -> Settings:
    """A service whose database is not there."""
    nowhere = f"postgresql+asyncpg://register_app@/register?host={tmp_path}"
    return settings.model_copy(update={"database_url": SecretStr(nowhere)})


async def test_alive_and_ready(http: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/readyz"):
        answer = await http.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_without_its_database_it_is_alive_and_not_ready(broken: Settings) -> None:
    transport = httpx.ASGITransport(app=create_app(broken))
    async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as http:
        alive, ready = await http.get("/healthz"), await http.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (503, {"status": "unavailable"})
