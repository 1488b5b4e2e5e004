"""What cannot be read or has no answer is refused, with all that is wrong and where it was said."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.rest.statistics.parameters import described
from app.api.rest.statistics.question import read_question
from app.db.reference import packaged
from app.domain.errors import Invalid, Violation
from tests.statistics.conftest import Get

Wrong = Callable[..., Awaitable[list[tuple[str, str]]]]

FAULTS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"by": "REGION,PLANET"}, [("/query/by/1", "unknown-name")]),
    ({"by": "REGION,,RISK"}, [("/query/by/1", "empty")]),
    ({"by": "REGION,REGION"}, [("/query/by/1", "duplicate")]),
    ({"by": "REGION,RISK,GRADE,SEMESTER,SUBJECT"}, [("/query/by", "too-many-dimensions")]),
    ({"measures": "STUDENTS,MONEY"}, [("/query/measures/1", "unknown-name")]),
    ({"risks": "NONE"}, [("/query/risks/0", "unknown-code")]),
    ({"grades": "5,x"}, [("/query/grades/1", "wrong-type")]),
    ({"institutions": "99999999999"}, [("/query/institutions/0", "wrong-type")]),
    ({"institutions": "9999999999"}, [("/query/institutions/0", "unknown-code")]),
    ({"gradeRange": "5-9"}, [("/query/gradeRange", "not-a-range")]),
    ({"also": {"not.gradeRange": "5"}}, [("/query/not.gradeRange", "not-a-range")]),
    ({"gradeRange": ".."}, [("/query/gradeRange", "empty")]),
    ({"gradeRange": "9..5"}, [("/query/gradeRange", "wrong-way-round")]),
    ({"semesterRange": "2020-1..2020-3"}, [("/query/semesterRange/to", "unknown-code")]),
    ({"also": {"not.risks": "NONE"}}, [("/query/not.risks/0", "unknown-code")]),
    ({"minorityProgramme": "maybe"}, [("/query/minorityProgramme", "wrong-type")]),
    ({"where": "{"}, [("/query/where", "json-invalid")]),
    ({"where": "[]"}, [("/query/where", "wrong-type")]),
    ({"where": '{"risks":["X"],"risks":[]}'}, [("/query/where", "repeated-key")]),
    ({"where": r'{"regions":["\ud800"]}'}, [("/query/where", "json-invalid")]),
    ({"where": r'{"\udfff":[]}'}, [("/query/where", "json-invalid")]),
    ({"where": '{"or":[{"risks":["NONE"]}]}'}, [("/query/where/or/0/risks/0", "unknown-code")]),
    ({"where": '{"nonsense":1}'}, [("/query/where/nonsense", "unknown-word")]),
    ({"where": '{"institutions":[99999999999999999999]}'}, [("/query/where/institutions/0", "unknown-code")]),
    ({"having": "STUDENTS"}, [("/query/having/0", "not-a-bound")]),
    ({"having": "MONEY:1.."}, [("/query/having/0", "unknown-name")]),
    ({"having": "STUDENTS:.5.5..1"}, [("/query/having/0", "not-a-number")]),
    ({"having": "STUDENTS:.."}, [("/query/having/0", "empty")]),
    ({"order": "-NOTHING"}, [("/query/order/0", "unknown-name")]),
    ({"order": "REGION"}, [("/query/order/0", "not-grouped-by")]),
    ({"first": "0"}, [("/query/first", "out-of-range")]),
    ({"first": "ten"}, [("/query/first", "not-a-number")]),
    ({"first": ["1", "2"]}, [("/query/first", "duplicate")]),
    ({"totals": "yes"}, [("/query/totals", "wrong-type")]),
    ({"by": "REGION", "subtotals": "RISK"}, [("/query/subtotals", "not-grouped-by")]),
    (
        {"by": "RISK", "subtotals": ["RISK", "PLANET,RSK"]},
        [("/query/subtotals/1/0", "unknown-name"), ("/query/subtotals/1/1", "unknown-name")],
    ),
    ({"comparison": "LAST_WEEK"}, [("/query/comparison", "enum")]),
    ({"comparison": "PREVIOUS_SEMESTER"}, [("/query/comparison", "no-time")]),
    ({"regionScheme": "NUTS9"}, [("/query/regionScheme", "enum")]),
    ({"regionScheme": "NUTS9", "regions": "LV005"}, [("/query/regionScheme", "enum")]),
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


async def test_all_faults_of_an_address_are_told_at_once(wrong: Wrong) -> None:
    """Names, dates and codes, the parameters that there are not, and those of the form."""
    found = await wrong(
        by="PLANET,REGION,REGION",
        measures="HOURS",
        asOf="yesterday",
        grades="a,99,5",
        first="0",
        order="-FOO,REGION",
        where="{",
        format="xlsx",
        also={"not.kind": "X", "not.kinds": "Y", "schoolYears": "2020/2021"},
    )
    assert set(found) == {
        ("/query/by/0", "unknown-name"),
        ("/query/by/2", "duplicate"),
        ("/query/measures/0", "unknown-name"),
        ("/query/asOf", "not-a-date"),
        ("/query/grades/0", "wrong-type"),
        ("/query/grades/1", "unknown-code"),
        ("/query/first", "out-of-range"),
        ("/query/order/0", "unknown-name"),
        ("/query/where", "json-invalid"),
        ("/query/format", "enum"),
        ("/query/not.kind", "unknown-parameter"),
        ("/query/not.kinds/0", "unknown-code"),
        ("/query/schoolYears/0", "unknown-code"),
    }


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"gradesRange": "5..9"}, "This operation has no such parameter. Did you mean gradeRange?"),
        ({"not.kind": "GENERAL"}, "This operation has no such parameter. Did you mean not.kinds?"),
        ({"by": "RGION"}, "There is no such dimension. Did you mean REGION? There are REGION, MUNICIPALITY, "),
        ({"measures": "STUDENT"}, "There is no such measure. Did you mean STUDENTS? There are STUDENTS, PLANS, "),
        ({"order": "-grade"}, "There is no such measure or dimension. Did you mean GRADE? There are STUDENTS, "),
        ({"gradeRange": "5-9"}, "A range is written 5..9; either end may be left out."),
        ({"not.semesterRange": "2020"}, "A range is written 2019-1..2020-2; either end may be left out."),
    ],
    ids=str,
)
async def test_what_was_probably_meant_is_named_and_how_it_is_written(
    get: Get, asked: dict[str, str], said: str
) -> None:
    (fault,) = (await get(also=asked)).json()["violations"]
    assert fault["message"].startswith(said)


async def test_in_latvian_a_wrong_name_is_no_code_of_a_day(get: Get) -> None:
    (fault,) = (await get(by="RGION", headers={"Accept-Language": "lv"})).json()["violations"]
    assert fault["message"].startswith("Šāda rādītāja vai griezuma nav")
    assert "Did you mean REGION?" in fault["detail"]


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
        read_question(sent, packaged())
    except Invalid as error:
        return error.violations
    return ()
