"""What statistics are read from: facts of plans, and cells in which they are added up.

And what settling them needs (docs/adr/0020): what a transaction has written of interventions and not yet settled, a row to hold for each
student, and the days on which regions change.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN, KEEPER, AUTHORITY = "register_app", "register_keeper", "register_authority"
STATISTICS, STATISTICS_WIDE = "register_statistics", "register_statistics_wide"
READERS = f"{STATISTICS}, {STATISTICS_WIDE}, {AUTHORITY}"
ROLES = (
    "register_school, register_sync, register_provider, register_partner, register_partner_wide, register_analyst,"
    f" {LOGIN}, {READERS}"
)

ARRAY = "('{' || current_setting('register.institutions', true) || '}')::int[]"
OWN = f"= ANY ((SELECT {ARRAY})::int[])"
SCOPES = {STATISTICS: OWN, STATISTICS_WIDE: f"IN (SELECT unnest({ARRAY}))"}
SEALED = (
    "statistics_plan",
    "statistics_risk",
    "statistics_delivery",
    "statistics_staff",
    "statistics_cell",
    "statistics_several",
    "statistics_version",
)
MOVED = ("statistics_plan", "statistics_risk", "statistics_delivery", "statistics_staff", "statistics_cell")
WRITERS = ("register_school", "register_sync", "register_provider")
"""Of interventions, within institutions."""
RECORDS = ("student", "plan", "plan_risk", "planned_measure", "intervention", "outcome", "outcome_result", "risk")
"""What the keeper reads from now on; enrolments it has read before."""
PUBLIC = "institution, institution_location, municipality_region, code, semester"

COUNTS, AMOUNTS = (
    ("attended", "not_attended", "consultations"),
    ("centihours", "cents", "planned_centihours", "planned_cents"),
)


def upgrade() -> None:
    _places()
    _facts()
    _cells()
    _settling()
    _rights()
    _rights_of_settling()
    for table in MOVED:
        # A row that is changed stays where it is, and the indexes need not be told.
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 80)")


def _integers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _sums() -> list[sa.Column[int]]:
    return _integers(*COUNTS) + [sa.Column(name, sa.BigInteger(), nullable=False) for name in AMOUNTS]


def _smallints(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.SmallInteger(), nullable=False) for name in names]


def _places() -> None:
    op.create_table(
        "statistics_place",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=True),
        sa.Column("era", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.code"], name=op.f("fk_statistics_place_municipality_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_place")),
        sa.UniqueConstraint(
            "municipality",
            "era",
            name=op.f("uq_statistics_place_municipality_era"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "statistics_era",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_statistics_era")),
    )


def _facts() -> None:
    op.create_table(
        "statistics_plan",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        *_smallints("term", "grade"),
        sa.Column("minority", sa.Boolean(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("special_need", sa.SmallInteger(), nullable=True),
        sa.Column("continued", sa.Boolean(), nullable=False),
        sa.Column("year_result", sa.SmallInteger(), nullable=True),
        sa.Column("alone_in_term", sa.Boolean(), nullable=False),
        sa.Column("settled_in_year", sa.Boolean(), nullable=False),
        *_smallints("risks", "results", "resolved", "reduced"),
        *_sums(),
        sa.PrimaryKeyConstraint("plan_id", "student_id", name=op.f("pk_statistics_plan")),
    )
    op.create_index(op.f("ix_statistics_plan_student_id"), "statistics_plan", ["student_id"])
    op.create_index(op.f("ix_statistics_plan_institution_id_term"), "statistics_plan", ["institution_id", "term"])
    for name, flag in (("together", "alone_in_term"), ("moved", "settled_in_year")):
        op.create_index(
            f"ix_statistics_plan_{name}", "statistics_plan", ["student_id"], postgresql_where=sa.text(f"NOT {flag}")
        )
    op.create_table(
        "statistics_risk",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("risk_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        *_smallints("risk", "result"),
        *_sums(),
        sa.PrimaryKeyConstraint("plan_id", "student_id", "risk_id", name=op.f("pk_statistics_risk")),
    )
    op.create_table(
        "statistics_delivery",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("risk_id", sa.Uuid(), nullable=False),
        *_smallints("support_measure", "subject", "specialist", "mode"),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        *_smallints("risk"),
        *_sums(),
        sa.PrimaryKeyConstraint(
            "plan_id",
            "student_id",
            "risk_id",
            "support_measure",
            "subject",
            "specialist",
            "mode",
            name=op.f("pk_statistics_delivery"),
        ),
    )


def _cells() -> None:
    op.create_table(
        "statistics_staff",
        *_smallints("term"),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("staff_member", sa.Text(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", "institution_id", "place_id", "staff_member", name=op.f("pk_statistics_staff")),
    )
    op.create_table(
        "statistics_cell",
        *_smallints("category", "term"),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        *_smallints("code"),
        *_integers("plans", "continued", "alone", "first_in_year", "risks", "results", "resolved", "reduced"),
        *_sums(),
        sa.PrimaryKeyConstraint(
            "category", "term", "institution_id", "place_id", "code", name=op.f("pk_statistics_cell")
        ),
    )
    # Students with several plans in a term, or at several places in a school year, in whose cells they do not add up. Counted one by one
    # they would make statistics slower with every plan; those of one pattern, that is, at the same institutions and places, are in the
    # same groups whatever is asked, and are kept as a number.
    op.create_table(
        "statistics_several",
        *_smallints("category"),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        *_smallints("term", "code"),
        *_integers("institution_id", "place_id"),
        sa.Column("pattern", sa.Uuid(), nullable=False),
        *_integers("students"),
        sa.PrimaryKeyConstraint(
            "category",
            "yearly",
            "term",
            "code",
            "institution_id",
            "place_id",
            "pattern",
            name=op.f("pk_statistics_several"),
        ),
    )
    op.create_table(
        "statistics_version",
        sa.Column("institution_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", name=op.f("pk_statistics_version")),
    )


def _settling() -> None:
    mine = sa.text("(pg_current_xact_id()::text)::bigint")
    op.create_table(
        "statistics_pending",
        sa.Column("transaction", sa.BigInteger(), server_default=mine, nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("risk_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        *_smallints("support_measure", "subject", "specialist", "mode"),
        sa.Column("staff_member", sa.Text(), nullable=True),
        *_integers(*COUNTS, *AMOUNTS[:2]),
        # Nobody needs it after a crash: a transaction that was cut off has written nothing.
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_statistics_pending_transaction"), "statistics_pending", ["transaction"])
    op.create_table(
        "statistics_student",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_statistics_student")),
    )


def _rights() -> None:
    op.execute(f"GRANT SELECT ON statistics_place TO {ROLES}, {KEEPER}")
    op.execute(f"GRANT INSERT ON statistics_place TO {KEEPER}")
    op.execute(f"GRANT SELECT ON {', '.join(SEALED)} TO {READERS}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(SEALED)} TO {KEEPER}")
    for table in SEALED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        for role, scope in SCOPES.items():
            name = role.removeprefix("register_")
            op.execute(f"CREATE POLICY {name}_select ON {table} FOR SELECT TO {role} USING (institution_id {scope})")
        op.execute(f"CREATE POLICY authority_select ON {table} FOR SELECT TO {AUTHORITY} USING (true)")
        op.execute(f"CREATE POLICY keeper_all ON {table} TO {KEEPER} USING (true)")
    op.execute(f"GRANT SELECT ON {', '.join(RECORDS)}, {PUBLIC} TO {KEEPER}")
    for table in RECORDS:
        op.execute(f"CREATE POLICY keeper_select ON {table} FOR SELECT TO {KEEPER} USING (true)")
    # A version of the data is one within an epoch of the feed: a register that was restored from a backup goes on with the same numbers.
    op.execute(f"GRANT SELECT (epoch) ON change_head TO {STATISTICS}, {STATISTICS_WIDE}")


def _rights_of_settling() -> None:
    op.execute(f"GRANT SELECT, INSERT, DELETE ON statistics_era TO {KEEPER}")
    for table in ("statistics_pending", "statistics_student"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY keeper_all ON {table} TO {KEEPER} USING (true)")
    op.execute(f"GRANT SELECT, DELETE ON statistics_pending TO {KEEPER}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON statistics_student TO {KEEPER}")
    op.execute(f"GRANT INSERT ON statistics_pending TO {', '.join((*WRITERS, AUTHORITY))}")
    for role in WRITERS:
        name = role.removeprefix("register_")
        op.execute(
            f"CREATE POLICY {name}_insert ON statistics_pending FOR INSERT TO {role} WITH CHECK (institution_id {OWN})"
        )
    op.execute(f"CREATE POLICY authority_insert ON statistics_pending FOR INSERT TO {AUTHORITY} WITH CHECK (true)")


def downgrade() -> None:
    op.execute("REVOKE SELECT (epoch) ON change_head FROM register_statistics, register_statistics_wide")
    for table in RECORDS:
        op.execute(f"DROP POLICY keeper_select ON {table}")
    op.execute(f"REVOKE ALL ON {', '.join(RECORDS)}, {PUBLIC} FROM {KEEPER}")
    for table in (*reversed(SEALED), "statistics_student", "statistics_pending", "statistics_era", "statistics_place"):
        op.drop_table(table)
