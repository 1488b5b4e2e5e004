"""`risk-register follow`: the feed as NDJSON, for whoever has no Python."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from app.cli.connection import Address, ClientId, Connection, KeyFile, Kid, SecretFile, stop
from app.client import CursorExpired, Page, RegisterClient, RegisterClientError


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
        if file is None or not file.exists():
            return cls(file=file)
        try:
            said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return cls(file=file, cursor=said["cursor"], size=said["size"])
        except (ValueError, KeyError, TypeError):
            raise stop(f"{file} is no file of a cursor.") from None

    def keep(self, cursor: str, size: int) -> None:
        self.cursor, self.size = cursor, size
        if self.file is None:
            return
        beside = self.file.with_name(f"{self.file.name}.new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump({"cursor": cursor, "size": size}, file)
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
    with connection.client() as client:
        try:
            if output is None:
                _follow(
                    client, place, sys.stdout.buffer, once=once, types=type_, institution_ids=institution, limit=limit
                )
                return
            with output.open("ab") as file:
                file.truncate(min(place.size, file.tell()))
                _follow(client, place, file, once=once, types=type_, institution_ids=institution, limit=limit)
        except RegisterClientError as error:
            raise stop(str(error)) from None
        except KeyboardInterrupt:
            pass


def _follow(client: RegisterClient, place: Place, out: BinaryIO, **options: Any) -> None:  # noqa: ANN401 - of the feed
    while True:
        try:
            for page in client.changes(place.cursor, **options):
                _write(page, out)
                place.keep(page.cursor, out.tell() if out.seekable() else 0)
        except CursorExpired:
            if place.cursor is None:
                raise
            place.cursor = None
        else:
            return


def _write(page: Page, out: BinaryIO) -> None:
    """On disk before it returns, as far as `out` is on one."""
    out.writelines(json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for each in page.raw)
    out.flush()
    if out.seekable():
        os.fsync(out.fileno())


def register(cli: typer.Typer) -> None:
    cli.command()(follow)
