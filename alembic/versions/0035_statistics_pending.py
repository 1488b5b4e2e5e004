# ruff: noqa: S608 - every statement is put together from the words of this file alone
"""What settling statistics needs: what a transaction has written of interventions and not yet settled, and a row to hold for each student.

What was neither planned nor delivered has no row in `statistics_delivery` any more, so that what adds and takes away leaves what was.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER, AUTHORITY = "register_keeper", "register_authority"
WRITERS = ("register_school", "register_sync", "register_provider")
"""Of interventions, within institutions."""
OWN = "= ANY ((SELECT ('{' || current_setting('register.institutions', true) || '}')::int[])::int[])"
MOVED = ("statistics_plan", "statistics_risk", "statistics_delivery", "statistics_staff", "statistics_cell")

COUNTS, AMOUNTS = (
    ("attended", "not_attended", "consultations"),
    ("centihours", "cents", "planned_centihours", "planned_cents"),
)
SUMS = ", ".join((*COUNTS, *AMOUNTS))
ADDED = ", ".join(f"sum({each})::int AS {each}" for each in COUNTS)
ADDED += "".join(f", sum({each})::bigint AS {each}" for each in AMOUNTS)
DELIVERY_NOW = f"""SELECT d.plan_id, d.student_id, d.risk_id, d.support_measure, d.subject, d.specialist, d.mode, d.institution_id,
    c.id AS risk, {SUMS}
FROM (
    SELECT plan_id, student_id, risk_id, support_measure, subject, specialist, mode, institution_id, {ADDED}
    FROM (
        SELECT plan_id, student_id, risk_id, support_measure, coalesce(subject, 0::smallint) AS subject,
            coalesce(specialist, 0::smallint) AS specialist, coalesce(mode, 0::smallint) AS mode, institution_id,
            (attendance = 1)::int AS attended, (attendance <> 1)::int AS not_attended,
            (attendance = 1 AND hours IS NOT NULL)::int AS consultations,
            CASE WHEN attendance = 1 THEN coalesce(hours * 100, 0)::bigint ELSE 0 END AS centihours,
            CASE WHEN attendance = 1 THEN coalesce(eur * 100, 0)::bigint ELSE 0 END AS cents,
            0::bigint AS planned_centihours, 0::bigint AS planned_cents
        FROM intervention
        UNION ALL
        SELECT m.plan_id, m.student_id, m.risk_id, s.id, coalesce(u.id, 0::smallint), coalesce(x.id, 0::smallint), 0::smallint,
            m.institution_id, 0, 0, 0, 0::bigint, 0::bigint, coalesce(m.hours * 100, 0)::bigint, coalesce(m.eur * 100, 0)::bigint
        FROM planned_measure AS m
        JOIN code AS s ON s.list = 'support-measures' AND s.code = m.support_measure
        LEFT JOIN code AS u ON u.list = 'subjects' AND u.code = m.subject
        LEFT JOIN code AS x ON x.list = 'specialists' AND x.code = m.specialist
    ) AS one
    GROUP BY plan_id, student_id, risk_id, support_measure, subject, specialist, mode, institution_id
) AS d
JOIN plan AS p ON p.id = d.plan_id AND p.student_id = d.student_id AND p.activated_on IS NOT NULL
JOIN risk AS r ON r.id = d.risk_id AND r.student_id = d.student_id
JOIN code AS c ON c.list = 'risks' AND c.code = r.type"""
PLACE_NOW = """SELECT p.id AS plan_id, p.student_id, l.municipality,
    coalesce((SELECT max(e.day) FROM statistics_era AS e WHERE e.day <= p.valid_from), DATE '0001-01-01') AS era
FROM plan AS p
LEFT JOIN institution_location AS l ON l.institution_id = p.institution_id
    AND l.valid_from <= p.valid_from AND (l.valid_to IS NULL OR l.valid_to >= p.valid_from)
WHERE p.activated_on IS NOT NULL"""
PLACE_OF_BEFORE = """WITH era AS MATERIALIZED (
    SELECT valid_from AS day FROM municipality_region
    UNION SELECT valid_to + 1 FROM municipality_region WHERE valid_to IS NOT NULL
)
SELECT p.id AS plan_id, p.student_id, l.municipality,
    coalesce((SELECT max(era.day) FROM era WHERE era.day <= p.valid_from), DATE '0001-01-01') AS era
FROM plan AS p
LEFT JOIN institution_location AS l ON l.institution_id = p.institution_id
    AND l.valid_from <= p.valid_from AND (l.valid_to IS NULL OR l.valid_to >= p.valid_from)
WHERE p.activated_on IS NOT NULL"""
LOCK = 0x53544154
"""Names the advisory lock of everything."""
REBUILD = f"""BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});{{eras}}
    DELETE FROM public.statistics_cell;
    DELETE FROM public.statistics_staff;
    DELETE FROM public.statistics_delivery;
    DELETE FROM public.statistics_risk;
    DELETE FROM public.statistics_plan;
    INSERT INTO public.statistics_place (municipality, era)
        SELECT DISTINCT municipality, era FROM public.statistics_place_now ON CONFLICT DO NOTHING;
    INSERT INTO public.statistics_delivery SELECT * FROM public.statistics_delivery_now;
    INSERT INTO public.statistics_risk SELECT * FROM public.statistics_risk_now;
    INSERT INTO public.statistics_plan SELECT * FROM public.statistics_plan_now;
    INSERT INTO public.statistics_staff SELECT * FROM public.statistics_staff_now;
    INSERT INTO public.statistics_cell SELECT * FROM public.statistics_cell_now;
    INSERT INTO public.statistics_version (institution_id, version) SELECT id, 1 FROM public.institution ORDER BY id
        ON CONFLICT (institution_id) DO UPDATE SET version = statistics_version.version + 1;
END"""
ERAS = """
    DELETE FROM public.statistics_era;
    INSERT INTO public.statistics_era
        SELECT valid_from FROM public.municipality_region
        UNION SELECT valid_to + 1 FROM public.municipality_region WHERE valid_to IS NOT NULL;"""
STAFF_SIGNATURE = "public.statistics_staff_anew(public.statistics_staff[], int[])"
STAFF_ANEW = """DECLARE
    those uuid[] := ARRAY(
        SELECT f.plan_id FROM public.statistics_plan AS f
        JOIN unnest(moved) AS m USING (term, institution_id, place_id)
        WHERE f.institution_id = ANY (houses)
    );
BEGIN
    DELETE FROM public.statistics_staff AS s USING unnest(moved) AS m
        WHERE s.term = m.term AND s.institution_id = m.institution_id AND s.place_id = m.place_id;
    INSERT INTO public.statistics_staff
        SELECT f.term, f.institution_id, f.place_id, i.staff_member, count(*)
        FROM public.statistics_plan AS f
        JOIN public.intervention AS i ON i.plan_id = f.plan_id
        WHERE f.plan_id = ANY (those) AND i.plan_id = ANY (those) AND i.attendance = 1 AND i.staff_member IS NOT NULL
        GROUP BY f.term, f.institution_id, f.place_id, i.staff_member;
END"""
"""Who delivered in these terms, institutions and places: what is asked for where plans came, went or were moved."""
SOMETHING = " HAVING sum(attended + not_attended) > 0 OR sum(planned_centihours + planned_cents) > 0"
GROUPED = "GROUP BY plan_id, student_id, risk_id, support_measure, subject, specialist, mode, institution_id"


def upgrade() -> None:
    op.create_table(
        "statistics_pending",
        sa.Column(
            "transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("risk_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.SmallInteger(), nullable=False)
            for name in ("support_measure", "subject", "specialist", "mode")
        ),
        sa.Column("staff_member", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*COUNTS, *AMOUNTS[:2])),
        # Nobody needs it after a crash: a transaction that was cut off has written nothing.
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_statistics_pending_transaction"), "statistics_pending", ["transaction"])
    op.create_table(
        "statistics_student",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_statistics_student")),
    )
    op.create_table(
        "statistics_era",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_statistics_era")),
    )
    _rights()
    _view("statistics_place_now", PLACE_NOW)
    _view("statistics_delivery_now", DELIVERY_NOW.replace(GROUPED, GROUPED + SOMETHING))
    _functions(
        ERAS,
        f"""CREATE FUNCTION public.statistics_staff_anew(moved public.statistics_staff[], houses int[]) RETURNS void
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ {STAFF_ANEW} $$""",
        f"REVOKE ALL ON FUNCTION {STAFF_SIGNATURE} FROM PUBLIC",
    )
    for table in MOVED:
        # A row that is changed stays where it is, and the indexes need not be told.
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 80)")


def _rights() -> None:
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
    op.execute(f"GRANT SELECT ON student TO {KEEPER}")
    op.execute(f"CREATE POLICY keeper_select ON student FOR SELECT TO {KEEPER} USING (true)")


def _view(name: str, query: str) -> None:
    op.execute(f"CREATE OR REPLACE VIEW {name} WITH (security_invoker = true) AS {query}")


def _functions(eras: str, *statements: str) -> None:
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    op.execute(
        f"""CREATE OR REPLACE FUNCTION public.statistics_rebuild() RETURNS void LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$ {REBUILD.format(eras=eras)} $$"""
    )
    for statement in statements:
        op.execute(statement)
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")


def downgrade() -> None:
    for table in MOVED:
        op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
    _functions("", f"DROP FUNCTION {STAFF_SIGNATURE}")
    _view("statistics_delivery_now", DELIVERY_NOW)
    _view("statistics_place_now", PLACE_OF_BEFORE)
    op.execute("DROP POLICY keeper_select ON student")
    op.execute(f"REVOKE ALL ON student FROM {KEEPER}")
    for table in ("statistics_era", "statistics_student", "statistics_pending"):
        op.drop_table(table)
