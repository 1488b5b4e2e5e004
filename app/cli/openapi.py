"""`risk-register openapi`: what is made from the code for others to read, the two documents of the API above all."""

import json
from pathlib import Path
from typing import Annotated

import typer
from strawberry.printer import print_schema

from app.api.graphql.schema import schema
from app.cli.definitions import definitions
from app.cli.plan_life import plan_life
from app.cli.rights import rights
from app.db.reference import packaged
from app.main import create_app
from app.settings import Settings

FOLDER = Path("openapi")


def documents() -> dict[Path, str]:
    """The OpenAPI document, the GraphQL schema, the definitions, the life of a plan and the rights, by the file each belongs in."""
    key = bytes(32)
    nothing = Settings.model_validate(
        {
            "database_url": "postgresql+asyncpg://nobody@nowhere/nothing",
            "token_key": key,
            "person_key": key,
            "person_hash_key": bytes([1] * 32),
        }
    )
    document = create_app(nothing).openapi()
    return {
        FOLDER / "openapi.json": json.dumps(document, indent=2, ensure_ascii=False) + "\n",
        FOLDER / "schema.graphql": print_schema(schema) + "\n",
        Path("docs/definitions.md"): definitions(),
        Path("docs/plan-life.md"): plan_life(),
        Path("docs/rights.md"): rights(packaged().retention),
    }


def openapi(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail if a file differs.")] = False,
) -> None:
    """Write openapi/openapi.json, openapi/schema.graphql, docs/definitions.md, docs/plan-life.md and docs/rights.md, made from the code."""
    differing = [
        path for path, text in documents().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if check:
        for path in differing:
            typer.echo(f"{path} is not what the code says: make openapi", err=True)
        raise typer.Exit(1 if differing else 0)
    for path, text in documents().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def register(cli: typer.Typer) -> None:
    cli.command()(openapi)
