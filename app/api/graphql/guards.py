"""What stands before a document is executed: parsed within limits, refused for its cost, then validated, and remembered if it was sound.

In place of the library's own parsing and validation, which would work for seconds on a few hundred bytes and suggest names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, specified_rules, validate
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from app.api.graphql.context import Context
from app.api.graphql.cost import cost_of
from app.api.graphql.overlaps import overlapping
from app.api.graphql.refusals import too_costly
from app.api.graphql.sizes import check_document

MAX_TOKENS: Final = 750
MAX_OVERLAPS: Final = 1_000
MAX_ERRORS: Final = 10
REMEMBERED: Final = 64
"""Documents kept parsed, for pages ask the same ones: a quarter of a megabyte each at most."""
RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One whose cost is within limits. `introspects`: asks for the schema. `flaws`: what validation found."""

    parsed: DocumentNode
    introspects: bool
    flaws: tuple[GraphQLError, ...]


class Guard(SchemaExtension):
    def on_parse(self) -> Iterator[None]:
        execution = self.execution_context
        if execution.query is not None:
            document = read(execution.query, execution.schema._schema)  # noqa: SLF001 - strawberry offers no other way
            context = cast("Context", execution.context)
            if document.introspects and not context.register.introspection.allows(context.actor):
                raise GraphQLError(
                    "The schema is not described to your role.", extensions={"code": "introspection-refused"}
                )
            execution.graphql_document = document.parsed
            # Validation is the library's next step, and is skipped where its errors are there already.
            self._flaws = list(document.flaws)
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = self._flaws
        yield


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
    return Document(parsed=parsed, introspects=cost.introspects, flaws=tuple(flaws))
