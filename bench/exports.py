"""All interventions over HTTP, as CSV and as Parquet, against COPY to CSV of the same SELECT through the driver."""

import asyncio
from io import BytesIO
from urllib.parse import urlsplit

import httpx
from pyarrow import parquet

from app.db.export_lines import Delimiter, Format, cells
from bench.house import Bench, client_of, serving_apart, the_authority
from bench.measure import Result, paired

AT_LEAST = {Format.CSV: 0.80, Format.PARQUET: 0.60}
"""Rows/s of the export to those of COPY."""
ROUNDS = 15
PATH = "/v1/interventions/export"


async def exports(bench: Bench) -> list[Result]:
    return [await _exported(bench, form) for form in AT_LEAST]


async def _exported(bench: Bench, form: Format) -> Result:
    rows = int(await bench.owner.fetchval("SELECT count(*) FROM intervention"))
    query = f"SELECT {cells('intervention', Delimiter.SEMICOLON)} FROM intervention"  # noqa: S608 - our own expressions
    path = f"{PATH}?format={form}"

    async def copied() -> None:
        said = await bench.owner.copy_from_query(query, output=_nowhere, format="csv", delimiter=";")
        assert said == f"COPY {rows}"

    async with serving_apart(bench.house) as url:
        async with client_of(bench.house, url, the_authority()) as client:
            token = client.headers["Authorization"]
            whole = await _whole(client, path, form, rows)

        async def fetched() -> None:
            # Rows come in no order, and other neighbours are compressed otherwise.
            assert await _size(url, path, token) > 0.9 * whole

        ours, limit = await paired(fetched, copied, rounds=ROUNDS)
    return Result(
        name="exports" if form is Format.CSV else f"exports-{form}",
        ours=rows / ours,
        limit=rows / limit,
        unit="rows/s",
        note=f"{rows:,} interventions as {form} over HTTP, each part in the audit first, against COPY to CSV (the same SELECT) as the owner",
        at_least=AT_LEAST[form],
    )


async def _whole(client: httpx.AsyncClient, path: str, form: Format, rows: int) -> int:
    """Bytes of an export, once it is seen to have all rows."""
    content = (await client.get(path)).content
    if form is Format.PARQUET:
        assert parquet.ParquetFile(BytesIO(content)).metadata.num_rows == rows
    else:
        # A line for each record, and one for the names of the columns.
        assert content.count(b"\r\n") == rows + 1
    return len(content)


async def _nowhere(_data: bytes) -> None:
    pass


async def _size(url: str, path: str, token: str) -> int:
    """Bytes of the answer and its chunks, to the end. HTTP without a library: a client that parses would be measured along."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=2**22)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: register\r\nConnection: close\r\nAuthorization: {token}\r\n\r\n".encode()
    )
    size, last = 0, b""
    while data := await reader.read(2**20):
        size, last = size + len(data), (last + data)[-5:]
    writer.close()
    await writer.wait_closed()
    assert last.endswith(b"0\r\n\r\n"), "it was broken off"
    return size
