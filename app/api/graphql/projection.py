"""Plain objects told in one go: what a selection asks of a type is found out once, and then read off each object in a loop.

Of 48 groups with 8 fields the library spends most of its time on finding out, field by field, that nothing is to be waited for.
"""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLOutputType, is_leaf_type
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet

from app.api.graphql.leaves import NotPlain, Tell, teller
from app.api.graphql.plain_types import PlainType, Read, plain_type

Collect = Callable[[GraphQLObjectType, FieldDetailsList], GroupedFieldSet]
"""What is selected below these fields: fragments opened, and what is skipped left out."""
Part = tuple[str, Read, Tell]
"""Of an object: under which name it is answered, how it is read, and how it is told."""


def projection(type_: GraphQLOutputType, selected: FieldDetailsList, collect: Collect) -> Tell | None:
    """Tells a value of this type as the selection asks, or raises whatever is wrong with it. None: the type is not plain."""
    if isinstance(type_, GraphQLNonNull):
        return _told(type_.of_type, selected, collect)
    told = _told(type_, selected, collect)
    return None if told is None else lambda value: None if value is None else told(value)


def _told(type_: GraphQLOutputType, selected: FieldDetailsList, collect: Collect) -> Tell | None:
    """Of a value that may not be None: leaves, lists and objects refuse it."""
    if isinstance(type_, GraphQLList):
        each = projection(type_.of_type, selected, collect)
        return None if each is None else _list(each)
    if is_leaf_type(type_):
        return teller(type_)
    plain = plain_type(type_) if isinstance(type_, GraphQLObjectType) else None
    if plain is None or not isinstance(type_, GraphQLObjectType):
        return None
    return _object(plain, [_part(plain, name, below, collect) for name, below in collect(type_, selected).items()])


def _list(each: Tell) -> Tell:
    def tell(values: Any) -> Any:  # noqa: ANN401 - whatever a resolver returns
        # Whatever else can be gone through may be gone through only once.
        if values.__class__ is not list and values.__class__ is not tuple:
            raise NotPlain
        return [each(value) for value in values]

    return tell


def _object(plain: PlainType, parts: list[Part]) -> Tell:
    origin = plain.origin

    def tell(value: Any) -> Any:  # noqa: ANN401 - whatever a resolver returns
        if value.__class__ is not origin:
            raise NotPlain
        return {name: told(read(value)) for name, read, told in parts}

    return tell


def _part(plain: PlainType, name: str, selected: FieldDetailsList, collect: Collect) -> Part:
    asked = selected[0].node.name.value
    if asked == "__typename":
        return name, _nothing, lambda _: plain.name
    field = plain.fields[asked]
    told = projection(field.type, selected, collect)
    assert told is not None  # noqa: S101 - what a plain type leads to is plain
    return name, field.read, told


def _nothing(_value: object) -> None:
    """What is told of the type is read off no object."""
