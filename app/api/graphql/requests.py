"""What POST /graphql is sent: a document, or the hash of one."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.graphql.documents import MAX_CHARACTERS
from app.api.graphql.operations import ALGORITHM
from app.api.graphql.sizes import MAX_NAME
from app.domain.errors import Invalid, violation


class PersistedQuery(BaseModel):
    """Clients add what they remember by; it is not looked at."""

    version: Literal[1]
    sha256Hash: str = Field(  # noqa: N815 - named by the protocol
        pattern=r"^(sha256:)?[0-9a-f]{64}$",
        description="The SHA-256 of the document, in lower-case hexadecimal digits. Some tools write `sha256:` before it.",
        examples=["ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"],
    )


class GraphQLExtensions(BaseModel):
    """Whatever else clients send is accepted, and not used."""

    model_config = ConfigDict(extra="allow")

    persistedQuery: PersistedQuery | None = Field(  # noqa: N815 - named by the protocol
        default=None,
        description="In place of the document, or along with it so that it is known by its hash from then on.",
    )


class GraphQLRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    query: str | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_CHARACTERS,
        description="The document. May be left out where `extensions.persistedQuery` names it.",
        examples=[
            "{ statistics(by: [REGION, SEMESTER]) { groups { key { region { code } semester { code } } students } } }"
        ],
    )
    variables: dict[str, Any] | None = None
    operationName: str | None = Field(default=None, max_length=MAX_NAME)  # noqa: N815 - named by the GraphQL specification
    extensions: GraphQLExtensions | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_question(cls, body: object) -> object:
        if isinstance(body, list):
            raise PydanticCustomError("batch", "One document in each request: batches are not answered.")
        return body

    @property
    def digest(self) -> str | None:
        persisted = self.extensions and self.extensions.persistedQuery
        return persisted.sha256Hash.removeprefix(ALGORITHM) if persisted else None

    @property
    def document(self) -> str:
        """Of a request that names it by no hash. Raises Invalid where there is none."""
        if self.query is None:
            raise Invalid([violation("/query", "missing", "Field required")])
        return self.query
