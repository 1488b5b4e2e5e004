"""The environment, read once. Only `app.main` and `app.cli` read it; everything else is handed what it needs."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.api.addresses import stays_here
from app.api.graphql.introspection import Introspection
from app.api.tokens.claims import Naming
from app.api.tokens.json_web_keys import Algorithm
from app.domain.clients import Algorithm as ClientAlgorithm
from app.domain.releases.accounting import CEILING_RHO
from app.setting_values import Address, DatabaseAddress, Key, Keys, Origins, RateText, Roles

PREFIX = "REGISTER_"


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + field.upper()


# An error that repeated what was set would print keys into logs.
FROM_ENVIRONMENT = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True)


class DaySettings(BaseSettings):
    """What development allows, and which day it is."""

    model_config = FROM_ENVIRONMENT

    development: bool = Field(
        default=False,
        description="Allows tokens issued here, personal codes that begin with 00, and a fixed day. Never in production.",
    )
    today: date | None = Field(default=None, description="The register's day, fixed. Only in development.")

    def model_post_init(self, _context: object) -> None:
        if self.today is not None and not self.development:
            raise ValueError("REGISTER_TODAY fixes the register's day, which only REGISTER_DEVELOPMENT allows")


class TokenSettings(DaySettings):
    """What it takes to issue and to check tokens."""

    token_key: Key = Field(description="Signs and checks bearer tokens (HMAC-SHA-256).")
    token_issuer: str = Field(
        default="https://register.example",
        description="The address of this service, and who its tokens say they are from.",
    )
    token_audience: str = "risk-register"  # noqa: S105 - a name, no secret
    access_token_minutes: int = Field(default=10, ge=1, le=60, description="How long a client's access token is good.")


class DatabaseSettings(BaseSettings):
    """What it takes to reach the database as the service does."""

    model_config = FROM_ENVIRONMENT

    database_url: DatabaseAddress = Field(
        description="The runtime login: postgresql+asyncpg://register_app:...@host/register"
    )


class ClientSettings(DaySettings, DatabaseSettings):
    """What it takes to keep clients: grants have days."""


class CeilingSettings(BaseSettings):
    """How much may ever be told of one student, by all releases together."""

    model_config = FROM_ENVIRONMENT

    release_ceiling: Decimal = Field(
        default=CEILING_RHO, gt=0, description="Of the privacy cost (rho) of all releases there ever are."
    )


class ReleaseSettings(ClientSettings, CeilingSettings):
    """What it takes to seal a release."""


class PersonSettings(DatabaseSettings):
    """What it takes to reach persons, to seal and to open them."""

    person_key: Key = Field(description="Seals names, birth dates and personal codes (AES-256-GCM).")
    person_key_id: int = Field(default=1, ge=1, le=32767)
    person_former_keys: Keys = Field(default={}, description="Open what was sealed before, and seal nothing.")
    person_hash_key: Key = Field(description="Finds a personal code by its keyed hash.")

    @property
    def person_keys(self) -> dict[int, bytes]:
        """All that open, by their ids."""
        return {**self.person_former_keys, self.person_key_id: self.person_key}

    @model_validator(mode="after")
    def _distinct(self) -> "PersonSettings":
        if self.person_key_id in self.person_former_keys:
            raise ValueError("REGISTER_PERSON_FORMER_KEYS names the id of REGISTER_PERSON_KEY")
        if len({*self.person_keys.values(), self.person_hash_key}) != len(self.person_keys) + 1:
            raise ValueError("Of the keys of persons, the hash key included, two are the same")
        return self


class IdentityProviderSettings(BaseSettings):
    """The OpenID Connect provider with which people sign in, and what its claims mean. Without an issuer there is none."""

    model_config = FROM_ENVIRONMENT

    oidc_issuer: Address | None = None
    oidc_audience: str | None = Field(default=None, description="What the provider's tokens for the register name.")
    oidc_jwks_uri: Address | None = Field(default=None, description="Unless set, discovered from the issuer.")
    oidc_algorithm: Algorithm = Algorithm.RS256
    oidc_type: str = Field(default="at+jwt", description="The header `typ` of its access tokens.")
    oidc_role_claim: str = "roles"
    oidc_roles: Roles = Field(default={}, description="What the values of that claim mean.")
    oidc_institution_claim: str = "institution"
    oidc_partner_claim: str = "partner"
    oidc_region_claim: str = "region"
    oidc_staff_member_claim: str = "staff_member"
    oidc_organisations_by: Naming = Naming.PUBLIC_NUMBER

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.oidc_issuer is None:
            useless = sorted(self.model_fields_set & (IdentityProviderSettings.model_fields.keys() - {"oidc_issuer"}))
            if useless:
                raise ValueError(f"REGISTER_OIDC_ISSUER is not set, but needed by {', '.join(map(variable, useless))}")
            return self
        if self.oidc_audience is None or not self.oidc_roles:
            raise ValueError("REGISTER_OIDC_ISSUER needs REGISTER_OIDC_AUDIENCE and REGISTER_OIDC_ROLES")
        parts = urlsplit(self.oidc_issuer)
        if parts.query or parts.fragment:
            raise ValueError("REGISTER_OIDC_ISSUER is an address without query and fragment")
        return self

    @property
    def provider_stays_here(self) -> bool:
        """Whether there is no provider but on this machine."""
        return all(stays_here(each) for each in (self.oidc_issuer, self.oidc_jwks_uri) if each is not None)


class LimitSettings(BaseSettings):
    """What callers may do, and for how long they are waited for."""

    model_config = FROM_ENVIRONMENT

    max_body: int = Field(default=1_048_576, ge=1_024, description="Bytes of a request's body.")
    max_batch: int = Field(default=200_000_000, ge=1_024, description="Bytes of a batch, after decompression.")
    batch_report_days: int = Field(
        default=30, ge=1, le=3650, description="For how long reports of batches are kept, and their keys recognised."
    )
    export_seconds: int = Field(
        default=600, ge=1, le=3600, description="For how long one export may read, however slowly it is fetched."
    )
    rate_limit: RateText = Field(default="600/minute", description="Requests of one client, by its token's subject.")
    rate_limit_persons: RateText = Field(
        default="300/hour", description="Registrations, corrections and look-ups by personal code, of one client."
    )
    rate_limit_batch_persons: RateText = Field(
        default="3000/day", description="Personal codes new to one institution, in batches of one client."
    )
    rate_limit_failures: RateText = Field(
        default="60/minute", description="Answers that somebody is not known, to one address."
    )
    statistics_cache: int = Field(
        default=64_000_000, ge=0, description="Bytes of answers of the statistics that one process keeps; 0 keeps none."
    )
    graphql_introspection: Introspection = Introspection.INSIDE
    graphql_operations: Path | None = Field(
        default=None, description="A file of GraphQL operations that everybody may ask for by their hashes."
    )
    graphql_only_registered: bool = Field(default=False, description="No other GraphQL documents are answered.")
    cors_origins: Origins = Field(
        default=(), description="Origins of web pages that may ask from browsers, with blanks between them."
    )
    hsts: int = Field(default=0, ge=0, description="Seconds for which browsers shall come back by https alone.")
    database_wait: float = Field(
        default=10, gt=0, description="Seconds for which a request waits for a connection to the database."
    )
    limit_concurrency: int = Field(
        default=1_000, ge=1, description="Connections of one process; more are answered 503."
    )

    @model_validator(mode="after")
    def _registered(self) -> Self:
        if self.graphql_only_registered and self.graphql_operations is None:
            raise ValueError("REGISTER_GRAPHQL_ONLY_REGISTERED needs REGISTER_GRAPHQL_OPERATIONS")
        return self


class Settings(TokenSettings, PersonSettings, IdentityProviderSettings, LimitSettings, CeilingSettings):
    """Every setting is an environment variable that begins with `REGISTER_`."""

    disclosure_minutes: int = Field(default=15, ge=1, le=60, description="For how long a disclosed name may be read.")
    pool_size: int = Field(default=10, ge=1, le=100)
    audit_interval: timedelta = Field(
        default=timedelta(seconds=1),
        gt=timedelta(),
        le=timedelta(seconds=30),
        description="How long an entry of the audit waits for its seal, in seconds.",
    )
    change_interval: timedelta = Field(
        default=timedelta(seconds=1),
        gt=timedelta(),
        le=timedelta(seconds=30),
        description="How often those who wait for changes are told of new ones, in seconds.",
    )
    change_retention_days: int = Field(
        default=90, ge=7, le=730, description="For how long it is known what has changed; who comes later begins anew."
    )

    def model_post_init(self, context: object) -> None:
        super().model_post_init(context)
        if self.development and not self.provider_stays_here:
            raise ValueError("REGISTER_DEVELOPMENT is refused beside an identity provider that is not on this machine")
        if self.oidc_issuer == self.token_issuer:
            raise ValueError("REGISTER_OIDC_ISSUER and REGISTER_TOKEN_ISSUER are two different issuers")


class OwnerSettings(BaseSettings):
    """What migrations need, and the service never has."""

    model_config = FROM_ENVIRONMENT

    owner_database_url: DatabaseAddress = Field(description="The owner of the tables: postgresql+asyncpg://...")


class ConnectionSettings(BaseSettings):
    """How a school system's commands reach a register, and as whom: the service itself reads none of it."""

    model_config = FROM_ENVIRONMENT

    address: str | None = Field(default=None, description="Of the register: https://register.example.")
    client_id: str | None = None
    client_secret: SecretStr | None = None
    client_key_file: Path | None = Field(default=None, description="Holds the private key, in PEM.")
    client_kid: str | None = Field(default=None, description="What the register calls that key.")
    client_algorithm: ClientAlgorithm = ClientAlgorithm.ES256
    token: SecretStr | None = Field(default=None, description="A token had elsewhere, in place of a client's proof.")


_ALL = (Settings, OwnerSettings, ConnectionSettings)
VARIABLES = frozenset(variable(field) for kind in _ALL for field in kind.model_fields)
"""All there are."""
