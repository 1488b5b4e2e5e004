"""Reads from a person's claims who that is for the register: the role, and the organisation in the provider's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from app.api.tokens.reading import BadToken
from app.domain.actors import LEVELS, Level, Role

Claims = Mapping[str, Any]
Word = TypeVar("Word")
LONGEST = 40
"""Characters of a word that names an organisation or a staff member."""


class Naming(StrEnum):
    """How a provider names institutions and partners."""

    PUBLIC_NUMBER = "PUBLIC_NUMBER"
    """An institution by the registration number it has today; a partner by the ATVK code of the municipality, or likewise."""
    ID = "ID"
    """By the ids that they have in the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a token says of somebody, of which only what the role needs is looked at."""

    role: Role
    institution: str | None = None
    partner: str | None = None
    region: str | None = None
    staff_member: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMapping:
    """Names of claims, or paths with dots into them, and what the values of the one for the role mean. Other values mean nothing."""

    role: str
    roles: Mapping[str, Role]
    institution: str
    partner: str
    region: str
    staff_member: str
    naming: Naming

    def read(self, claims: Claims) -> Claimed:
        """Raises BadToken unless there is exactly one role in them, and no more than one of each thing that the role needs."""
        role = self._role(claims)
        level = LEVELS[role]
        return Claimed(
            role=role,
            institution=_word(claims, self.institution) if level is Level.SCHOOL else None,
            partner=_word(claims, self.partner) if level is Level.PARTNER else None,
            region=_word(claims, self.region) if level is Level.REGION else None,
            staff_member=_word(claims, self.staff_member) if role is Role.SUPPORT_PROVIDER else None,
        )

    def _role(self, claims: Claims) -> Role:
        found = {self.roles[value] for value in _values(claims, self.role) if value in self.roles}
        if len(found) != 1:
            raise BadToken("no role of the register" if not found else "more than one role of the register")
        return found.pop()


def _word(claims: Claims, path: str) -> str | None:
    words = set(_values(claims, path))
    if len(words) > 1:
        raise BadToken("more than one value where the role needs one")
    word = words.pop() if words else None
    if word is not None and len(word) > LONGEST:
        raise BadToken("a value that is too long")
    return word


def _values(claims: Claims, path: str) -> list[str]:
    """The texts of a claim, which is a text, a number or a list of them. A claim of the whole name goes before a path."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    entries = found if isinstance(found, list) else [found]
    return [str(each) for each in entries if isinstance(each, str | int) and not isinstance(each, bool)]
