"""Which types are plain: all their fields are read off the object at once, without arguments, context, waiting or permission.

The library finds that out anew for each field of each object; here it is found out once for each type.
"""

from collections.abc import Callable, Mapping
from functools import cache
from inspect import Parameter, isfunction
from operator import attrgetter
from typing import Any, NamedTuple

from graphql import GraphQLField, GraphQLNamedType, GraphQLObjectType, GraphQLOutputType, get_named_type, is_leaf_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

Read = Callable[[Any], Any]


class PlainField(NamedTuple):
    read: Read
    type: GraphQLOutputType


class PlainType(NamedTuple):
    """`origin`: the class whose own instances it describes. Whether another's would do is for the library to say."""

    name: str
    origin: type
    fields: Mapping[str, PlainField]


@cache
def plain_type(named: GraphQLNamedType) -> PlainType | None:
    """None for one that is not plain throughout, down to all that its fields lead to."""
    return _plain(named, frozenset())


def _plain(named: GraphQLNamedType, around: frozenset[str]) -> PlainType | None:
    if not isinstance(named, GraphQLObjectType) or named.name in around:
        return None
    definition = named.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if definition is None:
        return None  # one of the schema's own description
    fields = {}
    for name, field in named.fields.items():
        below, read = get_named_type(field.type), _reader(field)
        if read is None or not (is_leaf_type(below) or _plain(below, around | {named.name})):
            return None
        fields[name] = PlainField(read, field.type)
    return PlainType(named.name, definition.origin, fields)


def _reader(field: GraphQLField) -> Read | None:
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if (
        not isinstance(definition, StrawberryField)
        or definition.extensions
        or definition.default_resolver is not getattr
    ):
        return None
    resolver = definition.base_resolver
    if resolver is None:
        return attrgetter(definition.python_name)
    of_the_object = resolver.self_parameter or resolver.root_parameter or resolver.parent_parameter
    parameters = list(resolver.signature.parameters.values())
    # Whoever wants more than the object, or nothing, is asked in the ordinary way.
    if of_the_object is None or len(parameters) > 1 or parameters[0].kind is Parameter.KEYWORD_ONLY:
        return None
    return resolver.wrapped_func if isfunction(resolver.wrapped_func) and not resolver.is_async else None
