"""Every document of docs/graphql.md is asked, and answered as it says there."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.domain.actors import Actor, Role
from tests.graphql.conftest import AUTHORITY, Ask
from tests.system.guide import GUIDE, blocks, check_part

pytestmark = pytest.mark.usefixtures("tiny_register")

DOCUMENTS = GUIDE.with_name("graphql.md")
ASKED_BY = {"run": AUTHORITY, "run=analyst": Actor(subject="analyst", role=Role.ANALYST)}


@dataclass(slots=True)
class Example:
    """`said`: what stands below the document, by what it is: variables, answer, errors."""

    document: str
    actor: Actor = AUTHORITY
    said: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.document.split(maxsplit=2)[1]


def examples() -> list[Example]:
    found: list[Example] = []
    for block in blocks(DOCUMENTS.read_text(encoding="utf-8")):
        if block.meant in ASKED_BY:
            found.append(Example(block.text, ASKED_BY[block.meant]))
        elif block.meant in ("variables", "answer", "errors"):
            found[-1].said[block.meant] = json.loads(block.text)
    return found


EXAMPLES = examples()


def test_every_example_says_what_it_is_answered() -> None:
    assert len(EXAMPLES) >= 7
    assert all(len(each.said.keys() & {"answer", "errors"}) == 1 for each in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
async def test_the_example_is_answered_as_it_says(post: Ask, example: Example) -> None:
    answer = (await post(example.document, example.actor, **example.said.get("variables", {}))).json()
    assert ("errors" in answer) == ("errors" in example.said), answer
    check_part(example.said.get("answer"), answer["data"])
    check_part(example.said.get("errors", []), answer.get("errors", []))
