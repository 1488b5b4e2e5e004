"""Several questions in one document, each as somebody else would write it, and what their answers tell."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from graphql import GraphQLInputType, ast_from_value, build_schema, print_ast

from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Coding, Dimension, Measure
from tests.attack.pairs.question import Known, Question
from tests.attack.pairs.told import PAGE, PLAIN, RATE, ROWS, Row, Told, text, written
from tests.attack.pairs.words import Tree, Words
from tests.matrix.asgi import Answer, Request

_SCHEMA: Final = build_schema((Path(__file__).parents[3] / "openapi" / "schema.graphql").read_text(encoding="utf-8"))
_FILTER: Final[GraphQLInputType] = _SCHEMA.type_map["StatisticsFilter"]  # type: ignore[assignment]  # it is one
_NAMED: Final = frozenset({Coding.CODE_LIST, Coding.REGION, Coding.MUNICIPALITY, Coding.SEMESTER})
_DEFAULTS: Final = ("regionScheme: PLANNING", "withEmpty: false", "asOf: null", "comparison: null")
_RATE: Final = "{ value numerator denominator low high }"
_MARGINS: Final = "margins { measure standardError small }"
_LITERAL: Final = re.compile(r"[\w/.-]+")
_TOKEN: Final = re.compile(r"[\w/.-]+|[^\w\s\",]")
_MOST, _MOST_TOKENS = 180, 650
"""Values and tokens that one document may hold, as they are counted here: some below what the register takes."""


def camel(code: str) -> str:
    first, *others = code.lower().split("_")
    return first + "".join(map(str.capitalize, others))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """Of what stands in a document beside what else."""

    literals: int = 0
    values: int = 0
    tokens: int = 0

    def beside(self, other: "_Size") -> "_Size":
        return _Size(
            literals=self.literals + other.literals,
            values=self.values + other.values,
            tokens=self.tokens + other.tokens,
        )

    @property
    def fits(self) -> bool:
        return max(self.literals, self.values) <= _MOST and self.tokens <= _MOST_TOKENS


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A question as a field of a document. `names`: what measures are called in it; `plain`: it says what it wants in the one usual way,
    so that others that do so have the same bytes.
    """

    name: str
    question: Question
    text: str
    fragment: str
    literals: int
    variables: Mapping[str, tuple[str, Any]]
    by: tuple[Dimension, ...]
    names: Mapping[Measure, str]
    plain: bool

    @property
    def size(self) -> _Size:
        return _Size(
            literals=self.literals,
            values=sum(len(_LITERAL.findall(json.dumps(value))) for _, value in self.variables.values()),
            # Each variable is declared, too.
            tokens=len(_TOKEN.findall(f"{self.text} {self.fragment}")) + 8 * len(self.variables),
        )

    @property
    def words(self) -> str:
        return f"{self.text} {json.dumps({name: value for name, (_, value) in self.variables.items()})}"

    def told(self, part: Any) -> Told:
        rows = [self._row("GROUP", each) for each in part["groups"]]
        rows += [self._row("SUBTOTAL", each) for each in part.get("subtotals", ())]
        rows += [self._row("TOTAL", part["totals"])] if "totals" in part else []
        by, page = ",".join(each.lower() for each in self.by), part["pageInfo"]
        parts = {
            ROWS: written(rows, in_any_order=self.question.in_any_order),
            f"{PAGE} by {by}": json.dumps([part["groupCount"], page["hasNextPage"], page["endCursor"]]).encode(),
        }
        if self.plain:
            parts[f"graphql by {by}"] = json.dumps(part).encode()
        return Told(parts=parts, next_page=page["endCursor"] if page["hasNextPage"] else None)

    def _row(self, kind: str, group: Any) -> Row:
        margins = {each["measure"]: each for each in group["margins"]}
        figures = {}
        for measure, name in self.names.items():
            value, margin = group[name], margins[measure]
            parts = dict.fromkeys(RATE[:5]) | (value or {}) if MEASURES[measure].share else {PLAIN[0]: value}
            figures[measure.lower()] = {each: text(found) for each, found in parts.items()} | {
                "standard_error": text(margin["standardError"]),
                "small": text(margin["small"]),
            }
        key = group.get("key", {})
        return kind, {each.lower(): _code(key.get(camel(each))) for each in self.by}, figures


def _code(label: Any) -> str | None:
    return text(label["code"] if isinstance(label, dict) else label)


def a_field(chance: Random, question: Question, known: Known, name: str) -> Field:
    by = list(question.by)
    if question.in_any_order:
        chance.shuffle(by)
    plain = chance.random() < 0.5
    measures = [each for each in MEASURES if each in question.measures]
    if not plain:
        chance.shuffle(measures)
    names = {each: camel(each) if plain or chance.random() < 0.7 else f"{name}_{each.lower()}" for each in measures}
    arguments, variables = _arguments(chance, question, by, Words(chance, known).filter(question.left), name)
    wanted, fragment = _wanted(chance, by, names, name, plain=plain)
    parts = [f"groups {{ {wanted} }}", "groupCount", "pageInfo { endCursor hasNextPage }"]
    if question.subtotal is not None:
        parts.append(
            f"subtotals(by: [{', '.join(question.subtotal)}]) {{ {_key(question.subtotal)} {_figures(names)} }}"
        )
    if question.totals:
        parts.append(f"totals {{ {_figures(names)} }}")
    if not plain:
        chance.shuffle(parts)
    said = f"({', '.join(arguments)})" if arguments else ""
    return Field(
        name=name,
        question=question,
        text=f"{name}: statistics{said} {{ {' '.join(parts)} }}",
        fragment=fragment,
        literals=sum(len(_LITERAL.findall(each)) for each in (*arguments, *(question.subtotal or ()))),
        variables=variables,
        by=tuple(by),
        names=names,
        plain=plain,
    )


def _figures(names: Mapping[Measure, str]) -> str:
    told = []
    for measure, name in names.items():
        called = "" if name == camel(measure) else f"{name}: "
        told.append(f"{called}{camel(measure)}{f' {_RATE}' if MEASURES[measure].share else ''}")
    return f"{' '.join(told)} {_MARGINS}"


def _key(by: Sequence[Dimension]) -> str:
    parts = [f"{camel(each)}{' { code }' if DIMENSIONS[each].coding in _NAMED else ''}" for each in by]
    return f"key {{ {' '.join(parts)} }}" if parts else ""


def _wanted(
    chance: Random, by: Sequence[Dimension], names: Mapping[Measure, str], name: str, *, plain: bool
) -> tuple[str, str]:
    """What is selected of a group, as it is, in a fragment of its own, or in one without a name; all have the same bytes."""
    key, figures = _key(by), _figures(names)
    wanted = f"{key} {figures}" if plain or chance.random() < 0.5 else f"{figures} {key}"
    match chance.randrange(3):
        case 0:
            return wanted, ""
        case 1:
            return f"... on StatisticsGroup {{ {wanted} }}", ""
        case _:
            return f"...Of{name}", f"fragment Of{name} on StatisticsGroup {{ {wanted} }}"


def _arguments(
    chance: Random, question: Question, by: Sequence[Dimension], tree: Tree, name: str
) -> tuple[list[str], dict[str, tuple[str, Any]]]:
    said: list[str] = []
    variables: dict[str, tuple[str, Any]] = {}

    def given(argument: str, kind: str, value: Any, literal: str) -> None:
        if chance.random() < 0.6:
            variables[f"{name}_{argument}"] = (kind, value)
            said.append(f"{argument}: ${name}_{argument}")
        else:
            said.append(f"{argument}: {literal}")

    if by or chance.random() < 0.5:
        given("by", "[Dimension!]!", by, f"[{', '.join(by)}]")
    if tree or chance.random() < 0.2:
        literal = _literal(tree)
        # A document may hold so many literal values.
        if len(_LITERAL.findall(literal)) > 40:
            variables[f"{name}_where"] = ("StatisticsFilter", tree)
            said.append(f"where: ${name}_where")
        else:
            given("where", "StatisticsFilter", tree or None, literal if tree else "null")
    if question.order or chance.random() < 0.2:
        orders = [
            {
                "measure" if isinstance(each.by, Measure) else "dimension": each.by,
                "direction": "DESCENDING" if each.descending else "ASCENDING",
            }
            for each in question.order
        ]
        given("orderBy", "[StatisticsOrder!]!", orders, json.dumps(orders).replace('"', ""))
    if question.at_least is not None:
        bounds = [{"measure": question.at_least[0], "atLeast": str(question.at_least[1])}]
        given(
            "having",
            "[StatisticsBound!]!",
            bounds,
            f'[{{measure: {bounds[0]["measure"]}, atLeast: "{bounds[0]["atLeast"]}"}}]',
        )
    if question.first is not None:
        given("first", "Int", question.first, str(question.first))
    if question.after is not None:
        given("after", "String", question.after, f'"{question.after}"')
    said += [each for each in _DEFAULTS if chance.random() < 0.1]
    chance.shuffle(said)
    return said, variables


def _literal(tree: Tree) -> str:
    found = ast_from_value(tree, _FILTER)
    assert found is not None
    return print_ast(found)


def documents(fields: Iterable[Field], most: int) -> Iterator[list[Field]]:
    """As many together as one document may hold."""
    together: list[Field] = []
    held = _Size()
    for each in fields:
        own = each.size
        if together and (len(together) == most or not held.beside(own).fits):
            yield together
            together, held = [], _Size()
        together.append(each)
        held = held.beside(own)
    if together:
        yield together


def request(fields: Sequence[Field], token: Mapping[str, str]) -> Request:
    kinds = {name: kind for each in fields for name, (kind, _) in each.variables.items()}
    declared = f"query Several({', '.join(f'${name}: {kind}' for name, kind in kinds.items())}) " if kinds else ""
    document = f"{declared}{{ {' '.join(each.text for each in fields)} }} {' '.join(each.fragment for each in fields)}"
    variables = {name: value for each in fields for name, (_, value) in each.variables.items()}
    body = {"query": document, **({"variables": variables} if variables else {})}
    return Request(method="POST", path="/graphql", headers=dict(token), body=body)


def told(fields: Sequence[Field], answer: Answer) -> list[Told]:
    """A document whose question is refused holds no other one."""
    assert answer.status == 200, answer.body
    body = json.loads(answer.body)
    if "errors" in body:
        assert len(fields) == 1, body
        return [Told.refusal(code for each in body["errors"] for code in _codes(each))]
    return [each.told(part) for each, part in zip(fields, body["data"].values(), strict=True)]


def _codes(error: Any) -> list[str]:
    violations = error.get("extensions", {}).get("violations")
    assert violations, error
    return [each["code"] for each in violations]
