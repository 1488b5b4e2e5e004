"""Waiting until somebody waits."""

import asyncio

import asyncpg

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def until_one_waits(owner: asyncpg.Connection) -> None:
    """For a lock that another transaction holds."""
    await until_wait(owner, 1)


async def until_wait(owner: asyncpg.Connection, number: int) -> None:
    """So many of them."""
    async with asyncio.timeout(10):
        while await owner.fetchval(WAITING) < number:
            await asyncio.sleep(0.02)
            # In a transaction, PostgreSQL goes on to tell of others what it told first.
            await owner.execute("SELECT pg_stat_clear_snapshot()")
