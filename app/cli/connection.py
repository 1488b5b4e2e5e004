"""How a school system's commands reach a register: by options, or by the environment."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from app.cli.environment import from_environment
from app.client import ClientKey, ClientSecret, Credentials, FixedToken, RegisterClient
from app.settings import ConnectionSettings

COULD_NOT = 2
"""The exit code of a command that could not do what it was asked for."""

Address = Annotated[str | None, typer.Option(help="Of the register: https://register.example. Else REGISTER_ADDRESS.")]
ClientId = Annotated[str | None, typer.Option("--client-id", help="Else REGISTER_CLIENT_ID.")]
SecretFile = Annotated[
    Path | None,
    typer.Option("--secret-file", exists=True, dir_okay=False, help="Holds the secret. Else REGISTER_CLIENT_SECRET."),
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key-file", exists=True, dir_okay=False, help="Holds the private key. Else REGISTER_CLIENT_KEY_FILE."
    ),
]
Kid = Annotated[str | None, typer.Option("--kid", help="What the register calls that key. Else REGISTER_CLIENT_KID.")]
Language = Annotated[str, typer.Option("--language", help="Of what is told about rejected items: lv or en.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What was said by options; the rest is looked for in the environment."""

    address: str | None
    client_id: str | None
    secret_file: Path | None
    key_file: Path | None
    kid: str | None
    language: str = "en"

    def client(self) -> RegisterClient:
        """Ends the command where address or credentials are missing."""
        said = from_environment(ConnectionSettings)
        address = self.address or said.address
        if address is None:
            raise stop("Say where the register is: --address, or REGISTER_ADDRESS.")
        try:
            return RegisterClient(address, self._credentials(said), language=self.language)
        except ValueError as error:
            raise stop(str(error)) from None

    def _credentials(self, said: ConnectionSettings) -> Credentials:
        client_id, key_file, kid = (
            self.client_id or said.client_id,
            self.key_file or said.client_key_file,
            self.kid or said.client_kid,
        )
        secret = SecretStr(self.secret_file.read_text().strip()) if self.secret_file else said.client_secret
        if client_id is not None and key_file is not None and kid is not None and self.secret_file is None:
            return ClientKey(client_id=client_id, kid=kid, key=key_file.read_text(), algorithm=said.client_algorithm)
        if client_id is not None and secret is not None:
            return ClientSecret(client_id=client_id, secret=secret.get_secret_value())
        if said.token is not None:
            return FixedToken(said.token.get_secret_value())
        raise stop(
            "Say who you are: REGISTER_CLIENT_ID with REGISTER_CLIENT_SECRET, or with REGISTER_CLIENT_KEY_FILE and REGISTER_CLIENT_KID."
        )


def stop(message: str) -> typer.Exit:
    """To be raised: tells why, and that nothing came of it."""
    typer.echo(message, err=True)
    return typer.Exit(COULD_NOT)
