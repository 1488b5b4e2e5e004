"""Semesters are closed, and then the database lets nobody change what belongs to them.

The policies are restrictive: they take away from what the others allow. Each asks once in a statement which days are closed. What asks
takes the lock that a closing holds alone, and looks after it has it, so that no statement goes by what was true before a closing.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

EVERYBODY = (
    "register_app",
    "register_school",
    "register_sync",
    "register_provider",
    "register_partner",
    "register_partner_wide",
    "register_statistics",
    "register_statistics_wide",
    "register_authority",
    "register_analyst",
)
AUTHORITY = "register_authority"
WRITERS = (
    "register_school",
    "register_sync",
    "register_provider",
    "register_partner",
    "register_partner_wide",
    AUTHORITY,
)
"""Who records. Merging and erasing change whose a record is, or that there is one, by a right that no closing takes away."""

CLOSED = "<@ (SELECT closed_days())"
NEVER_IN_FORCE = "activated_on IS NULL"


def _of_plan(table: str) -> str:
    return f"(SELECT p.valid_from FROM plan AS p WHERE p.id = {table}.plan_id AND p.student_id = {table}.student_id)"  # noqa: S608 - our own tables


DAYS = {
    # Days of support lie within the plan's period, and that within its semester.
    "intervention": "valid_from",
    "plan_risk": _of_plan("plan_risk"),
    "planned_measure": _of_plan("planned_measure"),
    "plan_provider": _of_plan("plan_provider"),
    "outcome": f"coalesce({_of_plan('outcome')}, make_date(left(school_year, 4)::int + 1, 8, 31))",
    "outcome_result": (
        f"(SELECT {_of_plan('o')} FROM outcome AS o"  # noqa: S608 - our own tables
        " WHERE o.id = outcome_result.outcome_id AND o.student_id = outcome_result.student_id)"
    ),
}
"""A day of the semester to which a row belongs."""


def upgrade() -> None:
    op.create_table(
        "semester_closing",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("semester", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("reopened_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("reopened_on >= closed_on", name=op.f("ck_semester_closing_date_order")),
        sa.ForeignKeyConstraint(["semester"], ["semester.code"], name=op.f("fk_semester_closing_semester_semester")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_semester_closing")),
    )
    op.create_index(
        "uq_semester_closing_standing",
        "semester_closing",
        ["semester"],
        unique=True,
        postgresql_where=sa.text("reopened_on IS NULL"),
    )
    op.execute(f"GRANT SELECT ON semester_closing TO {', '.join(EVERYBODY)}")
    op.execute(f"GRANT INSERT, UPDATE (reopened_on) ON semester_closing TO {AUTHORITY}")
    _closed_days()
    for table, day in DAYS.items():
        _policies(table, f"NOT {day} {CLOSED}", f"NOT {day} {CLOSED}")
    # What never came into force counts nowhere, and may go.
    _policies(
        "plan",
        f"NOT valid_from {CLOSED} OR {NEVER_IN_FORCE} AND state = 'DISCONTINUED'",
        f"NOT valid_from {CLOSED} OR {NEVER_IN_FORCE}",
    )


def _closed_days() -> None:
    """As whoever asks; volatile, so that it looks anew after it has waited. The key is that of app/db/scopes.py."""
    op.execute(
        """CREATE FUNCTION closed_days() RETURNS datemultirange
        LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock_shared(1129074515);
            RETURN (
                SELECT coalesce(range_agg(daterange(s.starts_on, s.ends_on, '[]')), '{}')
                FROM public.semester_closing AS c JOIN public.semester AS s ON s.code = c.semester
                WHERE c.reopened_on IS NULL
            );
        END $$"""
    )
    op.execute("REVOKE ALL ON FUNCTION closed_days() FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION closed_days() TO {', '.join(WRITERS)}")


def _policies(table: str, written: str, removed: str) -> None:
    to = f"AS RESTRICTIVE FOR {{}} TO {', '.join(WRITERS)}"
    op.execute(f"CREATE POLICY closed_insert ON {table} {to.format('INSERT')} WITH CHECK ({written})")
    op.execute(f"CREATE POLICY closed_update ON {table} {to.format('UPDATE')} WITH CHECK ({written})")
    op.execute(f"CREATE POLICY closed_delete ON {table} {to.format('DELETE')} USING ({removed})")


def downgrade() -> None:
    for table in (*DAYS, "plan"):
        for command in ("insert", "update", "delete"):
            op.execute(f"DROP POLICY closed_{command} ON {table}")
    op.execute("DROP FUNCTION closed_days()")
    op.drop_table("semester_closing")
