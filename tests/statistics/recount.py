"""The statistics counted again, plainly, by another engine: DuckDB over the records that the service exports.

Nothing of the register's own SQL, summary tables or catalogue is used here; only its reference data: which municipality lay in which
region when, and which risk is of which group.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from app.db.reference import packaged
from tests.statistics.conditions_in_sql import condition

Key = tuple[Any, ...]
Figures = dict[Key, dict[str, int | Decimal]]

_SUPPORT = "support_measure VARCHAR, subject VARCHAR, specialist VARCHAR, hours DECIMAL(9, 2), eur DECIMAL(9, 2)"
NOUNS: dict[str, dict[str, str]] = {
    "enrolments": {
        "id": "VARCHAR",
        "grade": "INT",
        "minority_programme": "BOOL",
        "returned_emigrant": "BOOL",
        "special_need": "VARCHAR",
    },
    "risks": {"id": "VARCHAR", "type": "VARCHAR"},
    "plans": {
        "id": "VARCHAR",
        "student_id": "VARCHAR",
        "institution_id": "INT",
        "enrolment_id": "VARCHAR",
        "semester": "VARCHAR",
        "from": "DATE",
        "continues": "VARCHAR",
        "activated_on": "DATE",
        "risk_ids": "VARCHAR[]",
        "planned_measures": f"STRUCT(risk_id VARCHAR, {_SUPPORT})[]",
    },
    "interventions": {
        "plan_id": "VARCHAR",
        "risk_id": "VARCHAR",
        "attendance": "VARCHAR",
        "support_measure": "VARCHAR",
        "subject": "VARCHAR",
        "specialist": "VARCHAR",
        "mode": "VARCHAR",
        "hours": "DECIMAL(9, 2)",
        "eur": "DECIMAL(9, 2)",
        "staff_member": "VARCHAR",
    },
    "outcomes": {
        "of": "VARCHAR",
        "plan_id": "VARCHAR",
        "student_id": "VARCHAR",
        "institution_id": "INT",
        "school_year": "VARCHAR",
        "result": "VARCHAR",
        "results": "STRUCT(risk_id VARCHAR, result VARCHAR)[]",
    },
    "semesters": {"code": "VARCHAR", "school_year": "VARCHAR"},
    "institutions": {
        "id": "INT",
        "kind": "VARCHAR",
        "locations": 'STRUCT(municipality VARCHAR, "from" DATE, "to" DATE)[]',
    },
}
"""What is read: nouns as they are exported or listed, of each the fields that statistics are about."""

_PLANS = """CREATE TABLE plan_row AS
SELECT p.id AS plan, p.student_id AS student, p.institution_id AS institution, p.semester, s.school_year, i.kind AS institution_kind,
    e.grade, e.minority_programme, e.returned_emigrant, e.special_need, y.result AS school_year_result,
    p.continues IS NOT NULL AS continued, p."from" AS first_day
FROM plans AS p JOIN enrolments AS e ON e.id = p.enrolment_id JOIN semesters AS s ON s.code = p.semester
JOIN institutions AS i ON i.id = p.institution_id
LEFT JOIN outcomes AS y ON y."of" = 'SCHOOL_YEAR' AND y.student_id = p.student_id AND y.institution_id = p.institution_id
    AND y.school_year = s.school_year
WHERE p.activated_on IS NOT NULL"""
_RISKS = """CREATE TABLE risk_row AS
WITH answered AS (SELECT id AS plan, unnest(risk_ids) AS risk_id FROM plans),
concluded AS (SELECT plan_id AS plan, unnest(results) AS said FROM outcomes WHERE "of" = 'PLAN')
SELECT p.*, a.risk_id, r.type AS risk, g.risk_group, c.said.result AS risk_result
FROM plan_row AS p JOIN answered AS a USING (plan) JOIN risks AS r ON r.id = a.risk_id JOIN risk_groups AS g ON g.risk = r.type
LEFT JOIN concluded AS c ON c.plan = p.plan AND c.said.risk_id = a.risk_id"""
_THINGS = """CREATE TABLE thing_row AS
WITH promised AS (SELECT id AS plan, unnest(planned_measures) AS said FROM plans)
SELECT r.*, t.support_measure, t.subject, t.specialist, t.mode AS delivery_mode, t.attendance = 'ATTENDED' AS attended, false AS planned,
    t.hours, t.eur, t.staff_member
FROM risk_row AS r JOIN interventions AS t ON t.plan_id = r.plan AND t.risk_id = r.risk_id
UNION ALL BY NAME
SELECT r.*, m.said.support_measure, m.said.subject, m.said.specialist, NULL AS delivery_mode, false AS attended, true AS planned,
    m.said.hours, m.said.eur, NULL AS staff_member
FROM risk_row AS r JOIN promised AS m ON m.plan = r.plan AND m.said.risk_id = r.risk_id"""
_PLACED = """SELECT x.*, l.municipality, coalesce(m.region, 'UNASSIGNED') AS region FROM {rows} AS x
LEFT JOIN stays AS l ON l.institution = x.institution AND {day} BETWEEN l.first AND coalesce(l.last, DATE '9999-12-31')
LEFT JOIN memberships AS m ON m.municipality = l.municipality AND m.scheme = '{scheme}'
    AND {day} BETWEEN m.first AND coalesce(m.last, DATE '9999-12-31')"""
_STAYS = """CREATE TABLE stays AS
WITH all_of_them AS (SELECT id AS institution, unnest(locations) AS said FROM institutions)
SELECT institution, said.municipality, said."from" AS first, said."to" AS last FROM all_of_them"""

OF_PLANS = {
    "STUDENTS": "count(DISTINCT student)",
    "PLANS": "count(DISTINCT plan)",
    "PLANS_CONTINUED": "count(DISTINCT plan) FILTER (continued)",
    "STUDENTS_WITH_YEAR_RESULT": "count(DISTINCT student) FILTER (school_year_result IS NOT NULL)",
    "STUDENTS_PROMOTED": "count(DISTINCT student) FILTER (school_year_result = 'PROMOTED')",
    "STUDENTS_LEFT_EARLY": "count(DISTINCT student) FILTER (school_year_result = 'LEFT_EARLY')",
}
OF_RISKS = {
    "RISKS_ANSWERED": "count(*)",
    "RISKS_WITH_RESULT": "count(risk_result)",
    "RISKS_RESOLVED": "count(*) FILTER (risk_result = 'RESOLVED')",
    "RISKS_REDUCED": "count(*) FILTER (risk_result = 'REDUCED')",
    "RISKS_IMPROVED": "count(*) FILTER (risk_result IN ('RESOLVED', 'REDUCED'))",
}
OF_THINGS = {
    "INTERVENTIONS": "count(*) FILTER (attended)",
    "NOT_ATTENDED": "count(*) FILTER (NOT attended AND NOT planned)",
    "INTERVENTIONS_SCHEDULED": "count(*) FILTER (NOT planned)",
    "CONSULTATIONS": "count(hours) FILTER (attended)",
    "DELIVERED_HOURS": "coalesce(sum(hours) FILTER (attended), 0)",
    "EUR": "coalesce(sum(eur) FILTER (attended), 0)",
    "PLANNED_HOURS": "coalesce(sum(hours) FILTER (planned), 0)",
    "PLANNED_EUR": "coalesce(sum(eur) FILTER (planned), 0)",
    "STAFF_INVOLVED": "count(DISTINCT institution || ' ' || staff_member) FILTER (attended)",
}
BY_RISK = {"RISK_GROUP", "RISK", "RISK_RESULT"}
BY_THING = {"SUPPORT_MEASURE", "SUBJECT", "SPECIALIST", "DELIVERY_MODE"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """`by` and `measures` are codes of the catalogue, `where` the words of a filter, `dimensions` all that both speak of."""

    by: tuple[str, ...]
    measures: tuple[str, ...]
    where: Mapping[str, Any] = field(default_factory=dict)
    dimensions: frozenset[str]
    scheme: str = "PLANNING"
    as_of: date | None = None


class Recount:
    def __init__(self, folder: Path, lines: Mapping[str, str]) -> None:
        """`lines`: of each noun its records, one JSON object a line."""
        self._database = duckdb.connect()
        for noun, columns in NOUNS.items():
            path = folder / f"{noun}.ndjson"
            path.write_text(lines[noun], encoding="utf-8")
            named = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
            self._database.execute(
                f"CREATE TABLE {noun} AS SELECT * FROM read_json('{path}', format = 'newline_delimited', columns = {{{named}}})"  # noqa: S608 - our own
            )
        reference = packaged()
        self._fill(
            "memberships (municipality VARCHAR, scheme VARCHAR, region VARCHAR, first DATE, last DATE)",
            [
                (each.municipality, each.scheme, each.code, each.period.start, each.period.end)
                for each in reference.geography.memberships
            ],
        )
        self._fill(
            "risk_groups (risk VARCHAR, risk_group VARCHAR)",
            [(each.code, each.parent) for each in reference.code_lists["risks"]],
        )
        for statement in (_STAYS, _PLANS, _RISKS, _THINGS):
            self._database.execute(statement)

    def _fill(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._database.execute(f"CREATE TABLE {table}")
        for row in rows:
            places = ", ".join("?" * len(row))
            self._database.execute(f"INSERT INTO {table.split(maxsplit=1)[0]} VALUES ({places})", row)  # noqa: S608 - our own

    def count(self, question: Question) -> Figures:
        """Figures of each group with anything in it. By nothing there is one group, whatever is in it."""
        figures: Figures = defaultdict(lambda: dict.fromkeys(question.measures, 0))
        for rows, known in self._sources(question):
            wanted = {each: known[each] for each in question.measures if each in known}
            if wanted:
                for key, values in self._grouped(question, rows, wanted):
                    figures[key] |= values
        return figures

    def _sources(self, question: Question) -> Iterable[tuple[str, Mapping[str, str]]]:
        """What a question is about decides which rows its plans are counted from."""
        plans = "plan_row"
        if question.dimensions & BY_THING:
            plans = "(SELECT * FROM thing_row WHERE attended)"
        elif question.dimensions & BY_RISK:
            plans = "risk_row"
        return ((plans, OF_PLANS), ("risk_row", OF_RISKS), ("thing_row", OF_THINGS))

    def _grouped(
        self, question: Question, rows: str, wanted: Mapping[str, str]
    ) -> Iterable[tuple[Key, dict[str, int | Decimal]]]:
        day = "x.first_day" if question.as_of is None else f"DATE '{question.as_of}'"
        placed = _PLACED.format(rows=rows, day=day, scheme=question.scheme)
        keys = [each.lower() for each in question.by]
        columns = ", ".join([*keys, *wanted.values()])
        grouped = f"GROUP BY {', '.join(keys)}" if keys else ""
        found = self._database.execute(
            f"SELECT {columns} FROM ({placed}) WHERE {condition(question.where)} {grouped}"  # noqa: S608 - our own
        )
        for row in found.fetchall():
            yield row[: len(keys)], dict(zip(wanted, row[len(keys) :], strict=True))
