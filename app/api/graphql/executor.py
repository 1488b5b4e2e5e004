"""The library's executor, with a short way for what is plain (`app/api/graphql/projection.py`). What it answers is the same."""

from collections.abc import AsyncIterable, Iterable
from typing import Any, Final

from graphql import GraphQLList, GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import AwaitableOrValue, Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.api.graphql.leaves import Tell
from app.api.graphql.projection import projection

_LONGER: Final = object()
"""Said where there is no short way."""


class PlainExecutor(StrawberryGraphQLCoreExecutionContext):
    """Where anything is not as its type says, the ordinary way is gone after all, which has the errors for it: nothing is changed by
    reading a plain object twice.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the library's own
        super().__init__(*args, **kwargs)
        self._projections: dict[tuple[GraphQLOutputType, int], Tell | None] = {}

    def complete_list_value(
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: AsyncIterable[Any] | Iterable[Any],
        position_context: Any,  # noqa: ANN401 - the library's own
    ) -> AwaitableOrValue[list[Any]]:
        told = self._told(return_type, field_details_list, result)
        if told is not _LONGER:
            return told  # type: ignore[no-any-return]
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,  # noqa: ANN401 - whatever a resolver returns
        position_context: Any,  # noqa: ANN401 - the library's own
    ) -> AwaitableOrValue[dict[str, Any]]:
        told = self._told(return_type, field_details_list, result)
        if told is not _LONGER:
            return told  # type: ignore[no-any-return]
        return super().complete_object_value(return_type, field_details_list, info, path, result, position_context)

    def _told(self, type_: GraphQLOutputType, selected: FieldDetailsList, value: object) -> Any:  # noqa: ANN401 - as the type says
        # The executor keeps the lists of fields for as long as it lives, so none takes the place of another.
        key = (type_, id(selected))
        if key not in self._projections:
            self._projections[key] = projection(
                type_, selected, lambda on, fields: self.collect_subfields(on, fields).grouped_field_set
            )
        tell = self._projections[key]
        if tell is None:
            return _LONGER
        try:
            return tell(value)
        except Exception:  # noqa: BLE001 - whatever it is, it is found once more, and then told
            return _LONGER
