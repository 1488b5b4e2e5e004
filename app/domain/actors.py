"""Who acts: a role, and the part of the country it is for.

Levels and roles follow the programme's own chain of institution, cooperation partner and state.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.ids import InstitutionId, PartnerId


class Role(StrEnum):
    SCHOOL_HEAD = "SCHOOL_HEAD"
    SCHOOL_COORDINATOR = "SCHOOL_COORDINATOR"
    PLAN_PREPARER = "PLAN_PREPARER"
    SUPPORT_PROVIDER = "SUPPORT_PROVIDER"
    MUNICIPALITY_COORDINATOR = "MUNICIPALITY_COORDINATOR"
    VOCATIONAL_COORDINATOR = "VOCATIONAL_COORDINATOR"
    PROGRAMME_AUTHORITY = "PROGRAMME_AUTHORITY"
    REGIONAL_COORDINATOR = "REGIONAL_COORDINATOR"
    ANALYST = "ANALYST"
    EVALUATOR = "EVALUATOR"
    MINISTRY = "MINISTRY"
    SYNC_CLIENT = "SYNC_CLIENT"
    ADMINISTRATOR = "ADMINISTRATOR"


class Level(StrEnum):
    SCHOOL = "SCHOOL"
    PARTNER = "PARTNER"
    REGION = "REGION"
    STATE = "STATE"
    OUTSIDE = "OUTSIDE"
    MACHINE = "MACHINE"
    OPERATOR = "OPERATOR"


LEVELS: dict[Role, Level] = {
    Role.SCHOOL_HEAD: Level.SCHOOL,
    Role.SCHOOL_COORDINATOR: Level.SCHOOL,
    Role.PLAN_PREPARER: Level.SCHOOL,
    Role.SUPPORT_PROVIDER: Level.SCHOOL,
    Role.MUNICIPALITY_COORDINATOR: Level.PARTNER,
    Role.VOCATIONAL_COORDINATOR: Level.PARTNER,
    Role.PROGRAMME_AUTHORITY: Level.STATE,
    Role.REGIONAL_COORDINATOR: Level.REGION,
    Role.ANALYST: Level.OUTSIDE,
    Role.EVALUATOR: Level.OUTSIDE,
    Role.MINISTRY: Level.OUTSIDE,
    Role.SYNC_CLIENT: Level.MACHINE,
    Role.ADMINISTRATOR: Level.OPERATOR,
}

OF_PEOPLE = frozenset(role for role, level in LEVELS.items() if level is not Level.MACHINE)
"""What a person can be: whoever vouches for people cannot make a machine of one."""

STAFF_MEMBER = re.compile(r"[A-Za-z0-9._-]{1,40}")
"""A staff member's pseudonymous reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever a request speaks for. Which of the four scope fields is set depends on the level of the role.

    SCHOOL one institution, MACHINE the institutions granted to it today, which may be none, PARTNER a partner, REGION a planning
    region's code; the others none. `staff_member` is set for a SUPPORT_PROVIDER, who sees only the plans it is named in.
    `granted_until` tells of a registered client until which day it acts for each of its institutions, None until further notice;
    it decides nothing, and is None of everybody else.
    """

    subject: str
    role: Role
    institution_ids: frozenset[InstitutionId] = field(default_factory=frozenset)
    partner_id: PartnerId | None = None
    region_code: str | None = None
    staff_member: str | None = None
    granted_until: Mapping[InstitutionId, date | None] | None = field(default=None, hash=False)

    @property
    def level(self) -> Level:
        return LEVELS[self.role]

    @property
    def organisation(self) -> str | None:
        """Whom it acts for, in the words of the audit; None for the state, for outsiders, and for several institutions at once."""
        if self.partner_id is not None:
            return f"partner {self.partner_id}"
        if self.region_code is not None:
            return f"region {self.region_code}"
        if len(self.institution_ids) == 1:
            return f"institution {next(iter(self.institution_ids))}"
        return None

    def flaw(self) -> str | None:
        """Why this actor's scope does not fit its role, or None."""
        expected = {
            Level.SCHOOL: (len(self.institution_ids) == 1, "exactly one institution"),
            Level.PARTNER: (self.partner_id is not None, "a partner"),
            Level.REGION: (self.region_code is not None, "a region"),
        }
        fits, needed = expected.get(self.level, (True, ""))
        if not fits:
            return f"{self.role} needs {needed}."
        if self.role is Role.SUPPORT_PROVIDER and self.staff_member is None:
            return "SUPPORT_PROVIDER needs a staff member."
        if self.staff_member is not None and not STAFF_MEMBER.fullmatch(self.staff_member):
            return "A staff member's reference has letters, digits, dots, hyphens and underscores only, at most 40."
        return None
