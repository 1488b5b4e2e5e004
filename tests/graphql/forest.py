"""A schema of every kind of field, values for it that are now and then wrong, and random documents."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from hypothesis import strategies as st


@strawberry.enum
class Colour(Enum):
    GREEN = "green"
    BROWN = 2


@strawberry.interface
class Sized:
    sizes: strawberry.Private[dict[str, Any]]

    @strawberry.field
    def height(self) -> int:
        return self.sizes["height"]  # type: ignore[no-any-return]

    @strawberry.field
    def width(root: "Sized") -> Decimal | None:  # noqa: N805 - the other word by which an object is had
        return root.sizes["width"]  # type: ignore[no-any-return]


@strawberry.type
class Leaf(Sized):
    name: str
    label: str | None
    colour: Colour | None
    fell_on: date | None
    green: bool
    share: float | None
    key: UUID


@strawberry.type
class Evergreen(Leaf):
    """Which no field says it is: an instance of it is a leaf that is not told in the short way."""


@strawberry.type
class Twig:
    leaf: Leaf | None
    leaves: list[Leaf]
    fallen: list[Leaf | None] | None
    codes: list[list[int]]


@strawberry.type
class Branch(Sized):
    twig: Twig | None
    twigs: list[Twig] | None
    every: strawberry.Private[list[Leaf]]

    @strawberry.field
    def picked(self, by: list[Colour] = []) -> list[Leaf]:  # noqa: B006 - the schema's default; nobody changes it
        return [leaf for leaf in self.every if not by or getattr(leaf, "colour", None) in by]

    @strawberry.field
    async def later(self) -> Twig | None:
        return self.twig

    @strawberry.field
    def largest(self) -> Sized | None:
        return self.every[0] if self.every else None


@strawberry.type
class Query:
    @strawberry.field
    def branches(self, info: strawberry.Info) -> list[Branch]:
        return info.context  # type: ignore[no-any-return]

    @strawberry.field
    async def branch(self, info: strawberry.Info) -> Branch | None:
        return info.context[0] if info.context else None


WRONG = (
    "text",
    "7",
    1.5,
    7.0,
    2**31,
    None,
    True,
    ValueError("wrong"),
    Decimal("1.50"),
    Colour.GREEN,
    date(2021, 9, 1),
    (),
)
"""What a field may hold that is not of its type, or is of another one's."""


def _forest(one_in: int | None) -> st.SearchStrategy[list[Branch]]:
    """`one_in` so many values is wrong."""

    def some(right: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        if one_in is None:
            return right
        return st.integers(1, one_in).flatmap(lambda number: st.sampled_from(WRONG) if number == 1 else right)

    sizes = st.fixed_dictionaries(
        {"height": some(st.integers(-3, 2**31 - 1)), "width": some(st.none() | st.decimals(places=2))}
    )
    parts = {
        "sizes": sizes,
        "name": some(st.text(max_size=3)),
        "label": some(st.none() | st.text(max_size=3)),
        "colour": some(st.none() | st.sampled_from(Colour)),
        "fell_on": some(st.none() | st.dates()),
        "green": some(st.booleans()),
        "share": some(st.none() | st.floats(allow_nan=False, allow_infinity=False)),
        "key": some(st.uuids()),
    }
    leaf = some(st.builds(Leaf, **parts) | st.builds(Leaf, **parts) | st.builds(Evergreen, **parts))
    leaves = st.lists(leaf, min_size=1, max_size=4)
    twig = some(
        st.builds(
            Twig,
            leaf=some(st.none() | leaf),
            leaves=some(leaves | leaves.map(tuple)),
            fallen=some(st.none() | st.lists(st.none() | leaf, max_size=3)),
            codes=some(st.lists(some(st.lists(some(st.integers(0, 9)), max_size=2)), max_size=2)),
        )
    )
    twigs = st.none() | st.lists(twig, min_size=1, max_size=2)
    return st.lists(
        st.builds(Branch, sizes=sizes, twig=some(twig), twigs=some(twigs), every=leaves), min_size=1, max_size=2
    )


branches = _forest(None) | _forest(20)

_LEAF = dict.fromkeys(("height", "width", "name", "label", "colour", "fellOn", "green", "share", "key"), "")
FIELDS: dict[str, dict[str, str]] = {
    "Query": {"branches": "Branch", "branch": "Branch"},
    "Branch": {
        "height": "",
        "width": "",
        "twig": "Twig",
        "twigs": "Twig",
        "picked": "Leaf",
        "picked(by: $by)": "Leaf",
        "picked(by: [BROWN])": "Leaf",
        "later": "Twig",
        "largest": "Sized",
    },
    "Twig": {"leaf": "Leaf", "leaves": "Leaf", "fallen": "Leaf", "codes": ""},
    "Leaf": _LEAF,
    "Sized": {"height": "", "width": ""},
}
"""Of each type its fields, and to which type they lead."""
_IS = {"Leaf": ("Leaf", "Sized"), "Branch": ("Branch", "Sized"), "Sized": ("Sized", "Leaf", "Branch")}
_DIRECTIVES = (
    *[""] * 12,
    "@include(if: $yes)",
    "@skip(if: $no)",
    "@include(if: $no)",
    "@skip(if: false) @include(if: true)",
)
_KINDS = (*["field"] * 6, "inline", "spread")
DEEPEST = 5


@dataclass
class _Writing:
    draw: Callable[[st.SearchStrategy[Any]], Any]
    fragments: list[str] = field(default_factory=list)
    names: int = 0

    def selections(self, type_: str, depth: int) -> str:
        chosen = [self.selection(type_, depth) for _ in range(self.draw(st.integers(1, 4)))]
        return "{ " + " ".join(chosen) + " }"

    def selection(self, type_: str, depth: int) -> str:
        kind = self.draw(st.sampled_from(_KINDS if depth < DEEPEST else ("field",)))
        directive = self.draw(st.sampled_from(_DIRECTIVES))
        self.names += 1
        if kind == "field":
            return self.field(type_, directive, depth)
        on = self.draw(st.sampled_from(_IS.get(type_, (type_,))))
        if kind == "inline":
            return f"... on {on} {directive} {self.selections(on, depth + 1)}"
        name = f"F{self.names}"
        self.fragments.append(f"fragment {name} on {on} {self.selections(on, depth + 1)}")
        return f"...{name} {directive}"

    def field(self, type_: str, directive: str, depth: int) -> str:
        fields = [(name, below) for name, below in FIELDS[type_].items() if not below or depth < DEEPEST]
        name, below = self.draw(st.sampled_from([*fields, ("__typename", "")]))
        # The same field twice is one: only with the same arguments, so those with any have a name of their own.
        alias = f"n{self.names}: " if "(" in name or self.draw(st.booleans()) else ""
        return f"{alias}{name} {directive} {self.selections(below, depth + 1) if below else ''}"


@st.composite
def documents(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    writing = _Writing(draw)
    query = writing.selections("Query", 0)
    return (
        f"query($yes: Boolean = true, $no: Boolean!, $by: [Colour!]! = [GREEN]) {query} {' '.join(writing.fragments)}"
    )
