-- Both functions `0034_statistics_settle.py` makes have this body; what stands behind a dollar sign is a list that is written there.
DECLARE
    mine bigint := (pg_current_xact_id()::text)::bigint;
    delivers boolean := EXISTS (SELECT FROM public.statistics_pending WHERE transaction = mine);
    students uuid[] := '{}'; touched uuid[] := '{}'; affected uuid[] := '{}'; turned uuid[] := '{}';
    counted_plans uuid[]; those uuid[]; houses int[];
    was public.statistics_plan[]; risks_were public.statistics_risk[]; gained public.statistics_delivery[];
    before public.statistics_cell[]; several public.statistics_several[];
    moved public.statistics_staff[] := '{}';
BEGIN
    IF cardinality(institution_ids) > 0 THEN
        -- Where an institution lies concerns all its plans, those that somebody activates at this moment as well.
        PERFORM pg_advisory_xact_lock($lock);
        plan_ids := plan_ids || ARRAY(
            SELECT f.plan_id FROM public.statistics_plan AS f
            JOIN public.statistics_place AS w ON w.id = f.place_id
            JOIN public.statistics_place_now AS h ON h.plan_id = f.plan_id AND h.student_id = f.student_id
            WHERE f.institution_id = ANY (institution_ids) AND (h.municipality, h.era) IS DISTINCT FROM (w.municipality, w.era)
        );
    ELSE
        PERFORM pg_advisory_xact_lock_shared($lock);
    END IF;
    students := ARRAY(
        SELECT unnest(student_ids) AS student_id
        UNION SELECT student_id FROM public.plan WHERE id = ANY (plan_ids)
        UNION SELECT student_id FROM public.statistics_plan WHERE plan_id = ANY (plan_ids)
        -- At several places: who delivers at one of them holds the student, for what counts at one depends on the others.
        UNION $delivered_at_several_places
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
    IF delivers THEN
        -- Who came to be at several places while this waited for the institutions.
        INSERT INTO public.statistics_student
            $delivered_at_several_places AND f.student_id <> ALL (students)
            ON CONFLICT DO NOTHING;
        PERFORM FROM public.statistics_student
            WHERE student_id IN ($delivered_at_several_places AND f.student_id <> ALL (students))
            ORDER BY student_id FOR UPDATE;
    END IF;
    -- From here on nobody else settles anything of these institutions, and whoever has is committed: what follows sees it.
    IF cardinality(houses) = 0 THEN
        DELETE FROM public.statistics_student AS s WHERE s.student_id = ANY (students)
            AND NOT EXISTS (SELECT FROM public.student AS t WHERE t.student_id = s.student_id);
        RETURN;
    END IF;
    counted_plans := affected;
    IF delivers THEN
        gained := ARRAY(
            SELECT ROW(p.plan_id, r.student_id, p.risk_id, p.support_measure, p.subject, p.specialist, p.mode, r.institution_id, r.risk,
                p.attended, p.not_attended, p.consultations, p.centihours, p.cents, 0, 0)::public.statistics_delivery
            FROM (
                SELECT plan_id, risk_id, support_measure, subject, specialist, mode, $delivered_added
                FROM public.statistics_pending
                WHERE transaction = mine AND plan_id <> ALL (touched)
                GROUP BY plan_id, risk_id, support_measure, subject, specialist, mode
                HAVING $delivered_something
            ) AS p
            JOIN public.statistics_risk AS r ON r.plan_id = p.plan_id AND r.risk_id = p.risk_id
        );
        -- Named, so that they are found by their index, however many others there are.
        those := ARRAY(SELECT DISTINCT plan_id FROM unnest(gained));
        -- Plans that by this begin or cease to be counted somewhere. The others bring nothing but amounts.
        turned := ARRAY(
            SELECT DISTINCT g.plan_id
            FROM unnest(gained) AS g
            LEFT JOIN (SELECT * FROM public.statistics_delivery WHERE plan_id = ANY (those)) AS d
                USING ($delivery_key)
            WHERE (coalesce(d.attended, 0) > 0) <> (coalesce(d.attended, 0) + g.attended > 0)
                OR (d.attended + g.attended = 0 AND d.not_attended + g.not_attended = 0 AND d.consultations + g.consultations = 0
                    AND d.centihours + g.centihours = 0 AND d.cents + g.cents = 0
                    AND d.planned_centihours = 0 AND d.planned_cents = 0)
        );
        counted_plans := ARRAY(
            SELECT unnest(affected) UNION SELECT unnest(turned)
            UNION SELECT g.plan_id FROM public.statistics_plan AS f
            JOIN public.statistics_plan AS g ON g.student_id = f.student_id AND g.term >> 1 = f.term >> 1
            WHERE f.plan_id = ANY (turned)
        );
    END IF;
    IF cardinality(counted_plans) > 0 THEN
        several := ARRAY(SELECT ROW(c.*)::public.statistics_several FROM ($several_of_plans) AS c);
        before := ARRAY(SELECT ROW(c.*)::public.statistics_cell FROM ($cells_of_plans) AS c);
    END IF;

    -- Plans that were touched are made anew, with the flags of those beside them.
    was := ARRAY(SELECT f FROM public.statistics_plan AS f WHERE f.plan_id = ANY (touched));
    risks_were := ARRAY(SELECT r FROM public.statistics_risk AS r WHERE r.plan_id = ANY (touched));
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
        -- Where a plan goes elsewhere in the transaction that also takes support back, that had been counted in the place before.
        moved := ARRAY(
            SELECT DISTINCT ROW(g.term, g.institution_id, g.place_id, '', 0)::public.statistics_staff
            FROM unnest(was) AS o
            FULL JOIN (SELECT * FROM public.statistics_plan WHERE plan_id = ANY (touched)) AS n ON n.plan_id = o.plan_id
            CROSS JOIN LATERAL (
                VALUES (o.term, o.institution_id, o.place_id), (n.term, n.institution_id, n.place_id)
            ) AS g (term, institution_id, place_id)
            WHERE (o.term, o.institution_id, o.place_id) IS DISTINCT FROM (n.term, n.institution_id, n.place_id)
                AND g.term IS NOT NULL AND (delivers OR o.attended > 0 OR n.attended > 0)
        );
    END IF;

    -- What was delivered under the others is added, to facts and to the cells in which nothing but amounts change.
    IF delivers THEN
        UPDATE public.statistics_risk AS r SET $r_and_gained
            FROM (SELECT plan_id, student_id, risk_id, $delivered_added FROM unnest(gained) GROUP BY plan_id, student_id, risk_id) AS g
            WHERE r.plan_id = ANY (those) AND r.plan_id = g.plan_id AND r.student_id = g.student_id AND r.risk_id = g.risk_id;
        UPDATE public.statistics_plan AS p SET $p_and_gained
            FROM (SELECT plan_id, student_id, $delivered_added FROM unnest(gained) GROUP BY plan_id, student_id) AS g
            WHERE p.plan_id = ANY (those) AND p.plan_id = g.plan_id AND p.student_id = g.student_id;
        INSERT INTO public.statistics_delivery SELECT * FROM unnest(gained)
            ON CONFLICT ($delivery_key) DO UPDATE SET $delivery_and_excluded;
        DELETE FROM public.statistics_delivery WHERE plan_id = ANY (turned) AND attended = 0 AND not_attended = 0
            AND consultations = 0 AND centihours = 0 AND cents = 0 AND planned_centihours = 0 AND planned_cents = 0;
        INSERT INTO public.statistics_cell
        SELECT k.category, f.term, f.institution_id, f.place_id, k.code, 0, 0, 0, 0, 0, 0, 0, 0,
            sum(g.attended), sum(g.not_attended), sum(g.consultations), sum(g.centihours), sum(g.cents), 0, 0
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
        ON CONFLICT ($cell_key) DO UPDATE SET $cell_and_excluded;
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
        ON CONFLICT (term, institution_id, place_id, staff_member) DO UPDATE SET attended = statistics_staff.attended + excluded.attended;
    END IF;

    -- The other cells are moved by what these plans bring now, less what they brought before.
    IF cardinality(counted_plans) > 0 THEN
        INSERT INTO public.statistics_several
        SELECT $several_key, sum(difference.students)
        FROM ($several_of_plans UNION ALL SELECT $several_key, -b.students FROM unnest(several) AS b) AS difference
        GROUP BY $several_key
        HAVING sum(difference.students) <> 0
        ORDER BY $several_key
        ON CONFLICT ($several_key) DO UPDATE SET students = statistics_several.students + excluded.students;
        DELETE FROM public.statistics_several AS c USING unnest(several) AS b
            WHERE (c.category, c.yearly, c.term, c.code, c.institution_id, c.place_id, c.pattern)
                = (b.category, b.yearly, b.term, b.code, b.institution_id, b.place_id, b.pattern) AND c.students = 0;
        INSERT INTO public.statistics_cell
        SELECT $cell_key, $figures_added
        FROM ($cells_of_plans UNION ALL SELECT $cell_key, $figures_taken_away FROM unnest(before)) AS difference
        GROUP BY $cell_key
        HAVING $figures_something
        ON CONFLICT ($cell_key) DO UPDATE SET $cell_and_excluded;
        DELETE FROM public.statistics_cell AS c USING unnest(before) AS b
            WHERE (c.category, c.term, c.institution_id, c.place_id, c.code) = (b.category, b.term, b.institution_id, b.place_id, b.code)
                AND c.plans = 0 AND c.attended = 0 AND c.not_attended = 0 AND c.consultations = 0 AND c.centihours = 0 AND c.cents = 0
                AND c.planned_centihours = 0 AND c.planned_cents = 0;
    END IF;
    IF cardinality(moved) > 0 THEN PERFORM public.statistics_staff_anew(moved, houses); END IF;

    -- Told are the institutions that wrote, and those whose own figures are others now. The rest must not learn that somebody else knows
    -- their student: the two flags that depend on plans elsewhere change no figure of theirs.
    UPDATE public.statistics_version SET version = version + 1 WHERE institution_id = ANY (
        institution_ids || ARRAY(
            SELECT institution_id FROM unnest(was) WHERE plan_id = ANY (plan_ids)
            UNION SELECT institution_id FROM public.statistics_plan WHERE plan_id = ANY (plan_ids)
            UNION SELECT institution_id FROM public.statistics_pending WHERE transaction = mine
            UNION SELECT institution_id FROM (
                SELECT $visible FROM unnest(was)
                EXCEPT SELECT $visible FROM public.statistics_plan WHERE plan_id = ANY (touched)
            ) AS gone
            UNION SELECT institution_id FROM (
                SELECT $visible FROM public.statistics_plan WHERE plan_id = ANY (touched)
                EXCEPT SELECT $visible FROM unnest(was)
            ) AS come
            UNION SELECT institution_id FROM (
                SELECT * FROM unnest(risks_were)
                EXCEPT SELECT * FROM public.statistics_risk WHERE plan_id = ANY (touched)
            ) AS gone
            UNION SELECT institution_id FROM (
                SELECT * FROM public.statistics_risk WHERE plan_id = ANY (touched)
                EXCEPT SELECT * FROM unnest(risks_were)
            ) AS come
        )
    );
    DELETE FROM public.statistics_pending WHERE transaction = mine;
    DELETE FROM public.statistics_student AS s WHERE s.student_id = ANY (students)
        AND NOT EXISTS (SELECT FROM public.student AS t WHERE t.student_id = s.student_id);
END
