"""An answer in every form: each is read again, and says what JSON says."""

import csv
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from app.api.languages import Language
from app.api.rest.statistics import router
from app.api.rest.statistics.columns import Table
from app.api.rest.statistics.forms import Form, as_csv, as_ndjson, as_parquet
from app.db.export_lines import Delimiter
from app.db.reference import packaged
from app.domain.code_lists import InstitutionKind
from app.domain.ids import InstitutionId
from app.domain.regions import RegionScheme
from app.domain.statistics.answer import Answer, Group, InstitutionName
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.estimates import Estimate, RateEstimate
from app.domain.statistics.names import Names
from app.domain.statistics.query import Query
from tests.domain.released import AUTUMN, released
from tests.statistics.conftest import Figures, Get

pytestmark = pytest.mark.usefixtures("tiny_register")

PARQUET = "application/vnd.apache.parquet"
QUESTIONS: list[dict[str, Any]] = [
    {"by": "SCHOOL_YEAR,INSTITUTION", "measures": "STUDENTS,DELIVERED_HOURS,EUR"},
    {"by": "SUBJECT", "measures": "PLANS,CONSULTATIONS", "totals": "true"},
    {"by": "REGION,SEMESTER", "measures": "PLANS,PLANS_CONTINUED", "totals": "true"},
    {"by": "GRADE,RISK_GROUP", "measures": "STUDENTS"},
    {"by": "DELIVERY_MODE", "measures": "NOT_ATTENDED,INTERVENTIONS", "risks": "LEARNING_DIFFICULTY"},
    {"measures": "INSTITUTIONS_PARTICIPATING", "participatingOn": "2021-09-15"},
    {"by": "INSTITUTION", "institutions": "77777"},
    {"by": "INSTITUTION_KIND,SEMESTER", "measures": "PLANS", "subtotals": ["SEMESTER", "INSTITUTION_KIND"]},
    {"by": "SCHOOL_YEAR", "measures": "STUDENTS,ATTENDANCE_RATE,EUR", "comparison": "PREVIOUS_SCHOOL_YEAR"},
    {
        "by": "SEMESTER,MINORITY_PROGRAMME",
        "measures": "RESOLVED_RATE",
        "totals": "true",
        "comparison": "PREVIOUS_SEMESTER",
    },
    {"by": "MUNICIPALITY", "measures": "PLANS", "asOf": "2021-07-01", "order": "-PLANS"},
    # What they are chosen and ordered by is not shown.
    {"by": "RISK", "measures": "PLANS", "order": "-STUDENTS", "having": "EUR:0..", "totals": "true"},
    {"by": "INSTITUTION_KIND,GRADE", "measures": "PLANS", "withEmpty": "true", "gradeRange": "5..7"},
]
NAMED = {"region", "municipality", "institution", "institution_kind", "risk_group", "risk", "subject", "delivery_mode"}


def flat(answer: Any) -> Iterator[dict[str, Any]]:
    """The rows that JSON says, made without any of the code under test."""
    others = answer["totals"] is not None or answer["subtotals"]
    parts = [("GROUP", answer["groups"])]
    parts += [("SUBTOTAL", each["groups"]) for each in answer["subtotals"]]
    parts += [("TOTAL", [{"key": {}, "values": answer["totals"], "previous": None}])] if answer["totals"] else []
    compares = any(each["previous"] is not None for each in answer["groups"])
    for kind, groups in parts:
        for group in groups:
            row = {"row": kind} if others else {}
            row |= _key(answer, group["key"]) | _values("", group["values"])
            if compares:
                nothing = dict.fromkeys(group["values"])
                row |= _values("previous_", group["previous"] or nothing)
            yield row


def _values(prefix: str, values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name.endswith("_rate"):
            parts = value or dict.fromkeys(("value", "numerator", "denominator", "low", "high"))
            found |= {f"{prefix}{name}" + ("" if part == "value" else f"_{part}"): each for part, each in parts.items()}
        else:
            found[f"{prefix}{name}"] = value
    return found


def _key(answer: Any, key: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in map(str.lower, answer["by"]):
        label = key.get(name) or {"code": None, "name": None}
        found[name] = label["code"]
        if name in NAMED:
            found[f"{name}_name"] = label["name"]
    return found


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
async def test_a_line_for_each_row(get: Get, figures: Figures, question: dict[str, Any]) -> None:
    answer = await get(**question, headers={"Accept": "application/x-ndjson"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in answer.text.splitlines()] == list(flat(await figures(**question)))


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
@pytest.mark.parametrize(("delimiter", "sign"), [("semicolon", ";"), ("comma", ",")])
async def test_a_table(get: Get, figures: Figures, question: dict[str, Any], delimiter: str, sign: str) -> None:
    answer = await get(**question, format="csv", delimiter=delimiter)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n")
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=sign, strict=True))
    wanted = list(flat(await figures(**question)))
    assert [{name: _cell(value, name, sign) for name, value in row.items()} for row in wanted] == rows


def _cell(value: Any, name: str, sign: str) -> str:
    if value is None:
        return ""
    decimal = name.endswith(("hours", "eur", "rate", "low", "high"))
    if decimal and sign == ";":
        return str(value).replace(".", ",")
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
async def test_columns_with_types(get: Get, figures: Figures, question: dict[str, Any]) -> None:
    answer = await get(**question, headers={"Accept": PARQUET})
    assert answer.headers["content-type"] == PARQUET
    table = parquet.read_table(BytesIO(answer.content))
    rows = [{name: _plain(value) for name, value in row.items()} for row in table.to_pylist()]
    assert rows == list(flat(await figures(**question)))
    types = {field.name: field.type for field in table.schema}
    code = pa.dictionary(pa.int32(), pa.string())
    known = {
        "students": pa.int64(),
        "delivered_hours": pa.decimal128(18, 2),
        "region": code,
        "institution": pa.int64(),
        "grade": pa.int64(),
        "school_year": code,
    }
    assert all(types[name] == known[name] for name in types.keys() & known.keys())


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


async def test_a_table_opens_in_a_latvian_spreadsheet(get: Get) -> None:
    answer = await get(by="INSTITUTION", measures="DELIVERED_HOURS", format="csv")
    assert answer.content.startswith(b"\xef\xbb\xbfinstitution;institution_name;delivered_hours\r\n")
    assert "Ērgļu skola" in answer.text
    assert ";6,50\r\n" in answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="statistics-2021-11-15.csv"')


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'quoted", "A;B", 'He said "no"'])
def test_a_name_is_not_calculated(name: str) -> None:
    school = InstitutionName(id=InstitutionId(1), name=name, kind=InstitutionKind.GENERAL, sort_key="")
    query = Query(by=(Dimension.INSTITUTION,), measures=frozenset({Measure.EUR}))
    group = Group(key=(school,), values={Measure.EUR: Decimal("-1.50")})
    answer = Answer(by=query.by, groups=(group,), totals={})
    table = Table(query, answer, Names(reference=packaged(), scheme=RegionScheme.PLANNING), Language.LV)
    text = as_csv(table, Delimiter.SEMICOLON).decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text, newline=""), delimiter=";", strict=True)
    # A number is no formula, also where it is below zero.
    assert row == {
        "institution": "1",
        "institution_name": f"'{name}" if name[0] in "=+-@\t'" else name,
        "eur": "-1,50",
    }
    assert json.loads(as_ndjson(table))["institution_name"] == name


def test_an_error_of_any_size_has_its_column() -> None:
    part = Estimate(value=66, standard_error=Decimal("80.5"), small=False)
    rate = RateEstimate(numerator=part, denominator=part, value=Decimal(1), standard_error=Decimal("21.2594"))
    query = Query(by=(), measures=frozenset({Measure.RESOLVED_RATE}))
    group = Group(key=(), values={Measure.RESOLVED_RATE: rate})
    answer = Answer(by=(), groups=(group,), totals={}, releases=(released(AUTUMN).release,))
    table = Table(query, answer, Names(reference=packaged(), scheme=RegionScheme.PLANNING), Language.EN)
    [row] = parquet.read_table(BytesIO(as_parquet(table))).to_pylist()
    assert row["resolved_rate_standard_error"] == Decimal("21.2594")


async def test_what_is_named_in_the_address_goes_before_accept(get: Get) -> None:
    answer = await get(format="json", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "application/json"
    for accept in ("*/*", "text/html", "application/json;q=0.1"):
        assert (await get(headers={"Accept": accept})).headers["content-type"] == "application/json"


@pytest.mark.parametrize("form", Form)
async def test_while_an_answer_is_written_others_are_answered(
    get: Get, monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    """One of thousands of groups takes a second or more: not in the thread that answers everybody."""
    threads: list[threading.Thread] = []
    writes = getattr(router, f"as_{form}")

    def write(*about: Any) -> bytes:
        threads.append(threading.current_thread())
        return bytes(writes(*about))

    monkeypatch.setattr(router, f"as_{form}", write)
    assert (await get(by="GRADE", measures="PLANS", first="7", format=form)).is_success
    assert [each is threading.main_thread() for each in threads] == [False]
