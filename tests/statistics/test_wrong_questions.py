"""What cannot be read or has no answer is refused, with all that is wrong and where it was said."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.rest.statistics.parameters import described
from app.api.rest.statistics.question import read_question
from app.domain.errors import Invalid, Violation
from tests.statistics.conftest import Get

Wrong = Callable[..., Awaitable[list[tuple[str, str]]]]

FAULTS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"by": "REGION,PLANET"}, [("/query/by/1", "unknown-code")]),
    ({"by": "REGION,,RISK"}, [("/query/by", "empty")]),
    ({"by": "REGION,REGION"}, [("/query/by/1", "duplicate")]),
    ({"by": "REGION,RISK,GRADE,SEMESTER,SUBJECT"}, [("/query/by", "too-many-dimensions")]),
    ({"measures": "STUDENTS,MONEY"}, [("/query/measures/1", "unknown-code")]),
    ({"risks": "NONE"}, [("/query/risks/0", "unknown-code")]),
    ({"grades": "5,x"}, [("/query/grades/1", "wrong-type")]),
    ({"institutions": "99999999999"}, [("/query/institutions/0", "wrong-type")]),
    ({"institutions": "9999999999"}, [("/query/institutions/0", "unknown-code")]),
    ({"gradeRange": "5"}, [("/query/gradeRange", "wrong-type")]),
    ({"gradeRange": ".."}, [("/query/gradeRange", "empty")]),
    ({"gradeRange": "9..5"}, [("/query/gradeRange", "wrong-way-round")]),
    ({"semesterRange": "2020-1..2020-3"}, [("/query/semesterRange/to", "unknown-code")]),
    ({"also": {"not.risks": "NONE"}}, [("/query/not.risks/0", "unknown-code")]),
    ({"minorityProgramme": "maybe"}, [("/query/minorityProgramme", "wrong-type")]),
    ({"where": "{"}, [("/query/where", "json-invalid")]),
    ({"where": "[]"}, [("/query/where", "wrong-type")]),
    ({"where": '{"risks":["X"],"risks":[]}'}, [("/query/where", "repeated-key")]),
    ({"where": '{"or":[{"risks":["NONE"]}]}'}, [("/query/where/or/0/risks/0", "unknown-code")]),
    ({"where": '{"nonsense":1}'}, [("/query/where/nonsense", "unknown-word")]),
    ({"where": '{"institutions":[99999999999999999999]}'}, [("/query/where/institutions/0", "unknown-code")]),
    ({"having": "STUDENTS"}, [("/query/having/0", "not-a-bound")]),
    ({"having": "MONEY:1.."}, [("/query/having/0", "not-a-bound")]),
    ({"having": "STUDENTS:.5.5..1"}, [("/query/having/0", "not-a-number")]),
    ({"having": "STUDENTS:.."}, [("/query/having/0", "empty")]),
    ({"order": "-NOTHING"}, [("/query/order/0", "unknown-code")]),
    ({"order": "REGION"}, [("/query/order/0", "not-grouped-by")]),
    ({"first": "0"}, [("/query/first", "out-of-range")]),
    ({"first": "ten"}, [("/query/first", "not-a-number")]),
    ({"first": ["1", "2"]}, [("/query/first", "duplicate")]),
    ({"totals": "yes"}, [("/query/totals", "wrong-type")]),
    ({"by": "REGION", "subtotals": "RISK"}, [("/query/subtotals", "not-grouped-by")]),
    ({"subtotals": "PLANET"}, [("/query/subtotals/0", "unknown-code")]),
    ({"comparison": "LAST_WEEK"}, [("/query/comparison", "unknown-code")]),
    ({"comparison": "PREVIOUS_SEMESTER"}, [("/query/comparison", "no-time")]),
    ({"regionScheme": "NUTS9"}, [("/query/regionScheme", "unknown-code")]),
    ({"asOf": "20200101"}, [("/query/asOf", "not-a-date")]),
    ({"asOf": "1900-01-01"}, [("/query/asOf", "outside-borders")]),
    ({"participatingOn": "1900-01-01"}, [("/query/participatingOn", "outside-calendar")]),
    (
        {"nonsense": "1", "not.nonsense": "2"},
        [("/query/nonsense", "unknown-parameter"), ("/query/not.nonsense", "unknown-parameter")],
    ),
    ({"students": "1"}, [("/query/students", "unknown-parameter")]),
    ({"by": "SUBJECT", "measures": "INSTITUTIONS_PARTICIPATING"}, [("/query/by/0", "not-for-measure")]),
]


@pytest.mark.parametrize(
    ("asked", "faults"), FAULTS, ids=lambda each: json.dumps(each) if isinstance(each, dict) else ""
)
async def test_a_fault_names_its_place(wrong: Wrong, asked: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    assert await wrong(**asked) == faults


async def test_all_that_cannot_be_read_is_told_at_once(wrong: Wrong) -> None:
    found = await wrong(by="PLANET", first="x", where="{", grades="a", totals="?")
    assert {each for each, _ in found} == {
        "/query/by/0",
        "/query/first",
        "/query/where",
        "/query/grades/0",
        "/query/totals",
    }


async def test_the_format_is_one_of_four(get: Get) -> None:
    assert (await get(format="xlsx")).status_code == 422
    assert (await get(delimiter="tab")).status_code == 422


NAMES = [each["name"] for each in described()]
WORDS = st.text(alphabet=st.sampled_from(list('ABSTUDENRGION_:.,-0129/{}[]"truefals \x00ā')), max_size=24)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(NAMES), WORDS), max_size=6))
def test_whatever_is_sent_is_a_question_or_is_refused(sent: list[tuple[str, str]]) -> None:
    assert all(each.pointer.startswith("/query/") for each in faults_of(sent))


def faults_of(sent: list[tuple[str, str]]) -> tuple[Violation, ...]:
    try:
        read_question(sent)
    except Invalid as error:
        return error.violations
    return ()
