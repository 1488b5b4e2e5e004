"""Settings from the environment, for commands: what is missing or wrong is said in the names of the variables."""

import os
from typing import TypeVar

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings

from app.settings import PREFIX, VARIABLES, variable

Kind = TypeVar("Kind", bound=BaseSettings)


def from_environment(kind: type[Kind]) -> Kind:
    """Ends the command with one line for each variable that is missing or wrong; their values are never shown."""
    try:
        return kind()
    except ValidationError as error:
        lines = [_line(each) for each in error.errors(include_input=False, include_url=False)]
        for line in lines:
            typer.echo(line, err=True)
        typer.echo("docs/running.md says what each one is.", err=True)
        if any("REGISTER_OIDC_" in line for line in lines):
            typer.echo("docs/identity.md says what those of the identity provider are.", err=True)
        raise typer.Exit(1) from None


def _line(error: ErrorDetails) -> str:
    """Of an error that is about several settings, the message names them itself."""
    said = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["msg"]
    if not error["loc"]:
        return f"{said}."
    name = variable(str(error["loc"][0]))
    return f"{name} is not set." if error["type"] == "missing" else f"{name}: {said}."


def warn_of_unknown() -> None:
    """A variable that looks like a setting and is none was probably meant to be one."""
    for name in sorted(each for each in os.environ if each.startswith(PREFIX) and each not in VARIABLES):
        typer.echo(f"{name} is no setting, and does nothing: docs/running.md lists them.", err=True)
