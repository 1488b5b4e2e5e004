"""How a document is refused for its cost."""

from graphql import GraphQLError


def too_costly(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "document-too-costly"})
