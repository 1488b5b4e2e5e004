"""What a transaction may see: a database role and the institutions it is for, set once and enforced by PostgreSQL."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.actors import STAFF_MEMBER

_EXPORTED = re.compile(r"[0-9A-F-]+")


class DatabaseRole(StrEnum):
    SCHOOL = "register_school"
    PROVIDER = "register_provider"
    PARTNER = "register_partner"
    PARTNER_WIDE = "register_partner_wide"
    SYNC = "register_sync"
    AUTHORITY = "register_authority"
    STATISTICS = "register_statistics"
    STATISTICS_WIDE = "register_statistics_wide"
    ANALYST = "register_analyst"
    KEYS = "register_keys"
    DISCLOSER = "register_discloser"
    MATCHER = "register_matcher"
    SEALER = "register_sealer"
    AUDITOR = "register_auditor"
    RETENTION = "register_retention"
    GATE = "register_gate"
    OPERATOR = "register_operator"
    MERGER = "register_merger"
    SEQUENCER = "register_sequencer"
    RELEASER = "register_releaser"


RECORDERS: Final = frozenset(
    {
        DatabaseRole.SCHOOL,
        DatabaseRole.PROVIDER,
        DatabaseRole.PARTNER,
        DatabaseRole.PARTNER_WIDE,
        DatabaseRole.SYNC,
        DatabaseRole.AUTHORITY,
    }
)
"""Who writes what belongs to a semester."""
_CLOSINGS: Final = 0x434C4F53
"""Names the advisory lock that whoever may write records shares, and that a closing holds alone. `closed_days()` takes it as well."""
_PATIENCE_OF_A_CLOSING: Final = "5s"
"""Whoever begins to write meanwhile waits behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """`alone`: once all who may be writing records have ended, and before any other begins."""

    role: DatabaseRole
    institution_ids: tuple[int, ...] = ()
    staff_member: str | None = None
    disclosure_id: UUID | None = None
    student_ids: tuple[UUID, ...] = ()
    source: UUID | None = None
    alone: bool = False

    def opening(self, *, read_only: bool = False, snapshot: bool = False, exported: str | None = None) -> str:
        """The statements that open a transaction in this scope, for one round trip; in the snapshot that another one has exported.

        Ids are integers and UUIDs, and a staff member has a closed alphabet, so nothing here can carry SQL.
        """
        isolation = "REPEATABLE READ" if snapshot else "READ COMMITTED"
        begin = f"BEGIN ISOLATION LEVEL {isolation}, READ {'ONLY' if read_only else 'WRITE'}"
        ids = ",".join(str(int(each)) for each in self.institution_ids)
        if self.staff_member is not None and not STAFF_MEMBER.fullmatch(self.staff_member):
            raise ValueError("a staff member's reference has letters, digits, dots, hyphens and underscores only")
        if exported is not None and not _EXPORTED.fullmatch(exported):
            raise ValueError("an exported snapshot is named by PostgreSQL")
        statements = [
            begin,
            *([] if exported is None else [f"SET TRANSACTION SNAPSHOT '{exported}'"]),
            *self._lock(read_only=read_only),
            f"SET LOCAL ROLE {self.role}",
            f"SET LOCAL register.institutions = '{ids}'",
            f"SET LOCAL register.staff_member = '{self.staff_member or ''}'",
        ]
        if snapshot:
            # Statistics: a plan for whichever institutions and codes took 36 ms where one for those asked took 32, and planning takes 1.
            statements.append("SET LOCAL plan_cache_mode = force_custom_plan")
        if self.disclosure_id is not None:
            statements.append(f"SET LOCAL register.disclosure = '{UUID(bytes=self.disclosure_id.bytes)}'")
        if self.student_ids:
            named = ",".join(str(UUID(bytes=each.bytes)) for each in self.student_ids)
            statements.append(f"SET LOCAL register.students = '{named}'")
        if self.source is not None:
            statements.append(f"SET LOCAL register.source = '{UUID(bytes=self.source.bytes)}'")
        return "; ".join(statements)

    def _lock(self, *, read_only: bool) -> list[str]:
        """Taken before any other, so that nobody waits for a closing who holds what those wait for whom the closing waits for."""
        if self.role not in RECORDERS or read_only:
            return []
        if self.alone:
            return [
                f"SET LOCAL lock_timeout = '{_PATIENCE_OF_A_CLOSING}'",
                f"SELECT pg_advisory_xact_lock({_CLOSINGS})",
            ]
        return [f"SELECT pg_advisory_xact_lock_shared({_CLOSINGS})"]


OUTSIDE = Scope(role=DatabaseRole.ANALYST)
AUTHORITY = Scope(role=DatabaseRole.AUTHORITY)
CLOSING = Scope(role=DatabaseRole.AUTHORITY, alone=True)
"""Closes and reopens semesters."""
KEYS = Scope(role=DatabaseRole.KEYS)
MATCHER = Scope(role=DatabaseRole.MATCHER)
RELEASER = Scope(role=DatabaseRole.RELEASER)
"""Reads what a release is made of, and keeps releases: nobody else writes one."""
RETENTION = Scope(role=DatabaseRole.RETENTION)
GATE = Scope(role=DatabaseRole.GATE)
"""Finds out which client is calling, before there is an actor."""
OPERATOR = Scope(role=DatabaseRole.OPERATOR)
"""Keeps the clients, by the command line."""
