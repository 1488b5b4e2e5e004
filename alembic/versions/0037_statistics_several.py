# ruff: noqa: S608 - every statement is put together from the words of this file alone, and of the one that it changes
"""Students with several plans in a term, or at several places in a school year, are counted by what they have in common.

In cells they do not add up. Counted one by one they would make statistics slower with every plan; those of one pattern, that is, at the
same institutions and places, are in the same groups whatever is asked, and are kept as a number.
"""

import runpy
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER, AUTHORITY = "register_keeper", "register_authority"
ARRAY = "('{' || current_setting('register.institutions', true) || '}')::int[]"
SCOPES = {
    "register_statistics": f"= ANY ((SELECT {ARRAY})::int[])",
    "register_statistics_wide": f"IN (SELECT unnest({ARRAY}))",
}
KEY = "category, yearly, term, code, institution_id, place_id, pattern"

SEVERAL = f"""SELECT {KEY}, count(*)::int AS students
FROM (
    SELECT category, yearly, term, code, institution_id, place_id, md5(
        string_agg(institution_id || ':' || place_id, ',') OVER (
            PARTITION BY category, yearly, term, code, student_id ORDER BY institution_id, place_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
    )::uuid AS pattern
    FROM (
        SELECT DISTINCT s.category, y.yearly, y.term, s.code, f.institution_id, f.place_id, f.student_id
        FROM {{plans}} AS f
        CROSS JOIN LATERAL (VALUES (false, f.term), (true, (f.term >> 1)::smallint)) AS y (yearly, term)
        JOIN public.statistics_share AS s ON s.plan_id = f.plan_id AND s.student_id = f.student_id
        WHERE s.counted AND NOT CASE WHEN y.yearly THEN f.settled_in_year ELSE f.alone_in_term END
    ) AS places
) AS patterns
GROUP BY {KEY}"""
ALL = SEVERAL.format(plans="public.statistics_plan")
THESE = SEVERAL.format(plans="(SELECT * FROM public.statistics_plan WHERE plan_id = ANY (counted_plans))").replace(
    "WHERE s.counted", "WHERE s.plan_id = ANY (counted_plans) AND s.counted"
)

SETTLED, PENDING = (
    runpy.run_path(str(Path(__file__).with_name(name)))
    for name in ("0036_statistics_settled.py", "0035_statistics_pending.py")
)
"""What has landed stays as it is: the function is taken from there, and changed where it has to be."""
STUDENTS = """SELECT f.student_id
            FROM public.statistics_pending AS w
            JOIN public.statistics_plan AS f ON f.plan_id = w.plan_id
            WHERE w.transaction = mine AND NOT f.settled_in_year"""
"""At several places: who delivers at one of them holds the student, for what counts at one depends on the others."""
LATER = f"{STUDENTS} AND f.student_id <> ALL (students)"
"""Who came to be at several places while this waited for the institutions."""
CHANGES = (
    ("before public.statistics_cell[];", "before public.statistics_cell[]; several public.statistics_several[];"),
    (
        "        ORDER BY student_id\n    );\n    IF cardinality(students)",
        f"        UNION {STUDENTS}\n        ORDER BY student_id\n    );\n    IF cardinality(students)",
    ),
    (
        "    -- From here on nobody else settles anything of these institutions",
        f"""    IF delivers THEN
        INSERT INTO public.statistics_student {LATER} ON CONFLICT DO NOTHING;
        PERFORM FROM public.statistics_student WHERE student_id IN ({LATER}) ORDER BY student_id FOR UPDATE;
    END IF;
    -- From here on nobody else settles anything of these institutions""",
    ),
    ("        WHERE f.plan_id = ANY (turned) AND f.settled_in_year\n", "        WHERE f.plan_id = ANY (turned)\n"),
    (
        "        before := ARRAY(SELECT ROW(c.*)::public.statistics_cell",
        f"""        several := ARRAY(SELECT ROW(c.*)::public.statistics_several FROM ({THESE}) AS c);
        before := ARRAY(SELECT ROW(c.*)::public.statistics_cell""",
    ),
    (
        "    IF cardinality(counted_plans) > 0 THEN\n    INSERT INTO public.statistics_cell",
        f"""    IF cardinality(counted_plans) > 0 THEN
    INSERT INTO public.statistics_several
    SELECT {KEY}, sum(difference.students)
    FROM ({THESE} UNION ALL SELECT {KEY}, -b.students FROM unnest(several) AS b) AS difference
    GROUP BY {KEY}
    HAVING sum(difference.students) <> 0
    ORDER BY {KEY}
    ON CONFLICT ({KEY}) DO UPDATE SET students = statistics_several.students + excluded.students;
    DELETE FROM public.statistics_several AS c USING unnest(several) AS b
        WHERE ({", ".join(f"c.{each}" for each in KEY.split(", "))}) = ({", ".join(f"b.{each}" for each in KEY.split(", "))})
            AND c.students = 0;
    INSERT INTO public.statistics_cell""",
    ),
)


def _changed(body: str) -> str:
    for old, new in CHANGES:
        if body.count(old) != 1:
            raise ValueError(old)
        body = body.replace(old, new)
    return body


REBUILD = PENDING["REBUILD"].format(eras=PENDING["ERAS"])
EMPTY, FILL = (
    "DELETE FROM public.statistics_cell;",
    "INSERT INTO public.statistics_cell SELECT * FROM public.statistics_cell_now;",
)
REBUILD_ALL = REBUILD.replace(EMPTY, f"{EMPTY}\n    DELETE FROM public.statistics_several;").replace(
    FILL, f"{FILL}\n    INSERT INTO public.statistics_several SELECT * FROM public.statistics_several_now;"
)


def upgrade() -> None:
    op.create_table(
        "statistics_several",
        sa.Column("category", sa.SmallInteger(), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("term", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.SmallInteger(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.Uuid(), nullable=False),
        sa.Column("students", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY.split(", "), name=op.f("pk_statistics_several")),
    )
    op.execute("ALTER TABLE statistics_several ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT ON statistics_several TO {AUTHORITY}, {', '.join(SCOPES)}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON statistics_several TO {KEEPER}")
    for role, scope in SCOPES.items():
        name = role.removeprefix("register_")
        op.execute(
            f"CREATE POLICY {name}_select ON statistics_several FOR SELECT TO {role} USING (institution_id {scope})"
        )
    op.execute(f"CREATE POLICY authority_select ON statistics_several FOR SELECT TO {AUTHORITY} USING (true)")
    op.execute(f"CREATE POLICY keeper_all ON statistics_several TO {KEEPER} USING (true)")
    op.execute(f"CREATE VIEW statistics_several_now WITH (security_invoker = true) AS {ALL}")
    op.execute(f"GRANT SELECT ON statistics_several_now TO {KEEPER}")
    _functions(_changed(SETTLED["BODY"]), REBUILD_ALL, "SELECT public.statistics_rebuild()")


def _functions(settle: str, rebuild: str, *statements: str) -> None:
    # An owner that is no superuser may become the keeper, and has none of its rights until then.
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    for name, how in SETTLED["FUNCTIONS"].items():
        op.execute(
            f"""CREATE OR REPLACE FUNCTION public.{name}(plan_ids uuid[], student_ids uuid[], institution_ids int[]) RETURNS void
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp {how} AS $$ {settle} $$"""
        )
    op.execute(
        f"""CREATE OR REPLACE FUNCTION public.statistics_rebuild() RETURNS void LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$ {rebuild} $$"""
    )
    for statement in statements:
        op.execute(statement)
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")


def downgrade() -> None:
    _functions(SETTLED["BODY"], REBUILD)
    op.execute("DROP VIEW statistics_several_now")
    op.drop_table("statistics_several")
