"""Who waits for changes is woken when there is one to be told of, and holds no connection to the database meanwhile."""

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from uuid import UUID


class Arrivals:
    """The last position told to each institution, as far as this process has heard. `position`: up to where that is; None before it has
    heard anything.
    """

    def __init__(self) -> None:
        self._news = asyncio.Condition()
        self._told: dict[int, int] = {}
        self._everybody = 0
        self._epoch: UUID | None = None
        self.position: int | None = None

    async def announce(self, epoch: UUID, position: int, institution_ids: Iterable[int] | None) -> None:
        """Up to this position these institutions have been told something new; None: whichever it was. Whoever waits in another epoch
        is woken, too.
        """
        async with self._news:
            if institution_ids is None:
                self._everybody = position
            else:
                self._told.update(dict.fromkeys(institution_ids, position))
            self._epoch, self.position = epoch, position
            self._news.notify_all()

    async def wait(
        self, epoch: UUID, position: int, institution_ids: Collection[int] | None, *, seconds: float
    ) -> None:
        """Until one of these institutions, or any where there are none, has been told something after the position, or the time is over."""

        def is_news() -> bool:
            if self._epoch not in (None, epoch) or self._everybody > position:
                return True
            if institution_ids is None:
                return (self.position or 0) > position
            return any(self._told.get(each, 0) > position for each in institution_ids)

        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(is_news)
