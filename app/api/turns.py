"""Whose turn it is: work that takes long is done by few at a time, and by fewer still for one client."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from app.domain.errors import Unavailable


class Turns:
    """At most `total` at a time, and of one client `each`, in the order in which they came. Whoever waits longer than `patience`
    seconds is told to come again, so that no queue grows without end.
    """

    def __init__(self, *, total: int, each: int, patience: float) -> None:
        self._total = asyncio.Semaphore(total)
        self._clients: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(each))
        self._here: Counter[str] = Counter()
        self._patience = patience

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Raises Unavailable."""
        self._here[client] += 1
        try:
            async with AsyncExitStack() as held:
                try:
                    async with asyncio.timeout(self._patience):
                        # Its own first: a client that waits for itself keeps nobody else waiting.
                        await held.enter_async_context(self._clients[client])
                        await held.enter_async_context(self._total)
                except TimeoutError as error:
                    raise Unavailable from error
                yield
        finally:
            self._here[client] -= 1
            if not self._here[client]:
                del self._here[client], self._clients[client]
