"""What a row of the matrix is: one way to ask one operation, and what it answers to whoever may ask."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.actors import Role
from app.domain.plan_steps import Step
from app.domain.plans import PlanState
from tests.factories import Json


class Ids(Mapping[str, Any]):
    """The objects that a request speaks of, by key. It notes which are asked for: each of them will be swapped for another's.

    A key like "fixed.risks" stands for the word after the dot, which is nobody's.
    """

    def __init__(self, of_side: Mapping[str, Any], swapped: Mapping[str, Any] | None = None) -> None:
        self._ids = {**of_side, **(swapped or {})}
        self.asked: list[str] = []

    def __getitem__(self, key: str) -> Any:
        if key.startswith("fixed."):
            return key.removeprefix("fixed.")
        if key not in self.asked:
            self.asked.append(key)
        return self._ids[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def nothing(_ids: Mapping[str, Any]) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`operation`: method and path as in the OpenAPI document. `at`: the keys of the objects in its path, in their order. `seen`: it
    needs If-Match.

    `own` is the status for objects in scope; `shows` the key of an object that such an answer tells of, `unseen_by` the roles to which
    it does not. `hidden` is the status for what is foreign or absent, by the key of the object where they differ. `others`: roles that
    have the permission and are refused even so, by a rule of the domain; `step` takes that rule from the domain's table. `public`:
    there is nothing foreign, everybody sees all. `pseudonyms`: its answer names the student of a personal code, whoever knows it
    (docs/adr/0003). `always_refused`: there is no object for which it succeeds. `lasts`: it takes several transactions, each of which
    has to see what the one before has done, so that nothing can be undone. `named_by_question`: its ETag is of what was asked, so that of
    another object there is another one. `counts`: its figures are of institutions, also where single records are closed.
    """

    operation: str
    at: tuple[str, ...] = ()
    body: Callable[[Ids], Json | None] = nothing
    query: Callable[[Ids], Json | None] = nothing
    seen: bool = False
    own: int = 200
    shows: str | None = None
    unseen_by: frozenset[Role] = frozenset()
    hidden: int | Mapping[str, int] = 404
    others: Mapping[Role, int] = field(default_factory=dict)
    step: tuple[PlanState, Step] | None = None
    public: bool = False
    pseudonyms: bool = False
    always_refused: bool = False
    lasts: bool = False
    named_by_question: bool = False
    counts: bool = False

    def keys(self, ids: Mapping[str, Any]) -> list[str]:
        """The objects that a request of this row speaks of."""
        noted = Ids(ids)
        self.path(noted), self.body(noted), self.query(noted)
        return noted.asked

    @property
    def method(self) -> str:
        return self.operation.split()[0]

    def path(self, ids: Ids) -> str:
        address = self.operation.split()[1]
        for key in self.at:
            start, end = address.index("{"), address.index("}") + 1
            address = f"{address[:start]}{ids[key]}{address[end:]}"
        return address

    def status_of_hidden(self, key: str) -> int:
        return self.hidden if isinstance(self.hidden, int) else self.hidden.get(key, 404)

    def __str__(self) -> str:
        return f"{self.operation} {self.step[0] if self.step else ''}".strip()
