"""The fields of the GraphQL query, as rows of the matrix; what is selected below them is all that the schema has."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type

from app.domain.permissions import Permission
from tests.matrix.rows import Ids

HOW_TO_ADD = """Query.{field} has no row in the matrix of who may do what to whose record.

Add to GRAPHQL_ROWS in tests/matrix/graphql_rows.py:

    GraphqlRow(
        field="{field}",
        arguments=lambda ids: "...",  # every object comes from ids["key"], a key of Side.ids (tests/matrix/sides.py)
        permission=Permission....,  # taken from docs and domain, not from what the code answers
        shows="...",  # the key of an object that the answer must tell of
    )"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphqlRow:
    """`arguments`: as they stand in the document, or nothing. `shows`: the key of an object that an answer in scope tells of."""

    field: str
    arguments: Callable[[Ids], str]
    shows: str
    permission: Permission = Permission.READ_RECORDS

    def document(self, schema: GraphQLSchema, ids: Ids) -> str:
        assert schema.query_type is not None
        returned = get_named_type(schema.query_type.fields[self.field].type)
        asked = self.arguments(ids)
        return f"{{ {self.field}{f'({asked})' if asked else ''} {selection(returned)} }}"

    def __str__(self) -> str:
        return f"{self.field} {self.shows}"


def everything(_ids: Ids) -> str:
    return "first: 60"


GRAPHQL_ROWS = (
    GraphqlRow(field="student", arguments=lambda ids: f'id: "{ids["student.ACTIVE"]}"', shows="student.ACTIVE"),
    GraphqlRow(field="students", arguments=everything, shows="student.ACTIVE"),
    GraphqlRow(field="plan", arguments=lambda ids: f'id: "{ids["plan.ACTIVE"]}"', shows="intervention"),
    GraphqlRow(field="plan", arguments=lambda ids: f'id: "{ids["plan.COMPLETED"]}"', shows="outcome"),
    GraphqlRow(field="plans", arguments=everything, shows="plan.ACTIVE"),
    GraphqlRow(
        field="plans",
        arguments=lambda ids: f'where: {{studentId: "{ids["student.ACTIVE"]}", institutionId: {ids["institution"]}}}',
        shows="plan.ACTIVE",
    ),
    GraphqlRow(
        field="plans", arguments=lambda ids: f'where: {{code: "{ids["code.of.plan.ACTIVE"]}"}}', shows="plan.ACTIVE"
    ),
    GraphqlRow(field="interventions", arguments=everything, shows="intervention"),
    GraphqlRow(
        field="interventions",
        arguments=lambda ids: f'where: {{planId: "{ids["plan.ACTIVE"]}", studentId: "{ids["student.ACTIVE"]}"}}',
        shows="intervention",
    ),
    GraphqlRow(
        field="statistics",
        arguments=lambda ids: (
            f"by: [INSTITUTION, SEMESTER], where: {{institutions: [{ids['institution']}]}}, comparison: PREVIOUS_SEMESTER"
        ),
        shows="institution",
        permission=Permission.READ_STATISTICS,
    ),
    GraphqlRow(field="releases", arguments=lambda _ids: "", shows="release", permission=Permission.READ_RELEASES),
)


def missing(schema: GraphQLSchema, rows: Iterable[GraphqlRow] = GRAPHQL_ROWS) -> list[str]:
    """What to add for each field of the query that has no row."""
    assert schema.query_type is not None
    known = {row.field for row in rows}
    return [HOW_TO_ADD.format(field=each) for each in schema.query_type.fields if each not in known]


REQUIRED = {"subtotals": "(by: [INSTITUTION])"}
"""Arguments without which a field cannot be asked for."""


def selection(of: Any, above: tuple[str, ...] = ()) -> str:
    """All that can be selected of this type. A type that is already open above is selected once more, without what hangs on it."""
    assert isinstance(of, GraphQLObjectType)
    parts = []
    for name, field in of.fields.items():
        kind = get_named_type(field.type)
        if is_leaf_type(kind):
            parts.append(name)
        elif of.name not in above:
            parts.append(f"{name}{REQUIRED.get(name, '')} {selection(kind, (*above, of.name))}")
    return "{ " + " ".join(parts) + " }"
