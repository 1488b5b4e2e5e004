"""Restriction of processing: a mark on `student_access`, and policies that heed it.

Reading costs no further look-up, since the policies read the marked row already. Writing asks for the few students who are restricted
by a partial index (the next migration), once for each statement, however many rows it writes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER = "register_keeper"
SCHOOL, SYNC, PROVIDER = "register_school", "register_sync", "register_provider"
PARTNER, PARTNER_WIDE, AUTHORITY = "register_partner", "register_partner_wide", "register_authority"
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
NARROW = (
    "= ANY ((SELECT string_to_array(NULLIF(current_setting('register.institutions', true), ''), ',')::int[])::int[])"
)
WIDE = "IN (SELECT unnest(string_to_array(NULLIF(current_setting('register.institutions', true), ''), ',')::int[]))"
STAFF_MEMBER = "= (SELECT NULLIF(current_setting('register.staff_member', true), ''))"

OWNERS = {SCHOOL: NARROW, SYNC: NARROW}
"""They go on reading what their institutions wrote themselves: whoever decides on the restriction needs it."""
OTHERS = {PARTNER: NARROW, PARTNER_WIDE: WIDE}

UNRESTRICTED = "a.restricted_on IS NULL"
OWN_OR_UNRESTRICTED = f"({UNRESTRICTED} OR a.owner_id = a.institution_id)"

SETTLE = """CREATE OR REPLACE FUNCTION public.settle_transfers(student uuid, today date) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO public.student_access (student_id, owner_id, institution_id, reason, valid_from{columns})
    SELECT student, past.institution_id, present.institution_id, 'TRANSFER', today{values}
    FROM (SELECT institution_id FROM public.enrolment WHERE student_id = student
          GROUP BY institution_id HAVING bool_and(valid_to IS NOT NULL)) AS past
    CROSS JOIN (SELECT DISTINCT institution_id FROM public.enrolment WHERE student_id = student AND valid_to IS NULL) AS present{own}
    ON CONFLICT DO NOTHING;
END"""


def upgrade() -> None:
    op.add_column("student_access", sa.Column("restricted_on", sa.Date(), nullable=True))
    op.add_column("student_access", sa.Column("restricted_by", sa.Text(), nullable=True))
    for name, rule in (
        ("restriction", "(restricted_on IS NULL) = (restricted_by IS NULL)"),
        ("restricted_by", "restricted_by IN ('INSTITUTION', 'AUTHORITY')"),
    ):
        op.execute(f"ALTER TABLE student_access ADD CONSTRAINT ck_student_access_{name} CHECK ({rule}) NOT VALID")
    _set_marks()
    _functions()
    _policies(own=OWN_OR_UNRESTRICTED, other=UNRESTRICTED, unrestricted=True)


def _set_marks() -> None:
    op.execute(f"GRANT UPDATE (restricted_on, restricted_by) ON student_access TO {SCHOOL}, {KEEPER}")
    op.execute(f"GRANT UPDATE (restricted_on, restricted_by) ON student_access TO {AUTHORITY}")
    own = f"institution_id {NARROW} AND owner_id = institution_id AND restricted_by IS DISTINCT FROM 'AUTHORITY'"
    op.execute(f"CREATE POLICY school_update ON student_access FOR UPDATE TO {SCHOOL} USING ({own})")
    op.execute(f"CREATE POLICY keeper_update ON student_access FOR UPDATE TO {KEEPER} USING (true)")
    op.execute(
        f"CREATE POLICY provider_select ON student_access FOR SELECT TO {PROVIDER}"
        f" USING (restricted_on IS NOT NULL AND owner_id = institution_id AND institution_id {NARROW})"
    )


def _functions() -> None:
    op.execute(
        """CREATE FUNCTION public.spread_restrictions(student uuid) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        BEGIN ATOMIC
            UPDATE public.student_access AS theirs
            SET restricted_on = own.restricted_on, restricted_by = own.restricted_by
            FROM public.student_access AS own
            WHERE theirs.student_id = student AND own.student_id = student
              AND own.owner_id = theirs.owner_id AND own.institution_id = own.owner_id
              AND (theirs.restricted_on, theirs.restricted_by) IS DISTINCT FROM (own.restricted_on, own.restricted_by);
        END"""
    )
    op.execute(
        "COMMENT ON FUNCTION public.spread_restrictions IS 'Definer: brings the rows that open an institution''s writing to others in"
        " line with the mark on its own row, which only the policies let change. It decides nothing and returns nothing.'"
    )
    _as_keeper(
        SETTLE.format(
            columns=", restricted_on, restricted_by",
            values=", own.restricted_on, own.restricted_by",
            own="""
    JOIN public.student_access AS own ON own.student_id = student
        AND own.owner_id = past.institution_id AND own.institution_id = past.institution_id""",
        )
    )
    op.execute("REVOKE ALL ON FUNCTION public.spread_restrictions(uuid) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION public.spread_restrictions(uuid) TO {SCHOOL}, {AUTHORITY}")
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"ALTER FUNCTION public.spread_restrictions(uuid) OWNER TO {KEEPER}")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")


def _as_keeper(*statements: str) -> None:
    # An owner that is no superuser may become the keeper, and has none of its rights until then.
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    for statement in statements:
        op.execute(statement)
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")


def _alter(table: str, role: str, command: str, rule: str) -> None:
    name = f"{role.removeprefix('register_')}_{command.lower()}"
    clause = f"WITH CHECK ({rule})" if command == "INSERT" else f"USING ({rule})"
    op.execute(f"ALTER POLICY {name} ON {table} {clause}")


def _handed(table: str, scope: str, mark: str) -> str:
    return (
        f"EXISTS (SELECT FROM student_access AS a WHERE a.student_id = {table}.student_id"
        f" AND a.owner_id = {table}.institution_id AND a.institution_id {scope}{mark})"
    )


def _known(scope: str, mark: str) -> str:
    return f"EXISTS (SELECT FROM student_access AS a WHERE a.student_id = student.student_id AND a.institution_id {scope}{mark})"


def _policies(*, own: str | None, other: str | None, unrestricted: bool) -> None:
    """With the marks, or, for the way back, as they were before there were any."""
    free = (
        "(student_id, institution_id) NOT IN"
        " (SELECT r.student_id, r.owner_id FROM student_access AS r WHERE r.restricted_on IS NOT NULL)"
        if unrestricted
        else None
    )

    def also(*rules: str | None) -> str:
        return " AND ".join(rule for rule in rules if rule is not None) or "true"

    for role, scope in (OWNERS | OTHERS).items():
        mark = own if role in OWNERS else other
        mark = "" if mark is None else f" AND {mark}"
        for table in RECORDS:
            _alter(table, role, "SELECT", _handed(table, scope, mark))
        _alter("student", role, "SELECT", _known(scope, mark))
    for role, scope in OWNERS.items():
        mark = "" if own is None else f" AND {own}"
        writes = f"institution_id {scope}"
        for table in RECORDS:
            _alter(table, role, "INSERT", also(writes, _handed(table, scope, ""), free))
            _alter(table, role, "UPDATE", also(writes, free))
            _alter(table, role, "DELETE", also(writes, free))
        _alter("person.person", role, "SELECT", _handed("person", scope, mark))
        _alter("person.person", role, "UPDATE", also(writes, free))
    for role, scope in OTHERS.items():
        _alter("plan", role, "UPDATE", also(f"institution_id {scope}", free))
        _alter("plan_step", role, "INSERT", also(f"institution_id {scope}", free))
    for table in RECORDS:
        for command in ("INSERT", "UPDATE", "DELETE"):
            _alter(table, AUTHORITY, command, also(free))
    # Everything that a provider reads or writes goes through the plans that it is named in.
    named = f"institution_id {NARROW} AND staff_member {STAFF_MEMBER}"
    _alter("plan_provider", PROVIDER, "SELECT", also(named, free))


def downgrade() -> None:
    _policies(own=None, other=None, unrestricted=False)
    _as_keeper(SETTLE.format(columns="", values="", own=""))
    op.execute("DROP FUNCTION public.spread_restrictions(uuid)")
    for policy in ("school_update", "keeper_update", "provider_select"):
        op.execute(f"DROP POLICY {policy} ON student_access")
    op.execute(f"REVOKE UPDATE (restricted_on, restricted_by) ON student_access FROM {SCHOOL}, {KEEPER}, {AUTHORITY}")
    op.drop_column("student_access", "restricted_by")
    op.drop_column("student_access", "restricted_on")
