# ruff: noqa: S608 - every statement is put together from the words of this file alone
"""Statistics are settled in the transaction that writes: what it touched is made anew, and cells are moved by the exact difference.

docs/adr/0020 says why no two that write at the same time leave a difference behind. The function is long, and stands in the file of the same
name beside this one.
"""

from collections.abc import Sequence
from pathlib import Path
from string import Template

from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER = "register_keeper"
CALLERS = (
    "register_school, register_sync, register_provider, register_authority, register_partner, register_partner_wide,"
    " register_merger, register_retention"
)
"""Whoever writes anything that statistics speak of."""

DELIVERED = ("attended", "not_attended", "consultations", "centihours", "cents")
SUMS = (*DELIVERED, "planned_centihours", "planned_cents")
BY_RESULT = ("risks", "results", "resolved", "reduced")
FIGURES = ("plans", "continued", "alone", "first_in_year", *BY_RESULT, *SUMS)
VISIBLE = (
    *("plan_id", "student_id", "institution_id", "place_id", "term", "grade", "minority", "returned", "special_need"),
    *("continued", "year_result", *BY_RESULT, *SUMS),
)
"""Of a plan, whatever its institution's figures say of it: all but what depends on the student's plans elsewhere."""
CELL_KEY = "category, term, institution_id, place_id, code"
SEVERAL_KEY = "category, yearly, term, code, institution_id, place_id, pattern"


def _listed(names: Sequence[str], template: str = "{0}", between: str = ", ") -> str:
    return between.join(template.format(each) for each in names)


CELLS = f"""SELECT {CELL_KEY},
    count(*) FILTER (WHERE counted)::int AS plans, count(*) FILTER (WHERE counted AND continued)::int AS continued,
    count(*) FILTER (WHERE counted AND alone_in_term)::int AS alone,
    count(*) FILTER (WHERE counted AND settled_in_year AND nth = 1)::int AS first_in_year,
    {_listed(BY_RESULT, "sum({0})::int AS {0}")}, {_listed(SUMS[:3], "sum({0})::int AS {0}")},
    {_listed(SUMS[3:], "sum({0})::bigint AS {0}")}
FROM (
    SELECT f.term, f.institution_id, f.place_id, f.continued, f.alone_in_term, f.settled_in_year, s.category, s.code, s.counted,
        {_listed((*BY_RESULT, *SUMS), "s.{0}")},
        row_number() OVER (PARTITION BY s.student_id, f.term >> 1, s.category, s.code, s.counted ORDER BY f.term, s.plan_id) AS nth
    FROM public.statistics_share AS s
    JOIN public.statistics_plan AS f ON f.plan_id = s.plan_id AND f.student_id = s.student_id
    WHERE s.plan_id = ANY (counted_plans) AND f.plan_id = ANY (counted_plans)
) AS shares
GROUP BY {CELL_KEY}"""
"""What these plans bring to the cells, as the view `statistics_cell_now` says it of all. With a plan that is settled in its year stand
all the student's plans of that year: which one is the first can be told of them alone.
"""

SEVERAL = f"""SELECT {SEVERAL_KEY}, count(*)::int AS students
FROM (
    SELECT category, yearly, term, code, institution_id, place_id, md5(
        string_agg(institution_id || ':' || place_id, ',') OVER (
            PARTITION BY category, yearly, term, code, student_id ORDER BY institution_id, place_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
    )::uuid AS pattern
    FROM (
        SELECT DISTINCT s.category, y.yearly, y.term, s.code, f.institution_id, f.place_id, f.student_id
        FROM (SELECT * FROM public.statistics_plan WHERE plan_id = ANY (counted_plans)) AS f
        CROSS JOIN LATERAL (VALUES (false, f.term), (true, (f.term >> 1)::smallint)) AS y (yearly, term)
        JOIN public.statistics_share AS s ON s.plan_id = f.plan_id AND s.student_id = f.student_id
        WHERE s.plan_id = ANY (counted_plans) AND s.counted
            AND NOT CASE WHEN y.yearly THEN f.settled_in_year ELSE f.alone_in_term END
    ) AS places
) AS patterns
GROUP BY {SEVERAL_KEY}
UNION ALL
SELECT {SEVERAL_KEY}, count(*)::int AS students
FROM (
    SELECT 0::smallint AS category, true AS yearly, 0::smallint AS term, 0::smallint AS code, institution_id, place_id, md5(
        string_agg(institution_id || ':' || place_id, ',') OVER (
            PARTITION BY student_id ORDER BY institution_id, place_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
    )::uuid AS pattern
    FROM (SELECT DISTINCT student_id, institution_id, place_id FROM public.statistics_plan WHERE student_id = ANY (students)) AS places
) AS patterns
GROUP BY {SEVERAL_KEY}"""
"""And what they bring to `statistics_several`, as its view says it; over all years, of the students that the function holds: nobody else
puts their plans into force, ends or moves them.
"""

LISTS = {
    "lock": str(0x53544154),  # as in `statistics_rebuild`
    "cells_of_plans": CELLS,
    "several_of_plans": SEVERAL,
    "cell_key": CELL_KEY,
    "several_key": SEVERAL_KEY,
    "delivery_key": "plan_id, student_id, risk_id, support_measure, subject, specialist, mode",
    "delivered_at_several_places": """SELECT f.student_id
            FROM public.statistics_pending AS w
            JOIN public.statistics_plan AS f ON f.plan_id = w.plan_id
            WHERE w.transaction = mine AND NOT f.settled_in_year""",
    "delivered_added": _listed(DELIVERED, "sum({0}) AS {0}"),
    "delivered_something": _listed(DELIVERED, "sum({0}) <> 0", " OR "),
    "r_and_gained": _listed(DELIVERED, "{0} = r.{0} + g.{0}"),
    "p_and_gained": _listed(DELIVERED, "{0} = p.{0} + g.{0}"),
    "delivery_and_excluded": _listed(DELIVERED, "{0} = statistics_delivery.{0} + excluded.{0}"),
    "cell_and_excluded": _listed(FIGURES, "{0} = statistics_cell.{0} + excluded.{0}"),
    "figures_added": _listed(FIGURES, "sum({0})"),
    "figures_taken_away": _listed(FIGURES, "-{0}"),
    "figures_something": _listed(FIGURES, "sum({0}) <> 0", " OR "),
    "visible": _listed(VISIBLE),
}
BODY = Template(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")).substitute(LISTS)

FUNCTIONS = {
    # Of one record little is to be done, all of it found by indexes, and planning it anew each time would take longer.
    "statistics_settle": "SET plan_cache_mode = force_generic_plan SET enable_hashjoin = off SET enable_mergejoin = off",
    # Of thousands the planner should know how many they are, and never look through one list for each row of another.
    "statistics_settle_many": "SET plan_cache_mode = force_custom_plan SET enable_nestloop = off",
}
"""Both do the same."""
WHY = (
    "Definer: the tables of statistics are nobody''s to write. It makes anew what records say, of plans, students and institutions that"
    " the caller names, and moves cells by what this transaction has written of interventions. It returns nothing."
)


def upgrade() -> None:
    # An owner that is no superuser may become the keeper, and has none of its rights until then.
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    for name, how in FUNCTIONS.items():
        signature = f"public.{name}(uuid[], uuid[], int[])"
        op.execute(
            f"""CREATE FUNCTION public.{name}(plan_ids uuid[], student_ids uuid[], institution_ids int[]) RETURNS void
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp {how} AS $$ {BODY} $$"""
        )
        op.execute(f"COMMENT ON FUNCTION {signature} IS '{WHY}'")
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {CALLERS}")
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")


def downgrade() -> None:
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION public.{name}(uuid[], uuid[], int[])")
    op.execute("RESET ROLE")
