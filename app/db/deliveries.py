"""What statistics gain and lose by interventions: noted by the statements that write them, as the exact difference of old and new rows.

To make anew what a batch of them touches would read some twenty times as many (docs/adr/0020). `statistics_pending` holds the
differences of this transaction until they are settled.
"""

from typing import Final

_KEY: Final = (
    "plan_id",
    "risk_id",
    "institution_id",
    "support_measure",
    "subject",
    "specialist",
    "mode",
    "staff_member",
)
_SUMS: Final = ("attended", "not_attended", "consultations", "centihours", "cents")
_SAID: Final = (
    "risk_id",
    "support_measure",
    "subject",
    "specialist",
    "mode",
    "staff_member",
    "attendance",
    "hours",
    "eur",
)
"""All of an intervention that statistics speak of. It never changes its plan."""


def _noting(of: str, sign: str = "") -> str:
    """What an intervention counts for. ATTENDED is 1 in the code list `attendances`."""
    there = f"{of}.attendance = 1"
    counted = (
        *(f"{of}.{name}" for name in _KEY[:4]),
        *(f"coalesce({of}.{name}, 0::smallint)" for name in _KEY[4:7]),
        f"{of}.staff_member",
        f"{sign}({there})::int",
        f"{sign}(NOT {there})::int",
        f"{sign}({there} AND {of}.hours IS NOT NULL)::int",
        f"{sign}CASE WHEN {there} THEN coalesce({of}.hours * 100, 0)::int ELSE 0 END",
        f"{sign}CASE WHEN {there} THEN coalesce({of}.eur * 100, 0)::int ELSE 0 END",
    )
    return f"INSERT INTO statistics_pending ({', '.join((*_KEY, *_SUMS))}) SELECT {', '.join(counted)}"


NEW: Final = f"{_noting('new')} FROM new"
"""Of interventions that are inserted: `new` has their columns."""

_DIFFERENT: Final = f"({', '.join(f'(was).{each}' for each in _SAID)}) IS DISTINCT FROM ({', '.join(f'(now).{each}' for each in _SAID)})"
CHANGED: Final = (
    f"{_noting('(one.row)', 'one.sign * ')} FROM written CROSS JOIN LATERAL (VALUES (-1, was), (1, now)) AS one (sign, row)"
    f" WHERE {_DIFFERENT}"
)
"""Of interventions that are updated: `written` has the rows as they were and as they are now."""

GONE: Final = f"{_noting('gone', '-')} FROM intervention AS gone WHERE gone.id = $1 AND gone.student_id = $2"
"""Of one that is locked, and will be deleted."""
