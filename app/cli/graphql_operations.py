"""`risk-register graphql-operations`: whether the operations that a frontend's tools have written would be answered."""

from pathlib import Path
from typing import Annotated

import typer

from app.api.graphql.manifests import UnfitOperations, operations_in

group = typer.Typer(help="GraphQL operations that are registered at deployment.", no_args_is_help=True)


@group.callback()
def _group() -> None:
    """With one command alone, typer would leave its name out."""


@group.command()
def check(file: Annotated[Path, typer.Argument(help="What REGISTER_GRAPHQL_OPERATIONS would name.")]) -> None:
    """Check each operation against the schema and the limits of this version; needs no database and no settings."""
    typer.echo(f"Fit to be registered: {fit(file)} operations.")


def fit(file: Path) -> int:
    """How many there are. The command ends with a line for each thing that is wrong with them."""
    try:
        return len(operations_in(file))
    except UnfitOperations as error:
        for flaw in error.flaws:
            typer.echo(flaw, err=True)
        typer.echo(f"{file} is not fit to be registered: docs/graphql.md says what it holds.", err=True)
    raise typer.Exit(1)


def register(cli: typer.Typer) -> None:
    cli.add_typer(group, name="graphql-operations")
