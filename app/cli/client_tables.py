"""What an operator sees of clients."""

from collections.abc import Sequence
from datetime import date, datetime

from rich.console import Console
from rich.table import Table

from app.cli.client_acts import Issued, Overview
from app.domain.clients import Credential, PublicKey, usable
from app.domain.periods import Period


def show_issued(issued: Issued, console: Console) -> None:
    """What the client's people need to be told. Never wrapped: it is there to be copied."""
    proof = issued.credential.proof
    lines = {"client": issued.client.name, "client_id": str(issued.client.id), "credential": str(issued.credential.id)}
    if isinstance(proof, PublicKey):
        lines |= {"kid": proof.kid, "algorithm": proof.algorithm}
    else:
        lines |= {"client_secret": str(issued.secret)}
    for name, value in lines.items():
        console.print(f"{name:<14}{value}", soft_wrap=True, highlight=False, markup=False)
    if issued.secret is not None:
        console.print("The secret is shown this once. The register keeps its hash alone.", style="yellow")


def show_overview(clients: Sequence[Overview], console: Console, *, today: date, now: datetime) -> None:
    table = Table("client", "credentials", "institutions", title="Clients", show_lines=True)
    for each in clients:
        revoked = each.client.revoked_at
        state = "" if revoked is None else f"\n[red]revoked {revoked:%Y-%m-%d %H:%M} UTC[/]"
        good = {found.id for found in usable(each.client, each.credentials, now)}
        credentials = "\n".join(_credential(found, good=found.id in good) for found in each.credentials)
        grants = "\n".join(
            _marked(f"{found.institution_id}  {_days(found.period)}", good=today in found.period)
            for found in each.grants
        )
        table.add_row(f"{_escaped(each.client.name)}\n{each.client.id}{state}", credentials, grants or "none")
    console.print(table)


def _credential(each: Credential, *, good: bool) -> str:
    kind = each.proof.algorithm if isinstance(each.proof, PublicKey) else "secret"
    end = "" if each.valid_to is None else f", until {each.valid_to:%Y-%m-%d %H:%M} UTC"
    revoked = "" if each.revoked_at is None else f", revoked {each.revoked_at:%Y-%m-%d %H:%M} UTC"
    return _marked(f"{each.id}  {kind}{revoked or end}", good=good)


def _days(period: Period) -> str:
    return f"from {period.start}" if period.end is None else f"{period.start} to {period.end}"


def _marked(text: str, *, good: bool) -> str:
    return f"[green]{text}[/]" if good else f"[dim]{text}[/]"


def _escaped(name: str) -> str:
    return name.replace("[", r"\[")
