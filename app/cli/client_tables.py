"""What an operator sees of clients."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console

from app.cli.client_acts import Issued, Overview
from app.domain.clients import Client, Credential, PublicKey, usable
from app.domain.periods import Period

MINUTE = "%Y-%m-%d %H:%M"


def show_issued(issued: Issued, console: Console) -> None:
    """What the client's people need to be told. Never wrapped: it is there to be copied."""
    proof = issued.credential.proof
    lines = {"client": issued.client.name, "client_id": str(issued.client.id), "credential": str(issued.credential.id)}
    if isinstance(proof, PublicKey):
        lines |= {"kid": proof.kid, "algorithm": proof.algorithm}
    else:
        lines |= {"client_secret": str(issued.secret)}
    for name, value in lines.items():
        _say(console, f"{name:<14}{value}")
    if issued.secret is not None:
        console.print("The secret is shown this once. The register keeps its hash alone.", style="yellow")


def show_overview(clients: Sequence[Overview], console: Console, *, today: date, now: datetime) -> None:
    """A line for each thing, never wrapped and never shortened, however narrow the window: ids are there to be copied."""
    for each in clients:
        name = each.client.name if each.client.revoked_at is None else f"{each.client.name}, {_revoked(each.client)}"
        _say(console, name, "bold")
        _say(console, f"  client       {each.client.id}")
        good = {found.id for found in usable(each.client, each.credentials, now)}
        for found in each.credentials:
            _say(
                console,
                f"  credential   {_credential(found, each.client, now)}",
                "green" if found.id in good else "dim",
            )
        for grant in each.grants:
            lasts = each.client.revoked_at is None and today in grant.period
            _say(
                console,
                f"  institution  {grant.institution_id}  {_days(grant.period, today)}",
                "green" if lasts else "dim",
            )
        if not each.grants:
            _say(console, "  institution  none")
    if not clients:
        _say(console, "There are no clients.")


def _say(console: Console, line: str, style: str | None = None) -> None:
    console.print(line, style=style, soft_wrap=True, highlight=False, markup=False)


def _credential(each: Credential, client: Client, now: datetime) -> str:
    kind = each.proof.algorithm if isinstance(each.proof, PublicKey) else "secret"
    if each.revoked_at is not None:
        state = f", {_revoked(each)}"
    elif client.revoked_at is not None:
        state = f", {_revoked(client)} with the client"
    elif each.valid_to is not None:
        state = f", {'until' if now < each.valid_to else 'ended'} {each.valid_to:{MINUTE}} UTC"
    else:
        state = ""
    return f"{each.id}  {kind}{state}"


def _revoked(each: Client | Credential) -> str:
    return f"revoked {each.revoked_at:{MINUTE}} UTC"


def _days(period: Period, today: date) -> str:
    days = f"from {period.start}" if period.end is None else f"{period.start} to {period.end}"
    if period.end is not None and period.end < today:
        return f"{days}, ended"
    return f"{days}, not yet" if period.start > today else days


def overview_json(clients: Sequence[Overview], *, today: date, now: datetime) -> str:
    """The same for programs: a list of clients. Times are UTC."""
    return json.dumps([_for_programs(each, today, now) for each in clients], indent=2, ensure_ascii=False)


def _for_programs(each: Overview, today: date, now: datetime) -> dict[str, Any]:
    good = {found.id for found in usable(each.client, each.credentials, now)}
    return {
        "client_id": str(each.client.id),
        "name": each.client.name,
        "revoked_at": _time(each.client.revoked_at),
        "credentials": [
            {
                "id": str(found.id),
                "algorithm": found.proof.algorithm if isinstance(found.proof, PublicKey) else None,
                "kid": found.proof.kid if isinstance(found.proof, PublicKey) else None,
                "valid_from": _time(found.valid_from),
                "valid_to": _time(found.valid_to),
                "revoked_at": _time(found.revoked_at),
                "usable": found.id in good,
            }
            for found in each.credentials
        ],
        "grants": [
            {
                "institution_id": grant.institution_id,
                "from": grant.period.start.isoformat(),
                "to": None if grant.period.end is None else grant.period.end.isoformat(),
                "usable": each.client.revoked_at is None and today in grant.period,
            }
            for grant in each.grants
        ],
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
