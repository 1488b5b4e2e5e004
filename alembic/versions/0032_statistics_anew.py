"""What the tables of statistics must hold, each by a view of its name and `_now`: from the records, or from the tables below it.

By these views everything is made anew (`statistics_rebuild`), and verified.
"""

# ruff: noqa: S608 - every statement is put together from the words of this file alone

from collections.abc import Sequence

from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER = "register_keeper"
VIEWS = (
    "statistics_place_now",
    "statistics_delivery_now",
    "statistics_risk_now",
    "statistics_plan_now",
    "statistics_staff_now",
    "statistics_share",
    "statistics_cell_now",
    "statistics_several_now",
)
FUNCTIONS = ("public.statistics_rebuild()", "public.statistics_staff_anew(public.statistics_staff[], int[])")
COUNTS, AMOUNTS = (
    ("attended", "not_attended", "consultations"),
    ("centihours", "cents", "planned_centihours", "planned_cents"),
)
SUMS = ", ".join((*COUNTS, *AMOUNTS))
ADDED = ", ".join(f"sum({each})::int AS {each}" for each in COUNTS)
ADDED += "".join(f", sum({each})::bigint AS {each}" for each in AMOUNTS)
ZEROS = ", ".join(f"coalesce(t.{each}, 0) AS {each}" for each in (*COUNTS, *AMOUNTS))
BY_RESULT = (
    "count(*) AS risks, count(*) FILTER (WHERE result > 0) AS results, count(*) FILTER (WHERE result = 1) AS resolved,"
    " count(*) FILTER (WHERE result = 2) AS reduced"
)
"""RESOLVED and REDUCED are 1 and 2 in the code list `results`; ATTENDED is 1 in `attendances`. Numbers are never used anew."""

PLACE_NOW = """SELECT p.id AS plan_id, p.student_id, l.municipality,
    coalesce((SELECT max(e.day) FROM statistics_era AS e WHERE e.day <= p.valid_from), DATE '0001-01-01') AS era
FROM plan AS p
LEFT JOIN institution_location AS l ON l.institution_id = p.institution_id
    AND l.valid_from <= p.valid_from AND (l.valid_to IS NULL OR l.valid_to >= p.valid_from)
WHERE p.activated_on IS NOT NULL"""

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
    HAVING sum(attended + not_attended) > 0 OR sum(planned_centihours + planned_cents) > 0
) AS d
JOIN plan AS p ON p.id = d.plan_id AND p.student_id = d.student_id AND p.activated_on IS NOT NULL
JOIN risk AS r ON r.id = d.risk_id AND r.student_id = d.student_id
JOIN code AS c ON c.list = 'risks' AND c.code = r.type"""

RISK_NOW = f"""SELECT a.plan_id, a.student_id, a.risk_id, a.institution_id, c.id AS risk, coalesce(v.id, 0::smallint) AS result, {ZEROS}
FROM plan_risk AS a
JOIN plan AS p ON p.id = a.plan_id AND p.student_id = a.student_id AND p.activated_on IS NOT NULL
JOIN risk AS r ON r.id = a.risk_id AND r.student_id = a.student_id
JOIN code AS c ON c.list = 'risks' AND c.code = r.type
LEFT JOIN outcome AS o ON o.plan_id = a.plan_id AND o.student_id = a.student_id
LEFT JOIN outcome_result AS e ON e.outcome_id = o.id AND e.student_id = a.student_id AND e.risk_id = a.risk_id
LEFT JOIN code AS v ON v.list = 'results' AND v.code = e.result
LEFT JOIN LATERAL (
    SELECT {ADDED} FROM statistics_delivery AS d
    WHERE d.plan_id = a.plan_id AND d.student_id = a.student_id AND d.risk_id = a.risk_id
) AS t ON true"""

HEADER_NOW = """SELECT p.id AS plan_id, p.student_id, p.institution_id, w.id AS place_id,
    (2 * left(s.school_year, 4)::int + s.number - 1)::smallint AS term, e.grade, e.minority_programme AS minority,
    e.returned_emigrant AS returned, n.id AS special_need, p.continues IS NOT NULL AS continued, y.id AS year_result
FROM plan AS p
JOIN semester AS s ON s.code = p.semester
JOIN enrolment AS e ON e.id = p.enrolment_id AND e.student_id = p.student_id
JOIN statistics_place_now AS h ON h.plan_id = p.id AND h.student_id = p.student_id
JOIN statistics_place AS w ON coalesce(w.municipality, '') = coalesce(h.municipality, '') AND w.era = h.era
LEFT JOIN outcome AS o ON o.student_id = p.student_id AND o.institution_id = p.institution_id AND o.school_year = s.school_year
LEFT JOIN code AS y ON y.list = 'year-results' AND y.code = o.result
LEFT JOIN code AS n ON n.list = 'special-needs' AND n.code = e.special_need
WHERE p.activated_on IS NOT NULL"""

ONE_PLACE = "max({0}) OVER the_year = min({0}) OVER the_year"
FLAGS = (
    "count(*) OVER (PARTITION BY h.student_id, h.term) = 1 AS alone_in_term,"
    f" {ONE_PLACE.format('h.institution_id')} AND {ONE_PLACE.format('h.place_id')} AS settled_in_year"
)
PLAN_NOW = f"""SELECT h.*, {FLAGS}, t.risks::smallint AS risks, t.results::smallint AS results, t.resolved::smallint AS resolved,
    t.reduced::smallint AS reduced, {ZEROS}
FROM ({HEADER_NOW}) AS h
CROSS JOIN LATERAL (
    SELECT {BY_RESULT}, {ADDED} FROM statistics_risk AS r WHERE r.plan_id = h.plan_id AND r.student_id = h.student_id
) AS t
WINDOW the_year AS (PARTITION BY h.student_id, h.term >> 1)"""

STAFF_NOW = """SELECT f.term, f.institution_id, f.place_id, i.staff_member, count(*)::int AS attended
FROM statistics_plan AS f
JOIN intervention AS i ON i.plan_id = f.plan_id AND i.student_id = f.student_id
WHERE i.attendance = 1 AND i.staff_member IS NOT NULL
GROUP BY f.term, f.institution_id, f.place_id, i.staff_member"""

SHARE = f"""SELECT plan_id, student_id, 0::smallint AS category, 0::smallint AS code, true AS counted,
    risks::bigint AS risks, results::bigint AS results, resolved::bigint AS resolved, reduced::bigint AS reduced, {SUMS}
FROM statistics_plan
UNION ALL
SELECT r.plan_id, r.student_id, 1::smallint, g.id, true, {BY_RESULT}, {ADDED}
FROM statistics_risk AS r
JOIN code AS c ON c.list = 'risks' AND c.id = r.risk
JOIN code AS g ON g.list = 'risk-groups' AND g.code = c.parent
GROUP BY r.plan_id, r.student_id, g.id
UNION ALL
SELECT r.plan_id, r.student_id, 2::smallint, r.risk, true, {BY_RESULT}, {ADDED}
FROM statistics_risk AS r
GROUP BY r.plan_id, r.student_id, r.risk
UNION ALL
SELECT d.plan_id, d.student_id, k.category, k.code, sum(attended) > 0, 0, 0, 0, 0, {ADDED}
FROM statistics_delivery AS d
CROSS JOIN LATERAL (
    VALUES (3::smallint, d.support_measure), (4::smallint, d.subject), (5::smallint, d.specialist), (6::smallint, d.mode)
) AS k (category, code)
GROUP BY d.plan_id, d.student_id, k.category, k.code"""
"""What each plan brings to each cell; `counted`: itself, too, and not amounts alone."""

CELL_NOW = f"""SELECT category, term, institution_id, place_id, code,
    count(*) FILTER (WHERE counted)::int AS plans, count(*) FILTER (WHERE counted AND continued)::int AS continued,
    count(*) FILTER (WHERE counted AND alone_in_term)::int AS alone,
    count(*) FILTER (WHERE counted AND settled_in_year AND nth = 1)::int AS first_in_year,
    sum(risks)::int AS risks, sum(results)::int AS results, sum(resolved)::int AS resolved, sum(reduced)::int AS reduced, {ADDED}
FROM (
    SELECT f.term, f.institution_id, f.place_id, f.continued, f.alone_in_term, f.settled_in_year, s.category, s.code, s.counted,
        s.risks, s.results, s.resolved, s.reduced, {", ".join(f"s.{each}" for each in (*COUNTS, *AMOUNTS))},
        row_number() OVER (
            PARTITION BY s.student_id, f.term >> 1, s.category, s.code, s.counted ORDER BY f.term, s.plan_id
        ) AS nth
    FROM statistics_share AS s
    JOIN statistics_plan AS f ON f.plan_id = s.plan_id AND f.student_id = s.student_id
) AS shares
GROUP BY category, term, institution_id, place_id, code
HAVING count(*) FILTER (WHERE counted) > 0 OR sum(attended + not_attended) > 0 OR sum(planned_centihours + planned_cents) > 0"""

SEVERAL_KEY = "category, yearly, term, code, institution_id, place_id, pattern"
SEVERAL_NOW = f"""SELECT {SEVERAL_KEY}, count(*)::int AS students
FROM (
    SELECT category, yearly, term, code, institution_id, place_id, md5(
        string_agg(institution_id || ':' || place_id, ',') OVER (
            PARTITION BY category, yearly, term, code, student_id ORDER BY institution_id, place_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
    )::uuid AS pattern
    FROM (
        SELECT DISTINCT s.category, y.yearly, y.term, s.code, f.institution_id, f.place_id, f.student_id
        FROM public.statistics_plan AS f
        CROSS JOIN LATERAL (VALUES (false, f.term), (true, (f.term >> 1)::smallint)) AS y (yearly, term)
        JOIN public.statistics_share AS s ON s.plan_id = f.plan_id AND s.student_id = f.student_id
        WHERE s.counted AND NOT CASE WHEN y.yearly THEN f.settled_in_year ELSE f.alone_in_term END
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
    FROM (SELECT DISTINCT student_id, institution_id, place_id FROM public.statistics_plan) AS places
) AS patterns
GROUP BY {SEVERAL_KEY}"""
"""Over all years, as of the year 0, everybody stands here by pattern: wherever they had plans, whenever that was."""

LOCK = 0x53544154
"""Names the advisory lock of everything: shared by those who add what they wrote, held alone by who makes all anew."""

REBUILD = f"""BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    DELETE FROM public.statistics_era;
    INSERT INTO public.statistics_era
        SELECT valid_from FROM public.municipality_region
        UNION SELECT valid_to + 1 FROM public.municipality_region WHERE valid_to IS NOT NULL;
    DELETE FROM public.statistics_cell;
    DELETE FROM public.statistics_several;
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
    INSERT INTO public.statistics_several SELECT * FROM public.statistics_several_now;
    INSERT INTO public.statistics_version (institution_id, version) SELECT id, 1 FROM public.institution ORDER BY id
        ON CONFLICT (institution_id) DO UPDATE SET version = statistics_version.version + 1;
END"""

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


def upgrade() -> None:
    definitions = (PLACE_NOW, DELIVERY_NOW, RISK_NOW, PLAN_NOW, STAFF_NOW, SHARE, CELL_NOW, SEVERAL_NOW)
    for name, query in zip(VIEWS, definitions, strict=True):
        op.execute(f"CREATE VIEW {name} WITH (security_invoker = true) AS {query}")
    op.execute(f"GRANT SELECT ON {', '.join(VIEWS)} TO {KEEPER}")
    _as_keeper(
        # Of tables that were filled a moment ago the planner knows nothing, and would look through one for each row of another.
        f"""CREATE FUNCTION public.statistics_rebuild() RETURNS void
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$ {REBUILD} $$""",
        f"""CREATE FUNCTION public.statistics_staff_anew(moved public.statistics_staff[], houses int[]) RETURNS void
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ {STAFF_ANEW} $$""",
        *(f"REVOKE ALL ON FUNCTION {each} FROM PUBLIC" for each in FUNCTIONS),
        "SELECT public.statistics_rebuild()",
    )


def _as_keeper(*statements: str) -> None:
    # An owner that is no superuser may become the keeper, and has none of its rights until then.
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    for statement in statements:
        op.execute(statement)
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")


def downgrade() -> None:
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    for each in FUNCTIONS:
        op.execute(f"DROP FUNCTION {each}")
    op.execute("RESET ROLE")
    for view in reversed(VIEWS):
        op.execute(f"DROP VIEW {view}")
