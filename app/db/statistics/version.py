"""Which data the statistics of a scope are of."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.session import driver_of

# Straight through the driver: every question waits for this, and SQLAlchemy would take longer than PostgreSQL does. The epoch of the
# feed tells a register from what it was before it was restored from a backup, from where it goes on with the same numbers.
_SEEN = "SELECT (SELECT epoch FROM change_head)::text || ' ' || coalesce(sum(version), 0) FROM statistics_version"


async def seen(connection: AsyncConnection) -> str:
    """Another text after each committed change of what statistics say to the scope of this transaction."""
    driver = await driver_of(connection)
    return str(await driver.fetchval(_SEEN))
