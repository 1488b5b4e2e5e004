"""One question, asked in an address and in a document: the figures are the same."""

import json
import re
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import httpx
import pytest

from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Coding, Dimension, Measure
from tests.graphql.tiny_register import AGLONA, COLLEGE, MADONA
from tests.statistics.conftest import Get

pytestmark = pytest.mark.usefixtures("tiny_register")

CODES: dict[Dimension, list[Any]] = {
    Dimension.INSTITUTION: [MADONA, COLLEGE, AGLONA],
    Dimension.SEMESTER: ["2019-2", "2020-1", "2020-2", "2021-1"],
    Dimension.SCHOOL_YEAR: ["2019/20", "2020/21", "2021/22"],
    Dimension.INSTITUTION_KIND: ["GENERAL", "VOCATIONAL"],
    Dimension.GRADE: [2, 5, 7, 8, 9],
    Dimension.RISK: ["LOW_ACHIEVEMENT", "LEARNING_DIFFICULTY", "FAMILY_CONFLICT"],
    Dimension.DELIVERY_MODE: ["IN_PERSON", "REMOTE"],
    Dimension.MUNICIPALITY: ["0038000", "0001000", "0700200"],
}
RANGES = (Dimension.SEMESTER, Dimension.SCHOOL_YEAR, Dimension.GRADE)


def question(random: Random) -> dict[str, Any]:
    """What both are asked: dimensions, measures, a tree of conditions, and whether the period before is compared."""
    by = random.sample(list(Dimension), random.randint(0, 3))
    tree = filter_of(random, depth=random.randint(0, 2))
    used = {*by, *named(tree)}
    allowed = [each for each in Measure if used <= MEASURES[each].dimensions]
    if not allowed:
        return question(random)
    measures = random.sample(allowed, min(len(allowed), random.randint(1, 4)))
    return {"by": by, "measures": measures, "where": tree}


def filter_of(random: Random, depth: int) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for dimension in random.sample(list(CODES), random.randint(1, 2)):
        definition, codes = DIMENSIONS[dimension], CODES[dimension]
        if dimension in RANGES and random.random() < 0.4:
            low, high = sorted(random.sample(codes, 2))
            tree[str(definition.range_name)] = {"from": low, "to": high}
        else:
            tree[definition.filter_name] = random.sample(codes, random.randint(1, len(codes)))
    if depth:
        word = random.choice(("or", "and", "not"))
        tree[word] = filter_of(random, depth - 1) if word == "not" else [filter_of(random, depth - 1) for _ in range(2)]
    return tree


def named(tree: dict[str, Any]) -> set[Dimension]:
    words = re.findall(r'"(\w+)"', json.dumps(tree))
    return {each.code for each in DIMENSIONS.values() if {each.filter_name, each.range_name} & set(words)}


def camel(code: str) -> str:
    first, *others = code.lower().split("_")
    return first + "".join(map(str.capitalize, others))


RATE = "{ value numerator denominator low high }"
PARTS = {Coding.CODE_LIST: "{ code }", Coding.REGION: "{ code }", Coding.MUNICIPALITY: "{ code }"}
PARTS |= {Coding.INSTITUTION: "{ id }", Coding.SEMESTER: "{ code }"}


def document(asked: dict[str, Any]) -> str:
    keys = " ".join(f"{camel(each)} {PARTS.get(DIMENSIONS[each].coding, '')}" for each in asked["by"])
    values = " ".join(f"{camel(each)} {RATE if MEASURES[each].share else ''}" for each in asked["measures"])
    key = f"key {{ {keys} }}" if keys else ""
    return (
        "query Figures($by: [Dimension!]!, $where: StatisticsFilter) { statistics(by: $by, where: $where) {"
        f" groups {{ {key} {values} }} totals {{ {values} }} }} }}"
    )


def of_graphql(asked: dict[str, Any], told: Any) -> Any:
    def code(value: Any) -> Any:
        return value if not isinstance(value, dict) else value.get("code", value.get("id"))

    def values(found: Any) -> dict[str, Any]:
        return {each.lower(): exact(found[camel(each)]) for each in asked["measures"]}

    groups = [
        ([code(each["key"][camel(dimension)]) for dimension in asked["by"]], values(each)) for each in told["groups"]
    ]
    return groups, values(told["totals"])


def exact(value: Any) -> Any:
    """Shares have four decimals; GraphQL has them as numbers."""
    if isinstance(value, dict):
        return {name: exact(part) for name, part in value.items()}
    return f"{value:.4f}" if isinstance(value, float) else value


def of_rest(asked: dict[str, Any], told: Any) -> Any:
    def code(label: Any) -> Any:
        return None if label is None else label["code"]

    groups = [
        ([code(each["key"][dimension.lower()]) for dimension in asked["by"]], each["values"]) for each in told["groups"]
    ]
    return groups, told["totals"]


@pytest.mark.parametrize("seed", range(60))
async def test_the_same_question_has_the_same_figures(
    get: Get, post: Callable[..., Awaitable[httpx.Response]], seed: int
) -> None:
    asked = question(Random(seed))
    answer = (await post(document(asked), by=asked["by"], where=asked["where"])).json()
    assert "errors" not in answer, answer
    words = {name: value for name, value in asked["where"].items() if name not in ("and", "or", "not")}
    plain = {
        name: f"{value['from']}..{value['to']}" if isinstance(value, dict) else ",".join(map(str, value))
        for name, value in words.items()
    }
    tree = {name: value for name, value in asked["where"].items() if name not in words}
    said = {**plain, **({"where": json.dumps(tree)} if tree else {})}
    found = await get(by=asked["by"], measures=asked["measures"], totals="true", also=said)
    assert found.status_code == httpx.codes.OK, found.text
    assert of_rest(asked, found.json()) == of_graphql(asked, answer["data"]["statistics"])


DAYS = {"2021-02-01": True, "20210201": False, "2021-W05-1": False, "2021-02-01T00:00": False}
NUMBERS = {"1": True, "0.5": True, "-1": True, " 1_0 ": False, "\u0663": False, "1e1": False, ".5": False, "NaN": False}


@pytest.mark.parametrize("written", DAYS)
async def test_a_day_is_read_alike(get: Get, post: Callable[..., Awaitable[httpx.Response]], written: str) -> None:
    asked = "query Borders($day: Date) { statistics(asOf: $day) { totals { plans } } }"
    assert ("errors" not in (await post(asked, day=written)).json()) is DAYS[written]
    literal = f'{{ statistics(where: {{participatingOn: "{written}"}}) {{ totals {{ plans }} }} }}'
    answer = (await post(literal)).json()
    assert ("errors" not in answer) is DAYS[written]
    codes = [each["extensions"]["code"] for each in answer.get("errors", [])]
    assert codes == ([] if DAYS[written] else ["invalid-document"]), "and not an error of ours"
    for also in ({"asOf": written}, {"where": json.dumps({"participatingOn": written})}):
        assert ((await get(also=also)).status_code == httpx.codes.OK) is DAYS[written]


@pytest.mark.parametrize("written", NUMBERS)
async def test_a_number_is_read_alike(get: Get, post: Callable[..., Awaitable[httpx.Response]], written: str) -> None:
    asked = (
        "query Most($least: Decimal) { statistics(having: [{measure: PLANS, atLeast: $least}]) { groups { plans } } }"
    )
    answer = (await post(asked, least=written)).json()
    assert ("errors" not in answer) is NUMBERS[written]
    assert ((await get(having=f"PLANS:{written}..")).status_code == httpx.codes.OK) is NUMBERS[written]


async def test_numbers_of_a_document_are_numbers(post: Callable[..., Awaitable[httpx.Response]]) -> None:
    for least in ("1", "0.5", "1e0", "0"):
        answer = await post(
            f"{{ statistics(having: [{{measure: PLANS, atLeast: {least}}}]) {{ groups {{ plans }} }} }}"
        )
        assert "errors" not in answer.json(), least
    answer = await post("{ statistics(having: [{measure: PLANS, atLeast: true}]) { groups { plans } } }")
    assert answer.json()["errors"][0]["extensions"]["code"] == "invalid-document"
