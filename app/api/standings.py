"""Where a caller of statistics stands: what it sees today, and of which version that is. With the question, this names an answer."""

import json
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Final

from app.api.looks import Looks
from app.db import reach, releases
from app.db.scopes import DatabaseRole, Scope
from app.db.session import Database
from app.db.statistics import version
from app.domain.actors import Actor
from app.domain.geography import Geography

SHORTENED: Final = 32
"""Hexadecimal digits of SHA-256 in a tag: 128 bits, which nobody makes two answers meet in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`version`: of the data that the scope sees, another one after each change of what statistics say of it.

    What is kept under a tag must have been read afterwards and in this very scope: by then the actor may have another one.
    """

    scope: Scope
    version: str
    today: date
    _told: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        scope = self.scope
        told = [scope.role, sorted(scope.institution_ids), scope.staff_member, self.version, self.today.isoformat()]
        object.__setattr__(self, "_told", json.dumps(told).encode())

    def tag(self, question: bytes) -> str:
        """The name of the answer to this question, a strong ETag without its quotes: the same for those alone who see the same data on
        the same day. `question` says all that the answer depends on besides, also in which form it is to be.
        """
        return sha256(len(self._told).to_bytes(4) + self._told + question).hexdigest()[:SHORTENED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """Asked of the database for every request. Those who see the same, and ask at the same time, are told by one look."""

    database: Database
    geography: Geography
    _looks: Looks[Standing] = field(default_factory=Looks)

    async def of(self, actor: Actor, today: date) -> Standing:
        """No older than this call."""
        # All that the scope of statistics is derived from, besides the day.
        at = (today, actor.level, actor.institution_ids, actor.partner_id, actor.region_code)
        return await self._looks.look(at, lambda: self._read(actor, today))

    async def _read(self, actor: Actor, today: date) -> Standing:
        scope = await reach.for_statistics(self.database, actor, geography=self.geography, today=today)
        async with self.database.transaction(scope, read_only=True) as connection:
            outside = scope.role is DatabaseRole.ANALYST
            seen = await (releases.ledger.version(connection) if outside else version.seen(connection))
            return Standing(scope=scope, version=seen, today=today)
