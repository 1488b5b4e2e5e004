"""What a document may cost, decided before it is validated: one walk in which every fragment is walked once.

Counted as if all fragments were written out, so that a few hundred bytes of fragments that double each other cost what they would do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, parse
from graphql.language import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)
from strawberry.extensions import SchemaExtension

MAX_TOKENS = 2_000
REMEMBERED = 256
"""Documents kept parsed, for pages ask the same ones. At most 2,000 tokens each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of a selection with all fragments written out. `roots`: fields at its top, each of which is a question of its own."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    roots: int = 0

    def beside(self, other: "Cost") -> "Cost":
        return Cost(
            depth=max(self.depth, other.depth),
            fields=self.fields + other.fields,
            aliases=self.aliases + other.aliases,
            directives=self.directives + other.directives,
            roots=self.roots + other.roots,
        )


LIMITS = Cost(depth=20, fields=1_000, aliases=50, directives=50, roots=20)


class Guard(SchemaExtension):
    """Parses within limits in place of the library."""

    def on_parse(self) -> Iterator[None]:
        if self.execution_context.query is not None:
            self.execution_context.graphql_document = parsed(self.execution_context.query)
        yield


@lru_cache(maxsize=REMEMBERED)
def parsed(query: str) -> DocumentNode:
    """Raises GraphQLError where the document is malformed or costs too much."""
    try:
        document = parse(query, max_tokens=MAX_TOKENS)
        _check(document)
    except RecursionError:
        raise _refused("depth", LIMITS.depth) from None
    return document


def _check(document: DocumentNode) -> None:
    walk = _Walk({each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)})
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            cost = walk.selections(operation.selection_set)
            for name in ("depth", "fields", "aliases", "directives", "roots"):
                if getattr(cost, name) > getattr(LIMITS, name):
                    raise _refused(name, getattr(LIMITS, name))


class _Walk:
    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._costs: dict[str, Cost | None] = {}

    def selections(self, selection_set: SelectionSetNode | None) -> Cost:
        cost = Cost()
        for selection in selection_set.selections if selection_set else ():
            cost = cost.beside(self._selection(selection))
        return cost

    def _selection(self, selection: SelectionNode) -> Cost:
        own = Cost(directives=len(selection.directives or ()))
        if isinstance(selection, FragmentSpreadNode):
            return own.beside(self._fragment(selection.name.value))
        below = self.selections(getattr(selection, "selection_set", None))
        if not isinstance(selection, FieldNode):
            return own.beside(below)
        return Cost(
            depth=below.depth + 1,
            fields=below.fields + 1,
            aliases=below.aliases + (selection.alias is not None),
            directives=below.directives + own.directives,
            roots=1,
        )

    def _fragment(self, name: str) -> Cost:
        if name not in self._fragments:
            return Cost()  # validation says so
        if name not in self._costs:
            self._costs[name] = None
            self._costs[name] = self.selections(self._fragments[name].selection_set)
        cost = self._costs[name]
        if cost is None:
            raise GraphQLError("Fragments spread each other in a circle.", extensions={"code": "document-too-costly"})
        return cost


def _refused(what: str, limit: int) -> GraphQLError:
    words = {"depth": "levels deep", "roots": "fields at the top"}.get(what, what)
    return GraphQLError(f"The document has more than {limit} {words}.", extensions={"code": "document-too-costly"})
