"""People whom the test's identity provider vouches for, and the register that trusts it."""

from typing import Any

from app.domain.actors import Role
from app.settings import Settings
from tests.api.identity_provider import AUDIENCE

ROLES = {
    "vaditajs": Role.SCHOOL_HEAD,
    "direktors": Role.SCHOOL_HEAD,
    "atbalsta-specialists": Role.SUPPORT_PROVIDER,
    "pasvaldibas-koordinators": Role.MUNICIPALITY_COORDINATOR,
    "tehnikuma-koordinators": Role.VOCATIONAL_COORDINATOR,
    "regiona-koordinators": Role.REGIONAL_COORDINATOR,
    "ikvd": Role.PROGRAMME_AUTHORITY,
}


def trusting(settings: Settings, issuer: str, **changed: Any) -> Settings:
    """The same settings, and the identity provider of this issuer."""
    return Settings.model_validate(
        {
            **settings.model_dump(),
            "oidc_issuer": issuer,
            "oidc_audience": AUDIENCE,
            "oidc_role_claim": "realm_access.roles",
            "oidc_roles": ROLES,
            **changed,
        }
    )


def roles(*values: str) -> dict[str, Any]:
    """The claim for the role, as Keycloak makes it: among roles that are its own affair."""
    return {"realm_access": {"roles": ["offline_access", "default-roles-register", *values]}}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
