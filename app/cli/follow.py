"""`risk-register follow`: the feed as NDJSON, for whoever has no Python."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from app.cli.connection import Address, ClientId, Connection, KeyFile, Kid, SecretFile, stop
from app.client import ChangesOptions, CursorExpired, Page, RegisterClient, RegisterClientError
from app.client.locks import taken
from app.client.private_files import opened_privately


@dataclass(slots=True, kw_only=True)
class Place:
    """Where the reader is, kept in a file: the cursor, and how long the output was when it was reached.

    Lines are on disk before the cursor is. A process that dies between the two has written lines that the cursor does not know:
    in a file they are cut off at the next start, and on standard output they come once more.
    """

    file: Path | None
    cursor: str | None = None
    size: int = 0

    @classmethod
    def read(cls, file: Path | None) -> "Place":
        if file is not None and file.is_symlink():
            raise stop(f"{file} is a link: name the file itself.")
        if file is None or not file.exists():
            return cls(file=file)
        try:
            said: Any = json.loads(file.read_text(encoding="utf-8"))
        except (ValueError, OSError):
            said = None
        match said:
            case {"cursor": str(cursor), "size": int(size)} if size >= 0:
                return cls(file=file, cursor=cursor, size=size)
        raise stop(f"{file} is no file of a cursor.")

    def keep(self, cursor: str, size: int) -> None:
        self.cursor, self.size = cursor, size
        if self.file is None:
            return
        beside = self.file.with_name(f"{self.file.name}.new")
        beside.unlink(missing_ok=True)
        with opened_privately(beside, "xb") as file:
            file.write(json.dumps({"cursor": cursor, "size": size}).encode())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.file)


def follow(  # noqa: PLR0913, PLR0917 - each is an option of the command
    output: Annotated[Path | None, typer.Option(help="Where items are written. Standard output unless said.")] = None,
    cursor: Annotated[
        Path | None, typer.Option(help="A file that keeps the place in the feed. Without it, everything is loaded.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End where there is nothing more, rather than wait.")] = False,
    type_: Annotated[list[str], typer.Option("--type", help="Records of this type alone.")] = [],  # noqa: B006 - typer copies it
    institution: Annotated[list[int], typer.Option(help="Records of this institution alone.")] = [],  # noqa: B006 - likewise
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="About how many items a page has.")] = 1_000,
    address: Address = None,
    client_id: ClientId = None,
    secret_file: SecretFile = None,
    key_file: KeyFile = None,
    kid: Kid = None,
) -> None:
    """Write what changes, an item a line, as it changes. Where a cursor has expired, everything is loaded anew."""
    connection = Connection(address=address, client_id=client_id, secret_file=secret_file, key_file=key_file, kid=kid)
    place = Place.read(cursor)
    if output is not None and cursor is not None and output.resolve() == cursor.resolve():
        raise stop("--output and --cursor are two files.")
    options = ChangesOptions(once=once, types=type_, institution_ids=institution, limit=limit)
    with connection.client() as client, _opened(output, place) as out:
        try:
            _follow(client, place, out, options)
        except (RegisterClientError, OSError) as error:
            raise stop(str(error)) from None
        except KeyboardInterrupt:
            pass


@dataclass(frozen=True, slots=True)
class Output:
    """`is_file`: one of ours, whose lines are on disk before the cursor is."""

    stream: IO[bytes]
    is_file: bool

    def write(self, page: Page) -> int:
        """The length of the file after it."""
        for each in page.raw:
            self.stream.write(json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self.stream.flush()
        if not self.is_file:
            return 0
        os.fsync(self.stream.fileno())
        return self.stream.tell()


@contextmanager
def _opened(path: Path | None, place: Place) -> Iterator[Output]:
    if path is None:
        yield Output(sys.stdout.buffer, is_file=False)
        return
    if place.cursor is None and path.exists() and path.stat().st_size > 0:
        raise stop(f"{path} is there, and no cursor says how it goes on: remove it, or name the file of its cursor.")
    if path.is_symlink():
        raise stop(f"{path} is a link: name the file itself.")
    try:
        file = opened_privately(path, "a+b")
    except OSError as error:
        raise stop(f"{path}: {error.strerror}.") from None
    with file:
        if taken(file):
            raise stop(f"Another process writes to {path}.")
        if not _is_of(file, place):
            raise stop(f"{path} is not what was written up to this cursor: name that file, or a new one.")
        file.truncate(min(place.size, file.tell()))
        yield Output(file, is_file=True)


def _is_of(file: IO[bytes], place: Place) -> bool:
    """Whether what would be cut off can be lines that the cursor does not know, and not somebody else's file."""
    length = file.seek(0, os.SEEK_END)
    if place.size == 0 or place.size > length:
        return length == 0 or place.size > 0
    file.seek(place.size - 1)
    ends_a_line = file.read(1) == b"\n"
    file.seek(0, os.SEEK_END)
    return ends_a_line


def _follow(client: RegisterClient, place: Place, out: Output, options: ChangesOptions) -> None:
    while True:
        try:
            for page in client.changes(place.cursor, **options):
                place.keep(page.cursor, out.write(page))
        except CursorExpired:
            if place.cursor is None:
                raise
            place.cursor = None
        else:
            return


def register(cli: typer.Typer) -> None:
    cli.command()(follow)
