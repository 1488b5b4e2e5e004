"""Who asks: one player for every role, the ones between the roles, and a stranger without a token. Each has its own side and foreign ones."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.domain.actors import LEVELS, Level, Role
from app.domain.permissions import PERMISSIONS, Permission
from tests.factories import World
from tests.matrix.shared import Shared
from tests.matrix.sides import OWN_STAFF, Side
from tests.matrix.undone import UndoingDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """`own`: the side whose objects it plays with; `reach`: all sides whose records it sees, and `counted` whose figures. `foreign`: the
    sides whose records are none of its business. The authority has none.
    """

    name: str
    role: Role | None
    headers: dict[str, str]
    own: Side | None
    reach: tuple[Side, ...]
    counted: tuple[Side, ...]
    foreign: tuple[Side, ...]

    def __str__(self) -> str:
        return self.name

    def may(self, permission: Permission) -> bool:
        return self.role is not None and permission in PERMISSIONS[self.role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything of one module: `school` lies in Vidzeme under Madona's agreement, `riga` elsewhere; `college` is its own partner."""

    world: World
    school: Side
    riga: Side
    college: Side
    shared: Shared
    database: UndoingDatabase

    @property
    def sides(self) -> tuple[Side, ...]:
        return (self.school, self.riga, self.college)

    def players(self) -> Iterator[Player]:
        for role in Role:
            yield self._player(role)
        at_school = frozenset({self.school.institution})
        not_named = self._named(
            "PROVIDER_NOT_NAMED", Role.SUPPORT_PROVIDER, None, institution_ids=at_school, staff_member="T-404"
        )
        yield replace(not_named, counted=(self.school,))
        two = frozenset({self.school.institution, self.college.institution})
        yield self._named("SYNC_OF_TWO", Role.SYNC_CLIENT, self.school, also=self.college, institution_ids=two)
        yield Player(name="STRANGER", role=None, headers={}, own=None, reach=(), counted=(), foreign=self.sides)

    def _player(self, role: Role) -> Player:
        match LEVELS[role]:
            case Level.SCHOOL | Level.MACHINE:
                staff = OWN_STAFF if role is Role.SUPPORT_PROVIDER else None
                at_school = frozenset({self.school.institution})
                return self._named(role, role, self.school, institution_ids=at_school, staff_member=staff)
            case Level.PARTNER if role is Role.VOCATIONAL_COORDINATOR:
                return self._named(role, role, self.college, partner_id=self.college.partner)
            case Level.PARTNER:
                return self._named(role, role, self.school, partner_id=self.school.partner)
            case Level.REGION:
                return self._named(role, role, self.school, also=self.college, region_code="PR-VIDZEME")
            case Level.STATE:
                bearer = self.world.bearer(role)
                everything = {"reach": self.sides, "counted": self.sides, "foreign": ()}
                return Player(name=role, role=role, headers=bearer, own=self.school, **everything)
            case Level.OUTSIDE | Level.OPERATOR:
                return self._named(role, role, None)

    def _named(self, name: str, role: Role, own: Side | None, also: Side | None = None, **scope: Any) -> Player:
        reach = tuple(each for each in self.sides if each in (own, also))
        foreign = tuple(each for each in self.sides if each not in reach)
        bearer = self.world.bearer(role, **scope)
        return Player(name=name, role=role, headers=bearer, own=own, reach=reach, counted=reach, foreign=foreign)
