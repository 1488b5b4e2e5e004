# ruff: noqa: S608 - every statement is put together from the words of this file alone
"""Statistics are settled in the transaction that writes: what it touched is made anew, and cells are moved by the exact difference.

docs/adr/0020 says why no two that write at the same time leave a difference behind.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER = "register_keeper"
CALLERS = (
    "register_school, register_sync, register_provider, register_authority, register_partner, register_partner_wide,"
    " register_merger, register_retention"
)
"""Whoever writes anything that statistics speak of."""
LOCK = 0x53544154
"""As in `statistics_rebuild`."""

DELIVERED = ("attended", "not_attended", "consultations", "centihours", "cents")
PLANNED = ("planned_centihours", "planned_cents")
SUMS = (*DELIVERED, *PLANNED)
COUNTED = ("plans", "continued", "alone", "first_in_year", "risks", "results", "resolved", "reduced")
CELL_KEY = "category, term, institution_id, place_id, code"
DELIVERY_KEY = "plan_id, student_id, risk_id, support_measure, subject, specialist, mode"


def _listed(names: Sequence[str], template: str = "{0}", between: str = ", ") -> str:
    return between.join(template.format(each) for each in names)


NOTHING = _listed(SUMS, "{0} = 0", " AND ")
ADDED = _listed(DELIVERED, "sum({0}) AS {0}")

CELLS = f"""SELECT category, term, institution_id, place_id, code,
    count(*) FILTER (WHERE counted)::int AS plans, count(*) FILTER (WHERE counted AND continued)::int AS continued,
    count(*) FILTER (WHERE counted AND alone_in_term)::int AS alone,
    count(*) FILTER (WHERE counted AND settled_in_year AND nth = 1)::int AS first_in_year,
    {_listed(COUNTED[4:], "sum({0})::int AS {0}")}, {_listed(SUMS[:3], "sum({0})::int AS {0}")},
    {_listed(SUMS[3:], "sum({0})::bigint AS {0}")}
FROM (
    SELECT f.term, f.institution_id, f.place_id, f.continued, f.alone_in_term, f.settled_in_year, s.category, s.code, s.counted,
        {_listed((*COUNTED[4:], *SUMS), "s.{0}")},
        row_number() OVER (PARTITION BY s.student_id, f.term >> 1, s.category, s.code, s.counted ORDER BY f.term, s.plan_id) AS nth
    FROM public.statistics_share AS s
    JOIN public.statistics_plan AS f ON f.plan_id = s.plan_id AND f.student_id = s.student_id
    WHERE s.plan_id = ANY (counted_plans) AND f.plan_id = ANY (counted_plans)
) AS shares
GROUP BY {CELL_KEY}"""
"""What these plans bring to the cells, as the view `statistics_cell_now` says it of all. With a plan that is settled in its year stand
all the student's plans of that year: which one is the first can be told of them alone.
"""

INTO_CELLS = f"""ON CONFLICT ({CELL_KEY}) DO UPDATE SET
    {_listed((*COUNTED, *SUMS), "{0} = statistics_cell.{0} + excluded.{0}")}"""

WHO = f"""
    IF cardinality(institution_ids) > 0 THEN
        -- Where an institution lies concerns all its plans, those that somebody activates at this moment as well.
        PERFORM pg_advisory_xact_lock({LOCK});
        plan_ids := plan_ids || ARRAY(
            SELECT f.plan_id FROM public.statistics_plan AS f
            JOIN public.statistics_place AS w ON w.id = f.place_id
            JOIN public.statistics_place_now AS h ON h.plan_id = f.plan_id AND h.student_id = f.student_id
            WHERE f.institution_id = ANY (institution_ids) AND (h.municipality, h.era) IS DISTINCT FROM (w.municipality, w.era)
        );
    ELSE
        PERFORM pg_advisory_xact_lock_shared({LOCK});
    END IF;
    students := ARRAY(
        SELECT unnest(student_ids) AS student_id
        UNION SELECT student_id FROM public.plan WHERE id = ANY (plan_ids)
        UNION SELECT student_id FROM public.statistics_plan WHERE plan_id = ANY (plan_ids)
        ORDER BY student_id
    );
    IF cardinality(students) > 0 THEN
        INSERT INTO public.statistics_student SELECT unnest(students) ON CONFLICT DO NOTHING;
        PERFORM FROM public.statistics_student WHERE student_id = ANY (students) ORDER BY student_id FOR UPDATE;
        -- From here on nobody else puts plans of these students into force, ends them or moves them to another term or place.
        touched := ARRAY(
            SELECT id FROM public.plan WHERE id = ANY (plan_ids) AND activated_on IS NOT NULL
            UNION SELECT id FROM public.plan WHERE student_id = ANY (student_ids) AND activated_on IS NOT NULL
            UNION SELECT plan_id FROM public.statistics_plan WHERE plan_id = ANY (plan_ids)
            UNION SELECT plan_id FROM public.statistics_plan WHERE student_id = ANY (student_ids)
        );
        affected := ARRAY(
            SELECT unnest(touched)
            UNION SELECT f.plan_id FROM (
                SELECT student_id, term >> 1 AS year FROM public.statistics_plan WHERE plan_id = ANY (touched)
                UNION SELECT p.student_id, left(p.semester, 4)::int FROM public.plan AS p WHERE p.id = ANY (touched)
            ) AS y
            JOIN public.statistics_plan AS f ON f.student_id = y.student_id AND f.term >> 1 = y.year
            WHERE f.student_id = ANY (students)
        );
    END IF;
    houses := ARRAY(
        SELECT institution_id FROM public.statistics_plan WHERE plan_id = ANY (affected)
        UNION SELECT institution_id FROM public.plan WHERE id = ANY (touched)
        UNION SELECT institution_id FROM public.statistics_pending WHERE transaction = mine
        UNION SELECT unnest(institution_ids)
        ORDER BY institution_id
    );
    INSERT INTO public.statistics_version SELECT unnest(houses), 0 ON CONFLICT DO NOTHING;
    PERFORM FROM public.statistics_version WHERE institution_id = ANY (houses) ORDER BY institution_id FOR UPDATE;
    -- From here on nobody else settles anything of these institutions, and whoever has is committed: what follows sees it."""

GAINED = f"""
    gained := ARRAY(
        SELECT ROW(p.plan_id, r.student_id, p.risk_id, p.support_measure, p.subject, p.specialist, p.mode, r.institution_id, r.risk,
            {_listed(DELIVERED, "p.{0}")}, 0, 0)::public.statistics_delivery
        FROM (
            SELECT plan_id, risk_id, support_measure, subject, specialist, mode, {ADDED}
            FROM public.statistics_pending
            WHERE transaction = mine AND plan_id <> ALL (touched)
            GROUP BY plan_id, risk_id, support_measure, subject, specialist, mode
            HAVING {_listed(DELIVERED, "sum({0}) <> 0", " OR ")}
        ) AS p
        JOIN public.statistics_risk AS r ON r.plan_id = p.plan_id AND r.risk_id = p.risk_id
    );
    -- Named, so that they are found by their index, however many others there are.
    those := ARRAY(SELECT DISTINCT plan_id FROM unnest(gained));
    -- Plans that by this begin or cease to be counted somewhere. The others bring nothing but amounts.
    turned := ARRAY(
        SELECT DISTINCT g.plan_id
        FROM unnest(gained) AS g
        LEFT JOIN (SELECT * FROM public.statistics_delivery WHERE plan_id = ANY (those)) AS d USING ({DELIVERY_KEY})
        WHERE (coalesce(d.attended, 0) > 0) <> (coalesce(d.attended, 0) + g.attended > 0)
            OR ({_listed(DELIVERED, "d.{0} + g.{0} = 0", " AND ")} AND {_listed(PLANNED, "d.{0} = 0", " AND ")})
    );
    counted_plans := ARRAY(
        SELECT unnest(affected) UNION SELECT unnest(turned)
        UNION SELECT g.plan_id FROM public.statistics_plan AS f
        JOIN public.statistics_plan AS g ON g.student_id = f.student_id AND g.term >> 1 = f.term >> 1
        WHERE f.plan_id = ANY (turned) AND f.settled_in_year
    );"""

ANEW = """
    was := ARRAY(SELECT f FROM public.statistics_plan AS f WHERE f.plan_id = ANY (touched));
    IF cardinality(touched) > 0 THEN
        INSERT INTO public.statistics_place (municipality, era)
            SELECT DISTINCT h.municipality, h.era FROM public.statistics_place_now AS h
            WHERE h.plan_id = ANY (touched) AND NOT EXISTS (
                SELECT FROM public.statistics_place AS w WHERE w.municipality IS NOT DISTINCT FROM h.municipality AND w.era = h.era
            )
            ORDER BY h.municipality, h.era ON CONFLICT DO NOTHING;
        DELETE FROM public.statistics_delivery WHERE plan_id = ANY (touched);
        INSERT INTO public.statistics_delivery SELECT * FROM public.statistics_delivery_now WHERE plan_id = ANY (touched);
        DELETE FROM public.statistics_risk WHERE plan_id = ANY (touched);
        INSERT INTO public.statistics_risk SELECT * FROM public.statistics_risk_now WHERE plan_id = ANY (touched);
        DELETE FROM public.statistics_plan WHERE plan_id = ANY (affected);
        INSERT INTO public.statistics_plan SELECT * FROM public.statistics_plan_now
            WHERE student_id = ANY (students) AND plan_id = ANY (affected);
        moved := ARRAY(
            SELECT DISTINCT ROW(g.term, g.institution_id, g.place_id, '', 0)::public.statistics_staff
            FROM unnest(was) AS o
            FULL JOIN (SELECT * FROM public.statistics_plan WHERE plan_id = ANY (touched)) AS n ON n.plan_id = o.plan_id
            CROSS JOIN LATERAL (
                VALUES (o.term, o.institution_id, o.place_id, o.attended), (n.term, n.institution_id, n.place_id, n.attended)
            ) AS g (term, institution_id, place_id, attended)
            WHERE (o.term, o.institution_id, o.place_id) IS DISTINCT FROM (n.term, n.institution_id, n.place_id) AND g.attended > 0
        );
    END IF;"""

MOVE = f"""
    UPDATE public.statistics_risk AS r SET {_listed(DELIVERED, "{0} = r.{0} + g.{0}")}
        FROM (SELECT plan_id, student_id, risk_id, {ADDED} FROM unnest(gained) GROUP BY plan_id, student_id, risk_id) AS g
        WHERE r.plan_id = ANY (those) AND r.plan_id = g.plan_id AND r.student_id = g.student_id AND r.risk_id = g.risk_id;
    UPDATE public.statistics_plan AS p SET {_listed(DELIVERED, "{0} = p.{0} + g.{0}")}
        FROM (SELECT plan_id, student_id, {ADDED} FROM unnest(gained) GROUP BY plan_id, student_id) AS g
        WHERE p.plan_id = ANY (those) AND p.plan_id = g.plan_id AND p.student_id = g.student_id;
    INSERT INTO public.statistics_delivery SELECT * FROM unnest(gained)
        ON CONFLICT ({DELIVERY_KEY}) DO UPDATE SET {_listed(DELIVERED, "{0} = statistics_delivery.{0} + excluded.{0}")};
    DELETE FROM public.statistics_delivery WHERE plan_id = ANY (turned) AND {NOTHING};
    INSERT INTO public.statistics_cell
    SELECT k.category, f.term, f.institution_id, f.place_id, k.code, {_listed(COUNTED, "0")}, {_listed(DELIVERED, "sum(g.{0})")}, 0, 0
    FROM unnest(gained) AS g
    JOIN (SELECT * FROM public.statistics_plan WHERE plan_id = ANY (those)) AS f USING (plan_id, student_id)
    JOIN public.code AS c ON c.list = 'risks' AND c.id = g.risk
    JOIN public.code AS o ON o.list = 'risk-groups' AND o.code = c.parent
    CROSS JOIN LATERAL (
        VALUES (0::smallint, 0::smallint), (1::smallint, o.id), (2::smallint, g.risk), (3::smallint, g.support_measure),
            (4::smallint, g.subject), (5::smallint, g.specialist), (6::smallint, g.mode)
    ) AS k (category, code)
    WHERE plan_id <> ALL (counted_plans)
    GROUP BY k.category, f.term, f.institution_id, f.place_id, k.code
    {INTO_CELLS};
    WITH members AS (
        SELECT f.term, f.institution_id, f.place_id, p.staff_member, sum(p.attended) AS attended
        FROM public.statistics_pending AS p JOIN public.statistics_plan AS f ON f.plan_id = p.plan_id
        WHERE p.transaction = mine AND p.staff_member IS NOT NULL AND NOT EXISTS (
            SELECT FROM unnest(moved) AS m WHERE m.term = f.term AND m.institution_id = f.institution_id AND m.place_id = f.place_id
        )
        GROUP BY f.term, f.institution_id, f.place_id, p.staff_member HAVING sum(p.attended) <> 0
    ), gone AS (
        DELETE FROM public.statistics_staff AS s USING members AS m
        WHERE s.term = m.term AND s.institution_id = m.institution_id AND s.place_id = m.place_id
            AND s.staff_member = m.staff_member AND s.attended + m.attended = 0
        RETURNING s.term, s.institution_id, s.place_id, s.staff_member
    )
    INSERT INTO public.statistics_staff
    SELECT * FROM members WHERE (term, institution_id, place_id, staff_member) NOT IN (SELECT * FROM gone)
    ON CONFLICT (term, institution_id, place_id, staff_member) DO UPDATE SET attended = statistics_staff.attended + excluded.attended;"""

COUNT = f"""
    INSERT INTO public.statistics_cell
    SELECT {CELL_KEY}, {_listed((*COUNTED, *SUMS), "sum({0})")}
    FROM (
        {CELLS}
        UNION ALL SELECT {CELL_KEY}, {_listed((*COUNTED, *SUMS), "-{0}")} FROM unnest(before)
    ) AS difference
    GROUP BY {CELL_KEY}
    HAVING {_listed((*COUNTED, *SUMS), "sum({0}) <> 0", " OR ")}
    {INTO_CELLS};
    DELETE FROM public.statistics_cell AS c USING unnest(before) AS b
        WHERE ({_listed(CELL_KEY.split(", "), "c.{0}")}) = ({_listed(CELL_KEY.split(", "), "b.{0}")})
            AND c.plans = 0 AND {_listed(SUMS, "c.{0} = 0", " AND ")};"""

ERASED = """DELETE FROM public.statistics_student AS s WHERE s.student_id = ANY (students)
        AND NOT EXISTS (SELECT FROM public.student AS t WHERE t.student_id = s.student_id);"""

BODY = f"""
DECLARE
    mine bigint := (pg_current_xact_id()::text)::bigint;
    delivers boolean := EXISTS (SELECT FROM public.statistics_pending WHERE transaction = mine);
    students uuid[] := '{{}}'; touched uuid[] := '{{}}'; affected uuid[] := '{{}}'; turned uuid[] := '{{}}';
    counted_plans uuid[]; those uuid[]; houses int[];
    was public.statistics_plan[]; gained public.statistics_delivery[]; before public.statistics_cell[];
    moved public.statistics_staff[] := '{{}}';
BEGIN{WHO}
    IF cardinality(houses) = 0 THEN {ERASED} RETURN; END IF;
    counted_plans := affected;
    IF delivers THEN{GAINED}
    END IF;
    IF cardinality(counted_plans) > 0 THEN
        before := ARRAY(SELECT ROW(c.*)::public.statistics_cell FROM ({CELLS}) AS c);
    END IF;{ANEW}
    IF delivers THEN{MOVE}
    END IF;
    IF cardinality(counted_plans) > 0 THEN{COUNT}
    END IF;
    IF cardinality(moved) > 0 THEN PERFORM public.statistics_staff_anew(moved, houses); END IF;
    UPDATE public.statistics_version SET version = version + 1 WHERE institution_id = ANY (
        institution_ids || ARRAY(
            SELECT institution_id FROM unnest(was)
            UNION SELECT institution_id FROM public.statistics_plan WHERE plan_id = ANY (touched)
            UNION SELECT institution_id FROM public.statistics_pending WHERE transaction = mine
        )
    );
    DELETE FROM public.statistics_pending WHERE transaction = mine;
    {ERASED}
END"""

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
    for name, how in FUNCTIONS.items():
        signature = f"public.{name}(uuid[], uuid[], int[])"
        _as_keeper(
            f"""CREATE FUNCTION public.{name}(plan_ids uuid[], student_ids uuid[], institution_ids int[]) RETURNS void
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp {how} AS $$ {BODY} $$""",
            f"COMMENT ON FUNCTION {signature} IS '{WHY}'",
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {signature} TO {CALLERS}",
        )
    # What was written since the tables were filled, past whatever settles.
    _as_keeper("SELECT public.statistics_rebuild()")


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
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION public.{name}(uuid[], uuid[], int[])")
    op.execute("RESET ROLE")
