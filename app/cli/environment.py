"""Settings from the environment, for commands: what is missing is said in the names of the variables."""

from typing import TypeVar

import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings

Kind = TypeVar("Kind", bound=BaseSettings)


def from_environment(kind: type[Kind]) -> Kind:
    """Ends the command with one line for each variable that is missing or wrong; their values are never shown."""
    try:
        return kind()
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False):
            name = "REGISTER_" + "_".join(map(str, each["loc"])).upper() if each["loc"] else "The settings"
            typer.echo(f"{name} is not set." if each["type"] == "missing" else f"{name}: {each['msg']}.", err=True)
        typer.echo("docs/running.md says what each one is.", err=True)
        raise typer.Exit(1) from None
