"""The demo's school information system: a real client, with a secret of its own, kept beside the demo's keys."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from app.api.tokens import utc_now
from app.cli.client_acts import Operator
from app.db.session import Database
from app.demo.register import Examples
from app.domain.clients import proved_by, usable
from app.domain.periods import Period

SINCE = date(2021, 9, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClient:
    client_id: str
    client_secret: str


async def ensure_client(database: Database, folder: Path, those: Examples) -> DemoClient:
    """The client that was told here before, or a new one where the register does not know it, or no longer."""
    path = folder / "client.json"
    operator = Operator(name="demo", database=database, now=utc_now())
    if path.exists():
        told = DemoClient(**json.loads(path.read_text()))
        if await _is_good(operator, told):
            return told
    issued = await operator.create(
        f"School information system of {those.school_name} and {those.vocational_name}",
        granted=(those.school, those.vocational),
        period=Period(SINCE),
    )
    made = DemoClient(client_id=str(issued.client.id), client_secret=str(issued.secret))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(made), file)
    return made


async def _is_good(operator: Operator, told: DemoClient) -> bool:
    known = [each for each in await operator.overview() if str(each.client.id) == told.client_id]
    return any(proved_by(told.client_secret, usable(each.client, each.credentials, operator.now)) for each in known)
