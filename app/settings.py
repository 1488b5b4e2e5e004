"""The environment, read once. Only `app.main` and `app.cli` read it; everything else is handed what it needs."""

from base64 import b64decode
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _key(value: object) -> object:
    return b64decode(value, validate=True) if isinstance(value, str) else value


Key = Annotated[bytes, BeforeValidator(_key), Field(min_length=32, max_length=32, repr=False)]
"""32 random bytes, in Base64."""


# An error that repeated what was set would print keys into logs.
FROM_ENVIRONMENT = SettingsConfigDict(env_prefix="REGISTER_", frozen=True, hide_input_in_errors=True)


class TokenSettings(BaseSettings):
    """What it takes to issue and to check tokens."""

    model_config = FROM_ENVIRONMENT

    token_key: Key = Field(description="Signs and checks bearer tokens (HMAC-SHA-256).")
    token_issuer: str = "https://register.example"  # noqa: S105 - a name, no secret
    token_audience: str = "risk-register"  # noqa: S105 - a name, no secret
    development: bool = Field(
        default=False,
        description="Allows tokens issued here, personal codes that begin with 00, and a fixed day. Never in production.",
    )


class Settings(TokenSettings):
    """Every setting is an environment variable that begins with `REGISTER_`."""

    database_url: SecretStr = Field(
        description="The runtime login: postgresql+asyncpg://register_app:...@host/register"
    )
    person_key: Key = Field(description="Seals names, birth dates and personal codes (AES-256-GCM).")
    person_key_id: int = Field(default=1, ge=1, le=32767)
    person_hash_key: Key = Field(description="Finds a personal code by its keyed hash.")
    pool_size: int = Field(default=10, ge=1, le=100)
    today: date | None = Field(default=None, description="The register's day, fixed. Only in development.")

    def model_post_init(self, _context: object) -> None:
        if self.today is not None and not self.development:
            raise ValueError("REGISTER_TODAY fixes the register's day, which only REGISTER_DEVELOPMENT allows.")


class OwnerSettings(BaseSettings):
    """What migrations need, and the service never has."""

    model_config = FROM_ENVIRONMENT

    owner_database_url: SecretStr = Field(description="The owner of the tables: postgresql+asyncpg://...")
