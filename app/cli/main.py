"""The command line of the register."""

import typer

from app.cli import (
    audit,
    changes,
    clients,
    demo,
    environment,
    follow,
    graphql_operations,
    keys,
    migrate,
    openapi,
    push,
    releases,
    retention,
    serve,
    statistics,
    token,
)

cli = typer.Typer(
    help="A national register of students at risk of leaving school early.", no_args_is_help=True, add_completion=False
)


@cli.callback()
def before_every_command() -> None:
    environment.warn_of_unknown()


for command in (
    demo,
    serve,
    migrate,
    token,
    clients,
    keys,
    audit,
    changes,
    retention,
    statistics,
    releases,
    openapi,
    graphql_operations,
    push,
    follow,
):
    command.register(cli)
