"""Sequences changes while the service runs, wakes whoever waits for them, and forgets those that nobody may ask for any more."""

import asyncio
import logging
import time
from datetime import timedelta

from app.api.arrivals import Arrivals
from app.db import change_log
from app.db.session import Database

BETWEEN_PURGES = timedelta(hours=1)

log = logging.getLogger("register.changes")


async def keep_sequencing(database: Database, arrivals: Arrivals, *, interval: timedelta, retention: timedelta) -> None:
    """Until cancelled. Every process of the service does this; the database lets one at a time."""
    purged_at: float | None = None
    while True:
        await asyncio.sleep(interval.total_seconds())
        try:
            await change_log.sequence(database)
            heard = arrivals.position
            head, told = await change_log.told_since(database, heard)
            await arrivals.announce(head.epoch, head.position, None if heard is None else told)
            if purged_at is None or time.monotonic() - purged_at > BETWEEN_PURGES.total_seconds():
                await change_log.purge(database, retention)
                purged_at = time.monotonic()
        except Exception:
            # Whatever it was, the changes are still in the inbox: the next turn tries again.
            log.exception("changes were not sequenced")
