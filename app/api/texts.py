"""Text as it comes in: bounded, and free of characters that PostgreSQL cannot keep or people cannot see."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError


def _plain(text: str) -> str:
    if any((char < " " and char not in "\n\t") or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in text):
        raise PydanticCustomError("control-character", "Control characters are not allowed.")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise PydanticCustomError("one-line", "One line only.")
    return text


Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain), AfterValidator(_one_line)]
"""A name, a code, a number of a document."""

Paragraph = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_plain)]
"""Free text."""
