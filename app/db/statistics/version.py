"""Which data the statistics of a scope are of."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.session import driver_of

# Straight through the driver: every question waits for this, and SQLAlchemy would take longer than PostgreSQL does. By the epoch of the
# feed a register that was restored from a backup is told from what it was before: it goes on with numbers that it had once already.
_SEEN = "SELECT (SELECT epoch FROM change_head) || ' ' || coalesce(sum(version), 0) FROM statistics_version"


async def seen(connection: AsyncConnection) -> str:
    """Another text after each committed change of what statistics say to the scope of this transaction."""
    return str(await (await driver_of(connection)).fetchval(_SEEN))
