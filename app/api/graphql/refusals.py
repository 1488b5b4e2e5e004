"""How a document is refused, for its cost or for what is known of it."""

from graphql import GraphQLError


def too_costly(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "document-too-costly"})


def not_registered() -> GraphQLError:
    return GraphQLError(
        "Registered operations alone are answered here, and this is none of them.",
        extensions={"code": "operation-not-registered"},
    )


def not_found() -> GraphQLError:
    """In the words by which clients everywhere know that the document is to be sent along with its hash."""
    return GraphQLError("PersistedQueryNotFound", extensions={"code": "PERSISTED_QUERY_NOT_FOUND"})


def mismatched() -> GraphQLError:
    return GraphQLError("The hash is not the SHA-256 of the document.", extensions={"code": "persisted-query-mismatch"})
