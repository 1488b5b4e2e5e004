"""Students with several plans in a term, or at several places in a year, counted by hand from tiny_moves.py: each once in every group."""

from typing import Any

import asyncpg
import pytest

from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId, PartnerId
from tests.graphql.conftest import Ask
from tests.graphql.tiny_moves import MOVES
from tests.graphql.tiny_register import ERGLI, GRAVERI, MADONA_PARTNER, write_network, write_plan

RIGA, VIDZEME, LATGALE = "PR-RIGA", "PR-VIDZEME", "PR-LATGALE"


@pytest.fixture(scope="module", autouse=True)
async def moves(owner: asyncpg.Connection) -> None:
    await write_network(owner)
    for plan in MOVES:
        await write_plan(owner, plan)
    await owner.execute("SELECT statistics_rebuild()")


async def counted(ask: Ask, arguments: str, keys: str, measures: str = "students plans", **more: Any) -> dict[Any, Any]:
    answer = await ask(arguments, f"groups {{ key {{ {keys} }} {measures} }}", **more)

    def code(value: Any) -> Any:
        return value["code"] if isinstance(value, dict) and "code" in value else value

    found = {}
    for group in answer["groups"]:
        key = tuple(code(each) for each in group.pop("key").values())
        found[key if len(key) > 1 else key[0]] = tuple(group.values())
    return found


async def test_by_region_and_semester(ask: Ask) -> None:
    assert await counted(ask, "by: [REGION, SEMESTER]", "region { code } semester { code }") == {
        (RIGA, "2020-1"): (1, 1),
        (RIGA, "2020-2"): (1, 1),
        (VIDZEME, "2020-1"): (3, 4),
        (VIDZEME, "2020-2"): (1, 1),
        (VIDZEME, "2021-1"): (1, 1),
        (LATGALE, "2020-1"): (3, 4),
        (LATGALE, "2020-2"): (1, 1),
        (LATGALE, "2021-1"): (1, 1),
    }
    assert await counted(ask, "by: [SEMESTER]", "semester { code }") == {
        "2020-1": (5, 9),
        "2020-2": (3, 3),
        "2021-1": (2, 2),
    }


async def test_by_region_and_school_year(ask: Ask) -> None:
    assert await counted(ask, "by: [REGION, SCHOOL_YEAR]", "region { code } schoolYear") == {
        (RIGA, "2020/21"): (1, 2),
        (VIDZEME, "2020/21"): (3, 5),
        (VIDZEME, "2021/22"): (1, 1),
        (LATGALE, "2020/21"): (3, 5),
        (LATGALE, "2021/22"): (1, 1),
    }
    assert await counted(ask, "by: [SCHOOL_YEAR]", "schoolYear") == {"2020/21": (5, 12), "2021/22": (2, 2)}


async def test_over_all_years(ask: Ask) -> None:
    assert await counted(ask, "by: [REGION]", "region { code }") == {RIGA: (1, 2), VIDZEME: (3, 6), LATGALE: (3, 6)}
    assert await counted(ask, "by: [MUNICIPALITY]", "municipality { code }") == {
        "0604300": (3, 5),
        "0010000": (1, 2),
        "0032000": (1, 1),
        "0038000": (1, 1),
        "0700200": (3, 3),
        "0705500": (2, 2),
    }


async def test_overlapping_risks(ask: Ask) -> None:
    assert await counted(ask, 'by: [RISK_GROUP], where: {semesters: ["2020-1"]}', "riskGroup { code }") == {
        "LEARNING": (3, 6),
        "ECONOMIC": (2, 2),
        "FAMILY": (3, 4),
    }
    assert await counted(
        ask, "by: [REGION, RISK_GROUP, SCHOOL_YEAR]", "region { code } riskGroup { code } schoolYear"
    ) == {
        (RIGA, "LEARNING", "2020/21"): (1, 1),
        (RIGA, "FAMILY", "2020/21"): (1, 2),
        (VIDZEME, "LEARNING", "2020/21"): (3, 4),
        (VIDZEME, "ECONOMIC", "2020/21"): (1, 1),
        (VIDZEME, "ECONOMIC", "2021/22"): (1, 1),
        (VIDZEME, "FAMILY", "2020/21"): (2, 3),
        (LATGALE, "LEARNING", "2020/21"): (2, 3),
        (LATGALE, "ECONOMIC", "2020/21"): (1, 2),
        (LATGALE, "ECONOMIC", "2021/22"): (1, 1),
        (LATGALE, "FAMILY", "2020/21"): (1, 1),
    }
    both = 'where: {and: [{risks: ["LOW_ACHIEVEMENT", "FAMILY_CONFLICT"]}, {semesters: ["2020-1"]}]}'
    assert await counted(ask, both, "region { code }") == {None: (4, 8)}


async def test_of_what_was_delivered(ask: Ask) -> None:
    assert await counted(
        ask, "by: [SUBJECT, SCHOOL_YEAR]", "subject { code } schoolYear", "students plans deliveredHours"
    ) == {
        ("MATHEMATICS", "2020/21"): (2, 4, "8.00"),
        ("ENGLISH", "2020/21"): (2, 2, "2.00"),
    }
    rates = "attendanceRate { value numerator denominator } staffInvolved plannedEur"
    answer = await ask("", f"groups {{ {rates} }}")
    assert answer["groups"] == [
        {
            "attendanceRate": {"value": pytest.approx(6 / 7, abs=1e-4), "numerator": 6, "denominator": 7},
            "staffInvolved": 5,
            "plannedEur": "50.00",
        }
    ]
    by_result = await counted(
        ask, "by: [RISK_RESULT, SUBJECT]", "riskResult { code } subject { code }", "plans deliveredHours"
    )
    assert by_result == {
        ("RESOLVED", "MATHEMATICS"): (1, "2.00"),
        ("UNCHANGED", "MATHEMATICS"): (1, "2.00"),
        ("UNCHANGED", "ENGLISH"): (1, "1.00"),
        (None, "MATHEMATICS"): (2, "4.00"),
        (None, "ENGLISH"): (1, "1.00"),
    }


async def test_what_came_of_it(ask: Ask) -> None:
    risks = "risksAnswered risksWithResult improvedRate { numerator denominator }"
    assert await counted(ask, 'by: [REGION], where: {regions: ["PR-VIDZEME"]}', "region { code }", risks) == {
        VIDZEME: (9, 2, {"numerator": 2, "denominator": 2})
    }
    years = "studentsWithYearResult studentsPromoted leftEarlyRate { numerator denominator }"
    assert await counted(ask, "by: [SCHOOL_YEAR]", "schoolYear", years) == {
        "2020/21": (3, 3, {"numerator": 1, "denominator": 3}),
        "2021/22": (0, 0, {"numerator": 0, "denominator": 0}),
    }


async def test_a_school_counts_its_own_part_of_those_who_are_elsewhere_too(ask: Ask) -> None:
    def head(institution: int) -> Actor:
        return Actor(subject="head", role=Role.SCHOOL_HEAD, institution_ids=frozenset({InstitutionId(institution)}))

    by = ("by: [SEMESTER]", "semester { code }")
    assert await counted(ask, *by, actor=head(ERGLI)) == {"2020-1": (1, 1), "2020-2": (1, 1), "2021-1": (1, 1)}
    assert await counted(ask, *by, actor=head(GRAVERI)) == {"2020-1": (2, 2), "2020-2": (1, 1), "2021-1": (1, 1)}
    madona = Actor(subject="madona", role=Role.MUNICIPALITY_COORDINATOR, partner_id=PartnerId(MADONA_PARTNER))
    assert await counted(ask, *by, actor=madona) == {"2020-1": (3, 4), "2020-2": (1, 1), "2021-1": (1, 1)}


async def test_compared_with_the_semester_before(ask: Ask) -> None:
    answer = await ask(
        'by: [SEMESTER, REGION], where: {semesters: ["2020-2"]}, comparison: PREVIOUS_SEMESTER',
        "groups { key { region { code } } students previous { students plans } }",
    )
    assert [(g["key"]["region"]["code"], g["students"], g["previous"]["students"]) for g in answer["groups"]] == [
        (RIGA, 1, 1),
        (VIDZEME, 1, 3),
        (LATGALE, 1, 3),
    ]
