"""Bodies that were questions to the statistics: known again by their bytes, they need not be read a second time."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from app.api.graphql.requests import GraphQLRequest

REMEMBERED: Final = 500
LONGEST: Final = 20_000
"""Bytes of a body that is remembered."""


@dataclass(frozen=True, slots=True)
class Question:
    """To the statistics alone. `text`: of the document; `name`: see `app/api/graphql/questions.py`."""

    asked: GraphQLRequest
    text: str
    name: bytes


class KnownQuestions:
    """In the memory of this process. Which was sent least recently is forgotten first."""

    def __init__(self, *, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._questions: OrderedDict[bytes, Question] = OrderedDict()

    def find(self, body: bytes) -> Question | None:
        question = self._questions.get(body)
        if question is not None:
            self._questions.move_to_end(body)
        return question

    def keep(self, body: bytes, question: Question) -> None:
        """Of a body that was in order, and has been answered without an error."""
        if len(body) <= LONGEST:
            self._questions[body] = question
            if len(self._questions) > self._remembered:
                self._questions.popitem(last=False)
