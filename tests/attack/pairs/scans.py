"""Which tables PostgreSQL has looked into: by its own statistics, and of all its processes."""

import asyncio
from collections.abc import Mapping

import asyncpg

OF_RELEASES = frozenset({"public.release", "public.release_cell"})
_SCANS = """
SELECT schemaname || '.' || relname AS name, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) AS scans
FROM pg_stat_user_tables"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


async def scans(dsn: str) -> Mapping[str, int]:
    """How often each table was read so far, by itself or by an index of it.

    A process of PostgreSQL tells it when it has been idle for long, or when it ends: so the service is to be closed before, and this
    waits until nobody is left.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(30):
            while await connection.fetchval(_OTHERS):  # noqa: ASYNC110 - PostgreSQL has no event for it
                await asyncio.sleep(0.05)
        return {row["name"]: row["scans"] for row in await connection.fetch(_SCANS)}
    finally:
        await connection.close()


def moved(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Tables that were read between the two, and how often."""
    return {name: count - before.get(name, 0) for name, count in sorted(after.items()) if count > before.get(name, 0)}
