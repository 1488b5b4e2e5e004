"""What ought to be answered: taken from the permissions, the sides and the domain's tables, never from what the code does."""

from collections.abc import Collection, Iterator

from app.domain.actors import Role
from app.domain.permissions import Permission
from app.domain.plan_steps import OWN_PARTNER, TRANSITIONS, WHO_MAY, Step
from tests.matrix.asking import Answer
from tests.matrix.cast import Player
from tests.matrix.rows import Row
from tests.matrix.table import permission_of

UNAUTHENTICATED, FORBIDDEN, CONFLICT, UNPROCESSABLE = 401, 403, 409, 422


def refused_at_once(row: Row, player: Player) -> tuple[int, str] | None:
    """The status and problem of whoever may not ask this at all, whatever object it is about; None for everybody else."""
    permission = permission_of(row)
    if permission is None:
        return None
    if player.role is None:
        return UNAUTHENTICATED, "/problems/unauthenticated"
    if not player.may(permission):
        return FORBIDDEN, "/problems/role-may-not"
    return (UNPROCESSABLE, "/problems/invalid-data") if knows_no_institution(player.role, permission) else None


def knows_no_institution(role: Role | None, permission: Permission) -> bool:
    """Those outside ask the statistics of releases, and get no answer about any institution."""
    return permission is Permission.READ_STATISTICS and role in (Role.ANALYST, Role.EVALUATOR, Role.MINISTRY)


def status_of_own(row: Row, player: Player) -> int:
    """For a player who may ask, of an object in its scope."""
    assert player.role is not None
    if row.step is not None:
        return _status_of_step(row, player)
    return row.others.get(player.role, row.own)


def _status_of_step(row: Row, player: Player) -> int:
    assert row.step is not None
    assert player.own is not None
    state, step = row.step
    own_partner = player.own.is_own_partner
    possible = TRANSITIONS | OWN_PARTNER if own_partner else TRANSITIONS
    if (state, step) not in possible or (own_partner and step is Step.APPROVE_PARTNER):
        return CONFLICT
    return row.own if player.role in WHO_MAY[state, step] else FORBIDDEN


def leaks(player: Player, answer: Answer, sent: Collection[str], *, but: Collection[str] = ()) -> Iterator[str]:
    """What of foreign records stands anywhere in the answer. What the request itself named may be repeated."""
    for side in player.foreign:
        for secret in (*side.secrets, side.mark, side.born):
            if secret in answer.whole and secret not in sent and secret not in but:
                yield f"{secret} of {side}"
