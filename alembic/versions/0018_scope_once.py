"""The scope is asked once in each policy, and read as an array at once: cheaper to plan and to run, and the same rows.

A policy that looks into `student_access` or `plan_provider` need not name the institutions in scope, since the policies of these two
tables have left no others there. To split 113 numbers and turn each into an integer takes 17 µs, to read them as an array 9. And where
no index helps, as among interventions, a hashed set is cheaper than an array.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHOOL, SYNC, PROVIDER = "register_school", "register_sync", "register_provider"
PARTNER, PARTNER_WIDE = "register_partner", "register_partner_wide"
RECORDS = (
    "enrolment",
    "risk",
    "plan",
    "plan_risk",
    "planned_measure",
    "plan_provider",
    "plan_step",
    "intervention",
    "outcome",
    "outcome_result",
)
PARTS = ("plan_risk", "planned_measure", "plan_step", "intervention", "outcome")
UNINDEXED = ("plan_risk", "planned_measure", "plan_step", "intervention", "outcome_result")
"""Read by their plan or outcome, and never by their institution."""

SETTING = "current_setting('register.institutions', true)"
ARRAY = f"('{{' || {SETTING} || '}}')::int[]"
ARRAY_OF_BEFORE = f"string_to_array(NULLIF({SETTING}, ''), ',')::int[]"
STAFF_MEMBER = "= (SELECT NULLIF(current_setting('register.staff_member', true), ''))"
READERS = (SCHOOL, SYNC, PARTNER, PARTNER_WIDE)
STATISTICS, STATISTICS_WIDE = "register_statistics", "register_statistics_wide"
UNRESTRICTED = "a.restricted_on IS NULL"
OWN_OR_UNRESTRICTED = f"({UNRESTRICTED} OR a.owner_id = a.institution_id)"


def upgrade() -> None:
    _policies(narrow=_narrow(ARRAY), wide=_wide(ARRAY), once=True)


def downgrade() -> None:
    _policies(narrow=_narrow(ARRAY_OF_BEFORE), wide=_wide(ARRAY_OF_BEFORE), once=False)


def _narrow(array: str) -> str:
    return f"= ANY ((SELECT {array})::int[])"


def _wide(array: str) -> str:
    return f"IN (SELECT unnest({array}))"


def _policies(*, narrow: str, wide: str, once: bool) -> None:
    for role in READERS:
        _reader(role, wide if role == PARTNER_WIDE else narrow, once=once)
    for table in RECORDS:
        hashed = once and table in UNINDEXED
        _select(STATISTICS, table, f"institution_id {wide if hashed else narrow}")
        _select(STATISTICS_WIDE, table, f"institution_id {wide}")
    _provider(narrow, once=once)


def _select(role: str, table: str, rule: str) -> None:
    op.execute(f"ALTER POLICY {role.removeprefix('register_')}_select ON {table} USING ({rule})")


def _reader(role: str, scope: str, *, once: bool) -> None:
    own = role in (SCHOOL, SYNC)
    mark = OWN_OR_UNRESTRICTED if own else UNRESTRICTED
    within = "" if once else f" AND a.institution_id {scope}"

    def opened(table: str, *, by_owner: bool = True) -> str:
        owner = f" AND a.owner_id = {table}.institution_id" if by_owner else ""
        return f"EXISTS (SELECT FROM student_access AS a WHERE a.student_id = {table}.student_id{owner}{within} AND {mark})"

    _select(role, "student_access", f"institution_id {scope}")
    for table in RECORDS:
        _select(role, table, opened(table))
    _select(role, "student", opened("student", by_owner=False))
    if own:
        _select(role, "person.person", opened("person"))


def _provider(narrow: str, *, once: bool) -> None:
    mine = f"p.institution_id {narrow} AND p.staff_member {STAFF_MEMBER}"
    within = "" if once else f" AND {mine}"

    def named(table: str, column: str) -> str:
        return (
            f"EXISTS (SELECT FROM plan_provider AS p WHERE p.plan_id = {table}.{column}"
            f" AND p.student_id = {table}.student_id AND p.institution_id = {table}.institution_id{within})"
        )

    def of_student(table: str) -> str:
        return f"EXISTS (SELECT FROM plan_provider AS p WHERE p.student_id = {table}.student_id{within})"

    _select(PROVIDER, "plan", named("plan", "id"))
    for table in PARTS:
        _select(PROVIDER, table, named(table, "plan_id"))
    _select(PROVIDER, "student", of_student("student"))
    _select(PROVIDER, "enrolment", f"institution_id {narrow} AND {of_student('enrolment')}")
