"""Questions to the statistics alone: what they are answered is the same for all who see the same, so it is computed once."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

OF_STATISTICS: Final = frozenset({"statistics", "__typename"})
"""Fields of the query whose answers depend on the scope of statistics, on its data and the day, and on nobody's person."""


def asks_statistics_alone(document: DocumentNode) -> bool:
    """Whichever of its operations is executed. For documents that have been found sound."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    return all(
        _alone(each.selection_set, fragments)
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
    )


def _alone(selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> bool:
    for selection in selection_set.selections:
        match selection:
            case FieldNode():
                alone = selection.name.value in OF_STATISTICS
            case FragmentSpreadNode():
                alone = _alone(fragments[selection.name.value].selection_set, fragments)
            case InlineFragmentNode():
                alone = _alone(selection.selection_set, fragments)
            case _:
                alone = False
        if not alone:
            return False
    return True


def name_of(text: str, variables: Mapping[str, Any] | None, operation: str | None) -> bytes:
    """Of a question: the document in its own words, the variables, and which of its operations is meant."""
    return sha256(json.dumps(["graphql", text, variables, operation], sort_keys=True).encode()).digest()
