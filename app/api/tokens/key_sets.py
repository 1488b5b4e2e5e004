"""Keeps a provider's keys, so that a rotation or an outage of the provider is none of the register.

A known key verifies at once, whatever the provider does meanwhile. An unknown one is asked for before its token is refused;
however many ask, there is one question at a time, and a pause after it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from math import inf

from app.api.tokens.json_web_keys import Keys, PublicKey
from app.api.tokens.provider import ProviderSilent

PAUSE = 2
"""Seconds from one question to the next, at least."""
REFRESH_AFTER = 300
"""Seconds after which a request has the keys asked for anew, without waiting for them."""
RETRY_AFTER = 30
"""Seconds after which that is tried again if there was no answer."""
STALE_AFTER = 600
"""Seconds without a question after which a request does wait: a key that has left the set is accepted no longer than this."""
FORGET_AFTER = 86_400
"""Seconds without an answer after which the keys are worth nothing."""

log = logging.getLogger("register.people")


@dataclass(slots=True, kw_only=True)
class KeySet:
    """`clock` tells seconds from any beginning, never backwards."""

    ask: Callable[[], Awaitable[Keys]]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _keys: Keys = field(default_factory=dict)
    _answered: float = -inf
    """When the question was put that was last answered."""
    _asked: float = -inf
    """When the last question was put that has ended, in an answer or without."""
    _begun: int = 0
    _ended: int = 0
    """How many questions have been put, and the number of the last one that has ended."""
    _question: asyncio.Task[None] | None = None

    async def key(self, kid: str) -> PublicKey | None:
        """None where the provider has no such key, or has not been heard of for too long."""
        begun, now = self._begun, self.clock()
        if now - self._answered > FORGET_AFTER:
            self._keys = {}
        if kid in self._keys:
            await self._freshen(now)
        # Only a question put after the token came proves that the provider does not know its key.
        while kid not in self._keys and self._ended <= begun:
            await asyncio.shield(self._pending())
        return self._keys.get(kid)

    async def _freshen(self, now: float) -> None:
        if now - self._asked > STALE_AFTER:
            await asyncio.shield(self._pending())
        elif now - self._answered > REFRESH_AFTER and now - self._asked > RETRY_AFTER:
            self._pending()

    def _pending(self) -> asyncio.Task[None]:
        """The one question that is being put, or about to be."""
        if self._question is None or self._question.done():
            self._question = asyncio.create_task(self._put())
        return self._question

    async def _put(self) -> None:
        if (wait := self._asked + PAUSE - self.clock()) > 0:
            await self.sleep(wait)
        self._begun, begun = self._begun + 1, self.clock()
        try:
            self._keys = await self.ask()
            self._answered = begun
        except ProviderSilent as silent:
            log.warning("no keys from the identity provider", extra={"fields": {"reason": str(silent)}})
        finally:
            self._ended, self._asked = self._begun, begun
