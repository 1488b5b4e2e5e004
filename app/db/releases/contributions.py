"""What each student gives to the release of a semester, read from the records, one student after another in the order of ids.

From the records, and not from what statistics are read from: a release is of what was recorded, whatever was added up of it since.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.session import driver_of
from app.db.tables import intervention
from app.domain.calendar import Semester
from app.domain.code_lists import CodeLists
from app.domain.interventions import Attendance
from app.domain.releases.contributions import Contribution, Sums

AT_ONCE: Final = 500

# The plan that counts is the student's first one of the semester that was ever in force: see app/domain/releases/contributions.py. Of
# two risks of one type the result of the earlier record counts.
_CONTRIBUTIONS = """
SELECT c.student_id, l.municipality, i.kind, e.grade, c.continues IS NOT NULL AS continued, y.result AS year_result,
    e.minority_programme, e.special_need, e.returned_emigrant,
    (SELECT json_object_agg(each.type, each.result) FROM (
        SELECT DISTINCT ON (r.type) r.type, x.result
        FROM plan_risk AS pr
        JOIN risk AS r ON r.id = pr.risk_id AND r.student_id = pr.student_id
        LEFT JOIN outcome AS o ON o.plan_id = pr.plan_id AND o.student_id = pr.student_id
        LEFT JOIN outcome_result AS x ON x.outcome_id = o.id AND x.student_id = pr.student_id AND x.risk_id = pr.risk_id
        WHERE pr.plan_id = c.id AND pr.student_id = c.student_id ORDER BY r.type, r.id) AS each) AS risks,
    (SELECT json_agg(each) FROM (
        SELECT r.type AS risk, v.support_measure, sum(v.hours * 100)::bigint AS centihours, count(v.hours) AS consultations,
            sum(v.eur * 100)::bigint AS cents
        FROM intervention AS v JOIN risk AS r ON r.id = v.risk_id AND r.student_id = v.student_id
        WHERE v.plan_id = c.id AND v.student_id = c.student_id AND v.attendance = $3
        GROUP BY r.type, v.support_measure) AS each) AS delivered
FROM (
    SELECT DISTINCT ON (p.student_id) p.id, p.student_id, p.institution_id, p.enrolment_id, p.valid_from, p.continues
    FROM plan AS p WHERE p.semester = $1 AND p.activated_on IS NOT NULL ORDER BY p.student_id, p.valid_from, p.id
) AS c
JOIN institution AS i ON i.id = c.institution_id
JOIN enrolment AS e ON e.id = c.enrolment_id AND e.student_id = c.student_id
LEFT JOIN institution_location AS l ON l.institution_id = c.institution_id AND l.valid_from <= c.valid_from
    AND (l.valid_to IS NULL OR l.valid_to >= c.valid_from)
LEFT JOIN outcome AS y ON y.student_id = c.student_id AND y.institution_id = c.institution_id AND y.school_year = $2
ORDER BY c.student_id
"""
_ATTENDED = intervention.c.attendance.type.process_bind_param(Attendance.ATTENDED, None)  # type: ignore[attr-defined]  # of Code
_MEASURES = {number: code for code, number in intervention.c.support_measure.type.numbers().items()}  # type: ignore[attr-defined]  # of Code


async def of_semester(
    connection: AsyncConnection, semester: Semester, codes: CodeLists
) -> AsyncIterator[list[Contribution]]:
    """Some at a time, so that memory stays flat."""
    driver = await driver_of(connection)
    cursor = await driver.cursor(_CONTRIBUTIONS, str(semester), str(semester.school_year), _ATTENDED)
    groups = {each.code: each.group for each in codes["risks"]}
    while rows := await cursor.fetch(AT_ONCE):
        yield [_of(row, groups) for row in rows]


def _of(row: Mapping[str, Any], groups: Mapping[str, str]) -> Contribution:
    delivered: dict[tuple[str, str], Sums] = {}
    for each in row["delivered"] or ():
        part = groups[each["risk"]], _MEASURES[each["support_measure"]]
        before = delivered.get(part, Sums())
        delivered[part] = Sums(
            centihours=before.centihours + (each["centihours"] or 0),
            consultations=before.consultations + each["consultations"],
            cents=before.cents + (each["cents"] or 0),
        )
    return Contribution(
        student_id=row["student_id"],
        municipality=row["municipality"],
        institution_kind=row["kind"],
        grade=row["grade"],
        continued=row["continued"],
        school_year_result=row["year_result"],
        minority_programme=row["minority_programme"],
        special_need=row["special_need"],
        returned_emigrant=row["returned_emigrant"],
        risks=row["risks"] or {},
        delivered=delivered,
    )
