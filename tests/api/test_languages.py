"""In which language somebody is told what is wrong, and that every code has its sentence."""

import ast
import csv
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core.core_schema import ErrorType

from app.api.languages import Language, accepted_language, sentence, worded
from app.db.constraints import REFUSALS

APP = Path(__file__).parents[2] / "app"
SENTENCES = APP / "api" / "sentences_lv.csv"
PLAIN = APP / "api" / "sentences_en.csv"
CODE_POSITION = {"violation": 1, "wrong": 1, "PydanticCustomError": 0, "answer": 1, "_fault": 1, "_one": 2}
"""Where a code stands that is not given by name."""
NAMED = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""How a code is written: what is named otherwise by `code=` is of a code list, or of a municipality."""
FILLED_IN = {"not-a-{noun}": ("not-a-semester", "not-a-school-year")}
"""Codes of which a part is filled in, and what they come to."""
OF_PYTHON_ALONE = {
    "callable-type",
    "complex-str-parsing",
    "complex-type",
    "dataclass-exact-type",
    "default-factory-not-called",
    "ellipsis-error",
    "frozen-field",
    "frozen-instance",
    "get-attribute-error",
    "is-instance-of",
    "is-subclass-of",
    "iteration-error",
    "missing-argument",
    "missing-keyword-only-argument",
    "missing-positional-only-argument",
    "missing-sentinel-error",
    "multiple-argument-values",
    "needs-python-object",
    "no-such-attribute",
    "set-item-not-hashable",
    "unexpected-keyword-argument",
    "unexpected-positional-argument",
}
"""What pydantic finds wrong with objects and calls of Python, and with nothing that JSON can say."""


def codes_in(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Call():
                yield from of_call(node)
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                yield code
            case _:
                pass


def of_call(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    position = CODE_POSITION.get(name)
    placed = call.args[position : position + 1] if position is not None else []
    for said in (*placed, *(each.value for each in call.keywords if each.arg == "code")):
        if isinstance(said, ast.Constant):
            yield from [str(said.value)] if NAMED.fullmatch(str(said.value)) else []
        elif isinstance(said, ast.JoinedStr):
            yield from FILLED_IN[ast.unparse(said)[2:-1]]


def sentences() -> dict[str, str]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["sentence"] for row in csv.DictReader(file, strict=True)}


def test_the_codes_are_found() -> None:
    modules = chain.from_iterable((APP / layer).rglob("*.py") for layer in ("domain", "db", "api"))
    found = set(chain.from_iterable(map(codes_in, modules)))
    assert {"unknown-code", "not-a-semester", "stale-version", "one-line", "content-too-large", "etag"} <= found


@pytest.mark.parametrize("layer", ["domain", "db", "api", "cli"])
def test_every_code_of_the_register_has_a_sentence(layer: str) -> None:
    found = set(chain.from_iterable(map(codes_in, (APP / layer).rglob("*.py"))))
    assert not found - sentences().keys(), "write what they mean into app/api/sentences_lv.csv"


def test_every_constraint_has_a_sentence() -> None:
    assert not {code for code, _ in REFUSALS.values()} - sentences().keys()


def test_every_error_that_pydantic_finds_in_json_has_a_sentence() -> None:
    raised = {each.replace("_", "-") for each in get_args(ErrorType)}
    assert raised >= OF_PYTHON_ALONE
    assert not raised - OF_PYTHON_ALONE - sentences().keys()


def test_no_sentence_is_for_a_code_that_nobody_gives() -> None:
    given = set(chain.from_iterable(map(codes_in, APP.rglob("*.py"))))
    given |= {code for code, _ in REFUSALS.values()} | {each.replace("_", "-") for each in get_args(ErrorType)}
    assert not sentences().keys() - given


def test_plain_english_is_for_what_pydantic_finds() -> None:
    """What a rule of the register has found is told in its own words."""
    with PLAIN.open(encoding="utf-8", newline="") as file:
        plain = {row["code"] for row in csv.DictReader(file, strict=True)}
    assert not plain - {each.replace("_", "-") for each in get_args(ErrorType)}


@pytest.mark.parametrize("file", [SENTENCES, PLAIN], ids=lambda each: each.name)
def test_sentences_are_sentences(file: Path) -> None:
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines(), strict=True))
    assert rows[0] == ["code", "sentence"]
    assert rows[1:] == sorted(rows[1:]), "in the order of their codes"
    assert len({code for code, _ in rows}) == len(rows)
    for code, said in rows[1:]:
        assert said[0].isupper(), code
        assert said.endswith("."), code
        assert said == said.strip(), code


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, Language.EN),
        ("", Language.EN),
        ("lv", Language.LV),
        ("LV", Language.LV),
        ("lv-LV", Language.LV),
        ("lv-LV,lv;q=0.9,en;q=0.8,ru;q=0.7", Language.LV),
        ("en-GB,en;q=0.9,lv;q=0.8", Language.EN),
        ("en;q=0.3, lv;q=0.7", Language.LV),
        ("de, lv;q=0.1", Language.LV),
        ("de", Language.EN),
        ("*", Language.EN),
        ("en;q=0, *", Language.LV),
        ("lv;q=0", Language.EN),
        ("lv;q=0, en;q=0", Language.EN),
        ("lv;q=0.5, *", Language.EN),
        ("lv;q=0.5, en;q=0.5", Language.LV),
        ("en, lv", Language.EN),
        ("lv ; q=1 , en ; q=0.2", Language.LV),
        ("lv;q=2", Language.EN),
        ("lv;q=much", Language.EN),
        (";,lv;;", Language.EN),
        ("," * 10_000 + "lv", Language.EN),
    ],
)
def test_the_language_that_is_preferred_most(header: str | None, language: Language) -> None:
    assert accepted_language(header) is language


@given(st.text())
def test_any_header_is_answered_in_some_language(header: str) -> None:
    assert accepted_language(header) in list(Language)


def test_a_code_in_latvian_and_in_english() -> None:
    english = "A plan covers 2020-1: from 2020-09-01 to 2020-12-31."
    assert sentence("outside-semester", Language.LV, english) == "Diena ir ārpus norādītā semestra."
    assert sentence("outside-semester", Language.EN, english) == english


def test_a_code_that_is_not_known_is_told_in_english_rather_than_not_at_all() -> None:
    assert sentence("of-another-version", Language.LV, "Something else.") == "Something else."


def test_what_pydantic_finds_is_told_plainly_where_there_is_a_sentence() -> None:
    assert worded("date-type", "Input should be a valid date") == "A date is written like 2021-09-30."
    assert worded("less-than-equal", "Input should be at most 12") == "Input should be at most 12"
