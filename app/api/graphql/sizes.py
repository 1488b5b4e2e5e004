"""How large the parts of a document and its variables may be. Whatever a question of the register needs is far smaller."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from graphql import GraphQLError
from graphql.language import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, Token, TokenKind

from app.api.graphql.refusals import too_costly
from app.domain.statistics.reading import MAX_DEPTH

MAX_OPERATIONS: Final = 5
MAX_FRAGMENTS: Final = 30
MAX_NAME: Final = 80
MAX_NUMBER: Final = 20
MAX_STRING: Final = 1_000
MAX_LITERALS: Final = 200
MAX_NESTING: Final = 2 * MAX_DEPTH + 2
"""Of lists and objects in arguments and variables: the filter of statistics nests deepest, with a list and an object for each level."""
MAX_VALUES: Final = 300
"""In the variables, all lists and objects opened."""

_LONGEST: Final = {
    TokenKind.NAME: (MAX_NAME, "A name"),
    TokenKind.INT: (MAX_NUMBER, "A number"),
    TokenKind.FLOAT: (MAX_NUMBER, "A number"),
    TokenKind.STRING: (MAX_STRING, "A text"),
    TokenKind.BLOCK_STRING: (MAX_STRING, "A text"),
}
_HALF_A_PAIR: Final = re.compile("[\ud800-\udfff]")
"""JSON can spell it, no text has it, and no answer could repeat it."""
_OPENS: Final = (TokenKind.BRACKET_L, TokenKind.BRACE_L)
_CLOSES: Final = (TokenKind.BRACKET_R, TokenKind.BRACE_R)


def check_document(document: DocumentNode) -> None:
    """Raises GraphQLError for what is too large, by one look at each token."""
    for kind, most, words in (
        (OperationDefinitionNode, MAX_OPERATIONS, "operations"),
        (FragmentDefinitionNode, MAX_FRAGMENTS, "fragments"),
    ):
        if sum(isinstance(each, kind) for each in document.definitions) > most:
            raise too_costly(f"The document has more than {most} {words}.")
    nesting, literals, in_arguments = 0, 0, False
    for token in _tokens(document):
        most, words = _LONGEST.get(token.kind, (0, ""))
        if most and len(token.value or "") > most:
            raise too_costly(f"{words} is longer than {most} characters.")
        literals += bool(most) and (nesting > 0 or token.kind is not TokenKind.NAME)
        if token.kind in (TokenKind.PAREN_L, TokenKind.PAREN_R):
            nesting, in_arguments = 0, token.kind is TokenKind.PAREN_L
        elif in_arguments:
            nesting += (token.kind in _OPENS) - (token.kind in _CLOSES)
            if nesting > MAX_NESTING:
                raise too_costly(f"An argument is more than {MAX_NESTING} levels deep.")
    if literals > MAX_LITERALS:
        raise too_costly(f"The document has more than {MAX_LITERALS} literal values.")


def _tokens(document: DocumentNode) -> Iterator[Token]:
    token = document.loc.start_token if document.loc else None
    while token is not None:
        yield token
        token = token.next


def check_variables(variables: Mapping[str, Any] | None) -> None:
    """Raises GraphQLError for variables that are too many, too long or nested too deeply, and for text that is none."""
    values = 0
    level: list[Any] = [variables or {}]
    for _depth in range(MAX_NESTING + 2):
        values += len(level)
        if values > MAX_VALUES:
            raise too_costly(f"The variables have more than {MAX_VALUES} values.")
        for each in level:
            _check_value(each)
        level = [below for each in level for below in _below(each)]
        if not level:
            return
    raise too_costly(f"A variable is more than {MAX_NESTING} levels deep.")


def _check_value(value: object) -> None:
    texts = value if isinstance(value, Mapping) else [value]
    if any(isinstance(text, str) and _HALF_A_PAIR.search(text) for text in texts):
        raise GraphQLError("A text among the variables has half a surrogate pair.", extensions={"code": "invalid-text"})
    if isinstance(value, Mapping) and any(len(name) > MAX_NAME for name in value):
        raise too_costly(f"A name is longer than {MAX_NAME} characters.")
    if isinstance(value, str) and len(value) > MAX_STRING:
        raise too_costly(f"A text is longer than {MAX_STRING} characters.")
    if isinstance(value, int | float) and abs(value) >= 10**MAX_NUMBER:
        raise too_costly(f"A number is longer than {MAX_NUMBER} characters.")


def _below(value: object) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
