"""`risk-register migrate`: tables, roles, policies and reference data, brought up to date."""

import typer
from rich.console import Console
from rich.table import Table

from app.cli.database import as_owner
from app.cli.environment import from_environment
from app.db.migrations import migrate as bring_up_to_date
from app.settings import OwnerSettings


def migrate() -> None:
    """Bring the database named by REGISTER_OWNER_DATABASE_URL up to date. Harmless when it is."""
    url = from_environment(OwnerSettings).owner_database_url.get_secret_value()
    loaded = as_owner(bring_up_to_date(url))
    table = Table("table", "inserted", "updated", "unchanged", title="Reference data")
    for each in loaded:
        table.add_row(each.table, str(each.inserted), str(each.updated), str(each.unchanged))
    Console().print(table)


def register(cli: typer.Typer) -> None:
    cli.command()(migrate)
