"""Region x semester over GraphQL, against hand-tuned SQL over the same tables without policies."""

from decimal import Decimal

from bench.house import Bench
from bench.measure import Result, paired

QUERY = (
    "{ statistics(by: [REGION, SEMESTER]) { groups { key { region { code } semester { code } }"
    " students plans deliveredHours consultations eur } } }"
)
LIMIT = """
WITH delivered AS (
    SELECT plan_id, sum(hours) AS hours, count(hours) AS consultations, sum(eur) AS eur
    FROM intervention WHERE attendance = $1 GROUP BY plan_id
), placed AS (
    SELECT p.id, p.student_id, p.semester, m.region
    FROM plan AS p
    JOIN institution_location AS l ON l.institution_id = p.institution_id
        AND p.valid_from >= l.valid_from AND (l.valid_to IS NULL OR p.valid_from <= l.valid_to)
    JOIN municipality_region AS m ON m.municipality = l.municipality AND m.scheme = 'PLANNING'
        AND p.valid_from >= m.valid_from AND (m.valid_to IS NULL OR p.valid_from <= m.valid_to)
    WHERE p.activated_on IS NOT NULL
)
SELECT region, semester, count(DISTINCT student_id), count(*), sum(hours), sum(consultations), sum(eur)
FROM placed LEFT JOIN delivered ON plan_id = id GROUP BY region, semester
"""


async def region_semester(bench: Bench) -> Result:
    attended = await bench.owner.fetchval("SELECT id FROM code WHERE list = 'attendances' AND code = 'ATTENDED'")

    async def over_http() -> None:
        answer = (await bench.authority.post("/graphql", json={"query": QUERY})).json()
        assert answer["data"]["statistics"]["groups"]

    async def straight() -> None:
        assert await bench.owner.fetch(LIMIT, attended)

    await _agree(bench, attended)
    ours, limit = await paired(over_http, straight, rounds=5)
    return Result(
        name="region-semester",
        ours=ours * 1000,
        limit=limit * 1000,
        unit="ms",
        note="students, plans, hours, consultations and EUR as the authority, against one hand-written statement as the owner",
    )


async def _agree(bench: Bench, attended: int) -> None:
    """What is faster and wrong is not faster."""
    answer = (await bench.authority.post("/graphql", json={"query": QUERY})).json()["data"]["statistics"]["groups"]
    ours = {
        (each["key"]["region"]["code"], each["key"]["semester"]["code"]): (
            each["students"],
            each["plans"],
            Decimal(each["deliveredHours"]),
            each["consultations"],
            Decimal(each["eur"]),
        )
        for each in answer
    }
    assert ours == {(row[0], row[1]): tuple(row[2:]) for row in await bench.owner.fetch(LIMIT, attended)}
