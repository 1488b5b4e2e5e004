"""The GraphQL schema. Each noun brings its part of the query; `schema.as_str()` is what `openapi/schema.graphql` holds."""

from graphql import GraphQLError
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from app.api.graphql.casework.query import CaseworkQuery
from app.api.graphql.executor import PlainExecutor
from app.api.graphql.guards import Guard
from app.api.graphql.releases import ReleasesQuery
from app.api.graphql.scalars import SCALARS
from app.api.graphql.statistics import StatisticsQuery

QUERIES: tuple[type, ...] = (StatisticsQuery, ReleasesQuery, CaseworkQuery)
"""Each a strawberry type with fields of the query. A new noun is added here."""


class RegisterSchema(Schema):
    """Errors are logged where they are presented, and not a second time with their texts, which may speak of persons."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        pass


schema = RegisterSchema(
    query=merge_types("Query", QUERIES),
    extensions=[Guard],
    execution_context_class=PlainExecutor,
    config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS),
)
