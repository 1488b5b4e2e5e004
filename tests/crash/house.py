"""A register as it stands in production: PostgreSQL that keeps its word, the service as a process, a wire between each two of them."""

import asyncio
import os
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import asyncpg
import httpx

from app.cli.demo import listen
from app.db.embedded import SUPERUSER, EmbeddedServer
from app.db.embedded_register import LOGIN, ensure_database
from app.settings import Settings
from tests.conftest import KEY, TODAY
from tests.crash.proxy import Pair, Proxy

ROOT = Path(__file__).parents[2]
DATABASE = "register"
TUNING = {"shared_buffers": "64MB", "max_wal_size": "256MB", "checkpoint_timeout": "30s"}
KEYS = {
    "REGISTER_TOKEN_KEY": b64encode(KEY).decode(),
    "REGISTER_PERSON_KEY": b64encode(KEY[::-1]).decode(),
    "REGISTER_PERSON_HASH_KEY": b64encode(KEY.swapcase()).decode(),
}
SAID = {
    **KEYS,
    "REGISTER_DEVELOPMENT": "true",
    "REGISTER_TODAY": TODAY.isoformat(),
    "REGISTER_RATE_LIMIT": "1000000/second",
    "REGISTER_RATE_LIMIT_PERSONS": "1000000/second",
    "REGISTER_RATE_LIMIT_BATCH_PERSONS": "1000000/second",
    "REGISTER_RATE_LIMIT_FAILURES": "1000000/second",
}


@dataclass(slots=True)
class House:
    """`wire` is between the service and PostgreSQL, `door` between clients and the service: `address` is the door's."""

    data: Path
    server: EmbeddedServer
    random: Random
    said: dict[str, str] = field(default_factory=dict)
    port: int = 0
    service: subprocess.Popen[bytes] | None = None
    wire: Proxy = field(init=False)
    door: Proxy = field(init=False)

    def __post_init__(self) -> None:
        self.wire = Proxy(reach=self._to_postgres, random=self.random)
        self.door = Proxy(reach=self._to_service, random=self.random)
        with listen(0) as listener:
            self.port = int(listener.getsockname()[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.door.port}"

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://{LOGIN}@127.0.0.1:{self.wire.port}/{DATABASE}"

    @property
    def settings(self) -> Settings:
        """As the service has them, for whoever makes tokens."""
        keys = {"token_key": KEY, "person_key": KEY[::-1], "person_hash_key": KEY.swapcase()}
        return Settings.model_validate({**keys, "database_url": self.url, "development": True, "today": TODAY})

    async def _to_postgres(self) -> Pair:
        folder = self.server.dsn(SUPERUSER, DATABASE).partition("host=")[2].partition("&")[0]
        return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")

    async def _to_service(self) -> Pair:
        return await asyncio.open_connection("127.0.0.1", self.port)

    def owner_url(self) -> str:
        return self.server.url(SUPERUSER, DATABASE)

    async def owner(self) -> asyncpg.Connection:
        """Past every policy, and past the wire. PostgreSQL may be on its way up."""
        for _ in range(600):
            try:
                return await asyncpg.connect(self.server.dsn(SUPERUSER, DATABASE))
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.1)
        raise AssertionError("PostgreSQL does not come back")

    async def up(self) -> None:
        """The service, started anew where it has ended: without its database it does not stay."""
        async with httpx.AsyncClient() as http:
            for _ in range(1_200):
                if self.service is None or self.service.poll() is not None:
                    self.start_service()
                try:
                    if (await http.get(f"http://127.0.0.1:{self.port}/readyz")).status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError("the service does not come back: see service.log")

    def start_service(self) -> None:
        program = Path(sys.executable).with_name("risk-register")
        environment = {"PATH": os.defpath, **SAID, **self.said, "REGISTER_DATABASE_URL": self.url}
        with (self.data / "service.log").open("ab") as log:
            self.service = subprocess.Popen(  # noqa: S603 - the command line of this project
                [program, "serve", "--port", str(self.port)], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def kill_service(self) -> None:
        if self.service is not None:
            self.service.kill()
            self.service.wait()

    async def kill_postgres(self) -> None:
        """The server with everything it holds in memory; what it said was committed is on the disk."""
        os.kill(self._postmaster(), signal.SIGKILL)
        await asyncio.to_thread(self.server.stop)
        self.server = await asyncio.to_thread(start_postgres, self.data)

    def kill_a_backend(self) -> None:
        """One of its processes: the server ends all the others, recovers by itself and takes connections again."""
        children = Path(f"/proc/{self._postmaster()}/task/{self._postmaster()}/children").read_text().split()
        backends = [int(each) for each in children if b"register_app" in Path(f"/proc/{each}/cmdline").read_bytes()]
        if backends:
            os.kill(self.random.choice(backends), signal.SIGKILL)

    def _postmaster(self) -> int:
        return int((self.data / "cluster" / "postmaster.pid").read_text().split()[0])


def start_postgres(data: Path) -> EmbeddedServer:
    return EmbeddedServer.start(data, tuning=TUNING)


@asynccontextmanager
async def house(data: Path, random: Random, **said: str) -> AsyncIterator[House]:
    """With an empty register in it. `said` are other settings of the service."""
    made = House(data, start_postgres(data), random, said)
    try:
        await ensure_database(made.server, DATABASE)
        await made.wire.open()
        await made.door.open()
        await made.up()
        yield made
    finally:
        made.kill_service()
        await made.door.close()
        await made.wire.close()
        made.server.stop()
