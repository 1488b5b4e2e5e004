"""How often a document asks for the same field at the same place: validation compares every one of them with every other."""

from collections.abc import Iterator, Mapping

from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


def overlapping(document: DocumentNode) -> int:
    """Pairs of fields that answer under the same name at the same place. For documents whose cost is within limits: fragments are
    written out.
    """
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    return sum(
        _pairs([each.selection_set], fragments)
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
    )


def _pairs(selection_sets: list[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    found: dict[str, list[FieldNode]] = {}
    for selection_set in selection_sets:
        for field in _written_out(selection_set, fragments):
            found.setdefault((field.alias or field.name).value, []).append(field)
    below = ([each.selection_set for each in fields if each.selection_set] for fields in found.values())
    return sum(len(fields) * (len(fields) - 1) // 2 for fields in found.values()) + sum(
        _pairs(each, fragments) for each in below if each
    )


def _written_out(
    selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[FieldNode]:
    for selection in selection_set.selections:
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, InlineFragmentNode):
            yield from _written_out(selection.selection_set, fragments)
        elif isinstance(selection, FragmentSpreadNode) and selection.name.value in fragments:
            yield from _written_out(fragments[selection.name.value].selection_set, fragments)
