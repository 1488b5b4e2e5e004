"""Seals the audit while the service runs: what was committed to the inbox is in the chain an interval later."""

import asyncio
import logging
from datetime import timedelta

from app.db import audit_log
from app.db.session import Database

LONGEST_UNSEALED = timedelta(minutes=1)
"""An entry that waits longer means that nobody seals: the service then says that it is not ready."""

log = logging.getLogger("register.audit")


async def keep_sealing(database: Database, interval: timedelta) -> None:
    """Until cancelled. Every process of the service does this; the database lets one at a time."""
    while True:
        await asyncio.sleep(interval.total_seconds())
        try:
            while await audit_log.seal_next(database) == audit_log.AT_ONCE:
                pass
        except Exception:
            # Whatever it was, the entries are still in the inbox: the next turn tries again.
            log.exception("the audit was not sealed")


async def is_sealed_in_time(database: Database) -> bool:
    _count, age = await audit_log.unsealed(database)
    return age <= LONGEST_UNSEALED
