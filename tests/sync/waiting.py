"""Waiting until somebody waits."""

import asyncio

import asyncpg

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def until_one_waits(owner: asyncpg.Connection) -> None:
    """For a lock that another transaction holds."""
    async with asyncio.timeout(10):
        while await owner.fetchval(WAITING) == 0:  # noqa: ASYNC110 - PostgreSQL has no event for it
            await asyncio.sleep(0.02)
