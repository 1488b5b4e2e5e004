"""Figures for notebooks: keyword arguments become an address, and the answer rows and data frames, exact to the cent."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.client import AsyncRegisterClient, FixedToken, MissingLibrary, Problem, RegisterClient, Statistics
from app.client.statistics import KEPT
from tests.client.fake import ADDRESS, problem

TAG = '"tag-1"'
ANSWER: dict[str, Any] = {
    "by": ["REGION", "MINORITY_PROGRAMME"],
    "measures": ["STUDENTS", "DELIVERED_HOURS", "ATTENDANCE_RATE"],
    "groups": [
        {
            "key": {"region": {"code": "PR-RIGA", "name": "Rīga"}, "minority_programme": {"code": True, "name": "yes"}},
            "values": {
                "students": 12,
                "delivered_hours": "10432.50",
                "attendance_rate": {
                    "value": "0.9",
                    "numerator": 9,
                    "denominator": 10,
                    "low": "0.5958",
                    "high": "0.9821",
                },
            },
            "margins": None,
            "previous": {"students": 11, "delivered_hours": "0.10", "attendance_rate": None},
        },
        {
            "key": {"region": None, "minority_programme": {"code": False, "name": "no"}},
            "values": {
                "students": 0,
                "delivered_hours": "0.00",
                "attendance_rate": {"value": None, "numerator": 0, "denominator": 0, "low": None, "high": None},
            },
            "margins": None,
            "previous": None,
        },
    ],
    "source": "EXACT",
    "releases": [],
    "totals_margins": None,
    "totals": {"students": 12, "delivered_hours": "10432.50"},
    "subtotals": [{"by": ["REGION"], "groups": []}],
    "page": {"group_count": 2, "has_next": False, "end_cursor": None},
}


class Asked:
    """Answers, and remembers what was asked."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.headers.get("if-none-match") == TAG:
            return httpx.Response(304, headers={"etag": TAG})
        return httpx.Response(200, json=ANSWER, headers={"etag": TAG})


Ask = Callable[..., Any]


@pytest.fixture(params=["threads", "asyncio"])
def ask(request: pytest.FixtureRequest) -> Callable[[Any], Ask]:
    """One client, to be asked several times."""

    def speaking(handler: Any) -> Ask:
        transport = httpx.MockTransport(handler)
        if request.param == "threads":
            threads = RegisterClient(ADDRESS, FixedToken("t"), http=httpx.Client(transport=transport))

            async def ask_threads(**asked: Any) -> Statistics:
                return threads.statistics(**asked)

            return ask_threads
        return AsyncRegisterClient(ADDRESS, FixedToken("t"), http=httpx.AsyncClient(transport=transport)).statistics

    return speaking


@pytest.fixture
async def found(ask: Callable[[Any], Ask]) -> Statistics:
    statistics: Statistics = await ask(Asked())(by=["REGION"])
    return statistics


@pytest.mark.parametrize("word", ["explain", "format", "delimiter"])
async def test_words_of_addresses_alone_are_refused_before_anything_is_sent(
    ask: Callable[[Any], Ask], word: str
) -> None:
    asked = Asked()
    with pytest.raises(TypeError, match=f"takes no {word}"):
        await ask(asked)(by="REGION", **{word: "x"})
    assert asked.requests == []


async def test_the_answer_is_rows(found: Statistics) -> None:
    first, second = found.rows
    assert first == {
        "region": "PR-RIGA",
        "region_name": "Rīga",
        "minority_programme": True,
        "minority_programme_name": "yes",
        "students": 12,
        "delivered_hours": Decimal("10432.50"),
        "attendance_rate": Decimal("0.9"),
        "attendance_rate_numerator": 9,
        "attendance_rate_denominator": 10,
        "attendance_rate_low": Decimal("0.5958"),
        "attendance_rate_high": Decimal("0.9821"),
        "previous_students": 11,
        "previous_delivered_hours": Decimal("0.10"),
        "previous_attendance_rate": None,
    }
    assert (second["region"], second["region_name"], second["attendance_rate"]) == (None, None, None)
    assert found.totals == {"students": 12, "delivered_hours": Decimal("10432.50")}
    assert [each.by for each in found.subtotals] == [("REGION",)]
    assert (found.by, found.group_count, found.has_next, found.etag) == (
        ("REGION", "MINORITY_PROGRAMME"),
        2,
        False,
        TAG,
    )
    assert not found.unchanged


async def test_figures_of_releases_say_how_sure_they_are(ask: Callable[[Any], Ask]) -> None:
    group = {
        "key": {"region": {"code": "PR-RIGA", "name": "Rīga"}},
        "values": {"plans": 120, "students": None},
        "margins": {
            "plans": {"standard_error": "4.472", "small": False},
            "students": {"standard_error": "4.472", "small": True},
        },
        "previous": None,
    }
    told = ANSWER | {
        "groups": [group],
        "source": "RELEASES",
        "releases": [{"id": "0197a3f0-5b1c-7c43-8a2e-5d1f0c9b7e21", "number": 1, "semester": "2020-1"}],
        "totals": group["values"],
        "totals_margins": group["margins"],
    }
    found = await ask(lambda _: httpx.Response(200, json=told))(by="REGION", totals=True)
    figures = {
        "plans": 120,
        "students": None,
        "plans_standard_error": Decimal("4.472"),
        "plans_small": False,
        "students_standard_error": Decimal("4.472"),
        "students_small": True,
    }
    assert found.rows == ({"region": "PR-RIGA", "region_name": "Rīga"} | figures,)
    assert found.totals == figures
    frame = found.dataframe()
    assert list(frame.columns) == ["region", "region_name", *figures]
    assert frame["students"].isna().tolist() == [True]
    assert frame["students_small"].tolist() == [True]
    assert (found.source, found.releases) == ("RELEASES", ("0197a3f0-5b1c-7c43-8a2e-5d1f0c9b7e21",))


async def test_asked_again_it_costs_the_register_nothing(ask: Callable[[Any], Ask]) -> None:
    asked = Asked()
    statistics = ask(asked)
    first = await statistics(by="REGION")
    again = await statistics(by="REGION")
    assert again.unchanged
    assert again.rows is first.rows
    await statistics(by="RISK")
    assert [each.headers.get("if-none-match") for each in asked.requests] == [None, TAG, None]
    for number in range(KEPT):
        await statistics(institutions=number)
    await statistics(by="REGION")
    assert asked.requests[-1].headers.get("if-none-match") is None, "what was asked least recently is forgotten"


async def test_of_large_answers_few_are_kept(ask: Callable[[Any], Ask], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    statistics = ask(asked)
    rows = len((await statistics(by="REGION")).rows)
    monkeypatch.setattr("app.client.statistics.ROWS_KEPT", 2 * rows)
    for by in ("RISK", "GRADE", "RISK", "REGION"):
        await statistics(by=by)
    assert [each.headers.get("if-none-match") for each in asked.requests] == [None, None, None, TAG, None]


async def test_an_answer_that_has_changed_was_asked_for_last_all_the_same(
    ask: Callable[[Any], Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.client.statistics.KEPT", 2)
    sent: list[str | None] = []

    def changing(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("if-none-match"))
        return httpx.Response(200, json=ANSWER, headers={"etag": f'"{len(sent)}"'})

    statistics = ask(changing)
    for by in ("REGION", "RISK", "REGION", "GRADE", "REGION"):
        await statistics(by=by)
    assert sent == [None, None, '"1"', None, '"3"']


async def test_a_refusal_says_what_is_wrong(ask: Callable[[Any], Ask]) -> None:
    with pytest.raises(Problem) as refused:
        await ask(lambda _: problem(422, "invalid-data"))(by="REGION")
    assert refused.value.code == "invalid-data"


async def test_a_frame_of_pandas(found: Statistics) -> None:
    frame = found.dataframe()
    assert list(frame.columns)[:3] == ["region", "region_name", "minority_programme"]
    assert frame["delivered_hours"].tolist() == [Decimal("10432.50"), Decimal("0.00")]
    assert frame["delivered_hours"].sum() == Decimal("10432.50")
    assert str(frame["students"].dtype) == "Int64"
    assert str(frame["minority_programme"].dtype) == "boolean"
    assert frame["previous_students"].isna().tolist() == [False, True]
    assert frame["region"].isna().tolist() == [False, True]


async def test_a_frame_of_polars(found: Statistics) -> None:
    frame = found.dataframe(library="polars")
    assert frame["delivered_hours"].to_list() == [Decimal("10432.50"), Decimal("0.00")]
    assert str(frame.schema["delivered_hours"]) == "Decimal(precision=38, scale=2)"
    assert frame["attendance_rate_low"].to_list() == [Decimal("0.5958"), None]
    assert frame["students"].sum() == 12
    assert frame["region"].to_list() == ["PR-RIGA", None]
    assert frame["previous_attendance_rate"].null_count() == 2


async def test_nothing_is_a_frame_without_rows(found: Statistics) -> None:
    empty = Statistics(
        rows=(),
        totals=None,
        subtotals=(),
        by=(),
        measures=(),
        group_count=0,
        has_next=False,
        end_cursor=None,
        etag="",
        source="EXACT",
        releases=(),
    )
    assert len(empty.dataframe()) == 0
    assert len(empty.dataframe("polars")) == 0
    with pytest.raises(ValueError, match="of pandas or polars, not of excel"):
        found.dataframe("excel")


@pytest.mark.parametrize("library", ["pandas", "polars"])
async def test_a_library_that_is_not_there_is_named(
    found: Statistics, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str, *_: Any) -> Any:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("app.client.frames.import_module", absent)
    with pytest.raises(MissingLibrary, match=f"pip install {library}$"):
        found.dataframe(library)
