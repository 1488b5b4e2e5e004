"""What a document may cost, decided before it is validated: one walk in which every fragment is walked once.

Counted as if all fragments were written out, so that a few hundred bytes of fragments that double each other cost what they would do.
Records are counted as if every page were full: what stands below a page is asked once for each record on it.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    get_named_type,
    get_nullable_type,
)
from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

from app.api.graphql.casework.connections import LARGEST, USUAL
from app.api.graphql.refusals import too_costly
from app.domain.statistics.group_rules import MAX_GROUPS

GROUPS: Final = 1_000
"""Of an answer of the statistics that does not say how many: most have fewer, and cost far less than so many records."""
A_LIST: Final = 5
"""Records in a list that has no pages, such as a student's plans: rarely more."""
A_LIST_OF_THE_SCHEMA: Final = 20
"""Entries of a list of the schema's own description: types that lead to fields that lead to types go on for ever."""


_PAGES: Final = {"Statistics": (GROUPS, MAX_GROUPS)}
"""Usual and largest, where they are not those of casework."""
_OF_A_PAGE: Final = frozenset({"edges", "groups", "subtotals"})
"""As many as the page has, each time they are asked for. What else a page tells is little."""


class Cost(NamedTuple):
    """Of a selection with all fragments written out. `roots`: fields at its top, each of which is a question of its own. `unknown`:
    fields that do not exist; validation says so of each, at length.
    """

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    roots: int = 0
    records: int = 0
    unknown: int = 0
    introspects: bool = False

    def beside(self, other: "Cost") -> "Cost":
        return Cost(
            max(other.depth, self.depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.roots + other.roots,
            self.records + other.records,
            self.unknown + other.unknown,
            self.introspects or other.introspects,
        )


LIMITS: Final = Cost(depth=20, fields=1_000, aliases=50, directives=50, roots=20, records=20_000, unknown=20)
_WORDS: Final = {
    "depth": "is more than {} levels deep",
    "fields": "has more than {} fields",
    "aliases": "has more than {} aliases",
    "directives": "has more than {} directives",
    "roots": "has more than {} fields at the top",
    "unknown": "has more than {} fields that do not exist",
    "records": "may answer more than {} records: ask for smaller pages, or for less below them",
}


def cost_of(document: DocumentNode, schema: GraphQLSchema) -> Cost:
    """Of all operations beside each other. Raises GraphQLError where one costs too much, or a fragment is of no use."""
    walk = _Walk(document, schema)
    total = Cost()
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            cost = walk.operation(operation)
            for name, words in _WORDS.items():
                if getattr(cost, name) > getattr(LIMITS, name):
                    raise too_costly(f"The document {words.format(getattr(LIMITS, name))}.")
            total = total.beside(cost)
    if walk.unused:
        raise GraphQLError("A fragment is never used.")
    return total


class _Walk:
    def __init__(self, document: DocumentNode, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._costs: dict[str, Cost | None] = {}

    @property
    def unused(self) -> bool:
        return len(self._costs) < len(self._fragments)

    def operation(self, operation: OperationDefinitionNode) -> Cost:
        own = Cost(directives=len(operation.directives or ()))
        return own.beside(self._selections(operation.selection_set, self._schema.get_root_type(operation.operation)))

    def _selections(self, selection_set: SelectionSetNode | None, parent: GraphQLNamedType | None) -> Cost:
        cost = Cost()
        for selection in selection_set.selections if selection_set else ():
            cost = cost.beside(self._selection(selection, parent))
        return cost

    def _selection(self, selection: SelectionNode, parent: GraphQLNamedType | None) -> Cost:
        if isinstance(selection, FieldNode):
            return self._field(selection, parent)
        own = Cost(fields=1, directives=len(selection.directives or ()))
        if isinstance(selection, FragmentSpreadNode):
            return own.beside(self._fragment(selection.name.value))
        assert isinstance(selection, InlineFragmentNode)  # noqa: S101 - there is no fourth kind
        condition = selection.type_condition
        on = parent if condition is None else self._schema.get_type(condition.name.value)
        below = self._selections(selection.selection_set, on)
        return own.beside(below._replace(depth=below.depth + 1))

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Cost:
        definition = _definition(node.name.value, parent)
        below = self._selections(node.selection_set, None if definition is None else get_named_type(definition.type))
        return Cost(
            below.depth + 1,
            below.fields + 1,
            below.aliases + (node.alias is not None),
            below.directives + len(node.directives or ()),
            1,
            _records(node, definition, parent, below.records),
            below.unknown + (definition is None),
            below.introspects or definition in (SchemaMetaFieldDef, TypeMetaFieldDef),
        )

    def _fragment(self, name: str) -> Cost:
        fragment = self._fragments.get(name)
        if fragment is None:
            return Cost()  # validation says so
        if name not in self._costs:
            self._costs[name] = None
            on = self._schema.get_type(fragment.type_condition.name.value)
            self._costs[name] = self._selections(fragment.selection_set, on)
        cost = self._costs[name]
        if cost is None:
            raise too_costly("Fragments spread each other in a circle.")
        return cost


def _definition(name: str, parent: GraphQLNamedType | None) -> GraphQLField | None:
    """None where there is no such field: validation says so."""
    if name in _META:
        return _META[name]
    return parent.fields.get(name) if isinstance(parent, GraphQLObjectType) else None


_META: Final[Mapping[str, GraphQLField]] = {
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
    "__typename": TypeNameMetaFieldDef,
}


def _records(node: FieldNode, definition: GraphQLField | None, parent: GraphQLNamedType | None, below: int) -> int:
    if definition is None:
        return below
    if "first" in definition.args:
        usual, largest = _PAGES.get(get_named_type(definition.type).name, (USUAL, LARGEST))
        return _page(node, usual, largest) * max(1, below)
    if not isinstance(get_nullable_type(definition.type), GraphQLList):
        return below
    of = get_named_type(definition.type)
    # Margins say more of figures that are there anyway.
    if not isinstance(of, GraphQLObjectType) or of.name == "Margin":
        return below
    if isinstance(parent, GraphQLObjectType) and "pageInfo" in parent.fields:
        return below + (node.name.value in _OF_A_PAGE)
    return (A_LIST_OF_THE_SCHEMA if of.name.startswith("__") else A_LIST) * (1 + below)


def _page(node: FieldNode, usual: int, largest: int) -> int:
    """So many records as the page may have: the largest of casework, and of groups as many as are usual, where a variable says how many."""
    for argument in node.arguments or ():
        if argument.name.value == "first":
            value = argument.value
            if isinstance(value, IntValueNode) and len(value.value) < len(str(largest)) + 1:
                return max(1, min(largest, int(value.value)))
            if isinstance(value, IntValueNode):
                return largest
            if isinstance(value, VariableNode):
                return max(usual, LARGEST)
    return usual
