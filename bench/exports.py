"""All interventions as CSV over HTTP, against COPY of the same SELECT through the driver."""

import asyncio
from urllib.parse import urlsplit

from app.db.exports import Delimiter, cells
from bench.house import Bench, client_of, serving_apart, the_authority
from bench.measure import Result, paired

AT_LEAST = 0.80
"""Rows/s of the export to those of COPY."""
ROUNDS = 15
PATH = "/v1/interventions/export"


async def exports(bench: Bench) -> Result:
    rows = int(await bench.owner.fetchval("SELECT count(*) FROM intervention"))
    query = f"SELECT {cells('intervention', Delimiter.SEMICOLON)} FROM intervention"  # noqa: S608 - our own expressions

    async def copied() -> None:
        said = await bench.owner.copy_from_query(query, output=_nowhere, format="csv", delimiter=";")
        assert said == f"COPY {rows}"

    async with serving_apart(bench.house) as url:
        async with client_of(bench.house, url, the_authority()) as client:
            token = client.headers["Authorization"]
            whole = await client.get(PATH)
        # A line for each record, and one for the names of the columns.
        assert whole.content.count(b"\r\n") == rows + 1

        async def fetched() -> None:
            assert await _size(url, token) > len(whole.content)

        ours, limit = await paired(fetched, copied, rounds=ROUNDS)
    return Result(
        name="exports",
        ours=rows / ours,
        limit=rows / limit,
        unit="rows/s",
        note=f"{rows:,} interventions as CSV over HTTP, each part in the audit first, against COPY (the same SELECT) as the owner",
        at_least=AT_LEAST,
    )


async def _nowhere(_data: bytes) -> None:
    pass


async def _size(url: str, token: str) -> int:
    """Bytes of the answer and its chunks, to the end. HTTP without a library: a client that parses would be measured along."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=2**22)
    writer.write(
        f"GET {PATH} HTTP/1.1\r\nHost: register\r\nConnection: close\r\nAuthorization: {token}\r\n\r\n".encode()
    )
    size, last = 0, b""
    while data := await reader.read(2**20):
        size, last = size + len(data), data
    writer.close()
    await writer.wait_closed()
    assert last.endswith(b"0\r\n\r\n"), "it was broken off"
    return size
