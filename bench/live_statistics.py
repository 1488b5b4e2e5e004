"""Hand-written statements over the plain tables, past every policy: what statistics would take if nothing were kept ready for them.

Each adds interventions up before anything is joined, and looks only at those of the plans it is about. `$1` is ATTENDED.
"""

# ruff: noqa: S608 - every statement is put together from the words of this file alone

PLACED = """
    SELECT p.id, p.student_id, p.semester, l.municipality, m.region
    FROM plan AS p
    JOIN institution_location AS l ON l.institution_id = p.institution_id
        AND p.valid_from >= l.valid_from AND (l.valid_to IS NULL OR p.valid_from <= l.valid_to)
    JOIN municipality_region AS m ON m.municipality = l.municipality AND m.scheme = 'PLANNING'
        AND p.valid_from >= m.valid_from AND (m.valid_to IS NULL OR p.valid_from <= m.valid_to)
    WHERE p.activated_on IS NOT NULL
"""
SUMS = "sum(hours) AS hours, count(hours) AS consultations, sum(eur) AS eur"
FIGURES = "count(DISTINCT student_id), count(*), coalesce(sum(hours), 0), coalesce(sum(consultations), 0), coalesce(sum(eur), 0)"

REGION_SEMESTER = f"""
WITH delivered AS (SELECT plan_id, {SUMS} FROM intervention WHERE attendance = $1 GROUP BY plan_id), placed AS ({PLACED})
SELECT region, semester, {FIGURES} FROM placed LEFT JOIN delivered ON plan_id = id GROUP BY region, semester
"""
RISK_GROUP_SEMESTER = f"""
WITH delivered AS (
    SELECT plan_id, risk_id, sum(hours) AS hours, count(hours) AS consultations, sum(eur) AS eur
    FROM intervention WHERE attendance = $1 GROUP BY plan_id, risk_id
), answered AS (
    SELECT p.id, p.student_id, p.semester, c.parent, sum(hours) AS hours, sum(consultations) AS consultations, sum(eur) AS eur
    FROM plan AS p
    JOIN plan_risk AS a ON a.plan_id = p.id
    JOIN risk AS r ON r.id = a.risk_id
    JOIN code AS c ON c.list = 'risks' AND c.code = r.type
    LEFT JOIN delivered AS d ON d.plan_id = a.plan_id AND d.risk_id = a.risk_id
    WHERE p.activated_on IS NOT NULL GROUP BY p.id, p.student_id, p.semester, c.parent
)
SELECT parent, semester, {FIGURES} FROM answered GROUP BY parent, semester
"""
MUNICIPALITY_SEMESTER = f"""
WITH placed AS MATERIALIZED ({PLACED} AND m.region = 'PR-VIDZEME'), delivered AS (
    SELECT plan_id, {SUMS} FROM intervention WHERE attendance = $1 AND plan_id IN (SELECT id FROM placed) GROUP BY plan_id
)
SELECT municipality, semester, {FIGURES} FROM placed LEFT JOIN delivered ON plan_id = id GROUP BY municipality, semester
"""
SUBJECT_SCHOOL_YEAR = f"""
WITH delivered AS (
    SELECT plan_id, i.subject, {SUMS} FROM intervention AS i WHERE attendance = $1 GROUP BY plan_id, i.subject
)
SELECT c.code, s.school_year, {FIGURES}
FROM delivered AS d
JOIN plan AS p ON p.id = d.plan_id AND p.activated_on IS NOT NULL
JOIN semester AS s ON s.code = p.semester
LEFT JOIN code AS c ON c.list = 'subjects' AND c.id = d.subject
GROUP BY c.code, s.school_year
"""
REGION = f"""
WITH placed AS ({PLACED}) SELECT region, count(DISTINCT student_id) FROM placed WHERE $1::int > 0 GROUP BY region
"""
