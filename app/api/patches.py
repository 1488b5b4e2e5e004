"""JSON merge patches (RFC 7396): what is absent stays, null clears a field that may be empty, anything else replaces."""

from typing import Any

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError


def unchanged(alias: str | None = None) -> Any:  # noqa: ANN401 - stands for a default of whatever type the field has
    """Default of a field that the patch may leave out. Null is refused unless the field's own type allows it."""
    return Field(default=None, alias=alias, json_schema_extra=_without_default)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class MergePatch(BaseModel, extra="forbid"):
    """Every field of a subclass has the default `unchanged()`."""

    @model_validator(mode="after")
    def _not_empty(self) -> "MergePatch":
        if not self.model_fields_set:
            raise PydanticCustomError("empty-patch", "The patch changes nothing.")
        return self

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, by their Python names."""
        return {name: getattr(self, name) for name in self.model_fields_set}
