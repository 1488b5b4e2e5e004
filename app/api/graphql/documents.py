"""A document as it may be executed: parsed within limits, refused for its cost, then validated, and remembered if it was sound.

In place of the library's own parsing and validation, which would work for seconds on a few hundred bytes and suggest names.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from graphql import DocumentNode, FieldNode, GraphQLError, GraphQLSchema, parse, specified_rules, validate
from graphql.language import DefinitionNode, OperationDefinitionNode
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from app.api.graphql.cost import cost_of
from app.api.graphql.overlaps import overlapping
from app.api.graphql.questions import asks_statistics_alone
from app.api.graphql.refusals import too_costly
from app.api.graphql.sizes import check_document

MAX_CHARACTERS: Final = 20_000
MAX_TOKENS: Final = 750
MAX_OVERLAPS: Final = 1_000
MAX_ERRORS: Final = 10
REMEMBERED: Final = 64
"""Documents kept parsed, for pages ask the same ones: a quarter of a megabyte each at most."""
RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
_OF_THE_SCHEMA: Final = ("__schema", "__type", "__typename")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One whose cost is within limits. `introspects`: asks for the schema; `schema_alone`: and for nothing else; `statistics_alone`:
    whatever it is answered is the same for all who see the same. `flaws`: what validation found.
    """

    parsed: DocumentNode
    introspects: bool
    schema_alone: bool
    statistics_alone: bool
    flaws: tuple[GraphQLError, ...]


@lru_cache(maxsize=REMEMBERED)
def read(query: str, schema: GraphQLSchema) -> Document:
    """Raises GraphQLError where the document is malformed or costs too much; such a one is not remembered."""
    try:
        parsed = parse(query, max_tokens=MAX_TOKENS)
        check_document(parsed)
        cost = cost_of(parsed, schema)
        if overlapping(parsed) > MAX_OVERLAPS:
            raise too_costly("The document asks too often for the same field at the same place.")
    except RecursionError:
        raise too_costly("The document is nested too deeply.") from None
    flaws = validate(schema, parsed, RULES, max_errors=MAX_ERRORS, hide_suggestions=True)
    return Document(
        parsed=parsed,
        introspects=cost.introspects,
        schema_alone=cost.introspects and all(map(_of_the_schema, parsed.definitions)),
        statistics_alone=not flaws and asks_statistics_alone(parsed),
        flaws=tuple(flaws),
    )


def _of_the_schema(definition: DefinitionNode) -> bool:
    """Whether all that an operation selects are fields of the schema's own description, and plainly so: what a fragment may hold at
    the top is not looked at.
    """
    return not isinstance(definition, OperationDefinitionNode) or all(
        isinstance(each, FieldNode) and each.name.value in _OF_THE_SCHEMA
        for each in definition.selection_set.selections
    )
