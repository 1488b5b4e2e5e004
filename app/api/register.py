"""What a running service holds, made once by `app.main` and handed to every request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from starlette.requests import HTTPConnection

from app.api.answers import Answers
from app.api.arrivals import Arrivals
from app.api.export_turns import ExportTurns
from app.api.feed_cursor import FeedCursors
from app.api.graphql.introspection import Introspection
from app.api.graphql.known_questions import KnownQuestions
from app.api.graphql.operations import Operations
from app.api.quotas import RateLimits
from app.api.standings import Standings
from app.api.sync.limits import BatchLimits
from app.api.tokens import TokenReader
from app.api.tokens.clients import ClientTokens
from app.api.turns import Turns
from app.db.sealing import Sealer
from app.db.session import Database
from app.domain.reference import ReferenceData


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """`bodies` lets so many batches arrive at a time, and `batch_turns` so many use a connection: the others are for whoever waits
    for a page.

    `release_ceiling`: what all releases together may cost. `today` tells the day in Riga; `allow_test_codes` lets personal codes begin with 00, which no living person's does.
    """

    database: Database
    reference: ReferenceData
    sealer: Sealer
    tokens: TokenReader
    clients: ClientTokens
    today: Callable[[], date]
    allow_test_codes: bool
    disclosure_lifetime: timedelta
    limits: RateLimits
    batches: BatchLimits
    bodies: Turns
    batch_turns: Turns
    exports: ExportTurns
    introspection: Introspection
    operations: Operations
    questions: KnownQuestions
    standings: Standings
    answers: Answers
    arrivals: Arrivals
    cursors: FeedCursors
    release_ceiling: Decimal


def register_of(connection: HTTPConnection) -> Register:
    register = connection.app.state.register
    assert isinstance(register, Register)  # noqa: S101 - app.main puts it there
    return register
