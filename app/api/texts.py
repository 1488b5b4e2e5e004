"""Text as it comes in: bounded, and free of characters that PostgreSQL cannot keep or people cannot see."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import AfterValidator, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _plain(text: str) -> str:
    if _UNSEEN.search(text):
        raise PydanticCustomError("control-character", "Control characters are not allowed.")
    return text


def _plain_line(text: str) -> str:
    # What is printable is neither: of most lines there are, one look is enough.
    if not text.isprintable():
        _plain(text)
        if "\n" in text or "\t" in text:
            raise PydanticCustomError("one-line", "One line only.")
    return text


Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain_line)]
"""A name, a code, a number of a document."""

Paragraph = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_plain)]
"""Free text."""


@dataclass(frozen=True, slots=True)
class CodeOf:
    """Annotates what is a code: its JSON Schema says of which list, so that programs need not read the description."""

    code_list: str

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(core_schema) | {"x-code-list": self.code_list}
