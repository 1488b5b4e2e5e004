"""What stands before a document is executed: read by our own guard, in place of the library's parsing and validation."""

from collections.abc import Iterator
from typing import cast

from graphql import GraphQLError, GraphQLSchema
from strawberry.extensions import SchemaExtension

from app.api.graphql.context import Context
from app.api.graphql.documents import Document, read
from app.api.graphql.refusals import not_registered


class Guard(SchemaExtension):
    def on_parse(self) -> Iterator[None]:
        execution = self.execution_context
        if execution.query is not None:
            context = cast("Context", execution.context)
            document = admitted(execution.query, execution.schema._schema, context)  # noqa: SLF001 - strawberry offers no other way
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


def admitted(query: str, schema: GraphQLSchema, context: Context) -> Document:
    """Raises GraphQLError where it is malformed, costs too much, or is not among those that alone are answered.

    Tools may ask for the schema, whatever is registered; of whoever is not told it, nothing else is even parsed.
    """
    operations = context.register.operations
    registered = operations.registered(query)
    if registered is not None:
        return registered
    if operations.only_registered and not context.register.introspection.allows(context.actor):
        raise not_registered()
    document = read(query, schema)
    if operations.only_registered and not document.schema_alone:
        raise not_registered()
    return document
