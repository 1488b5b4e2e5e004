"""Text as it comes in: bounded, and free of characters that PostgreSQL cannot keep or people cannot see."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _plain(text: str) -> str:
    if _UNSEEN.search(text):
        raise PydanticCustomError("control-character", "Control characters are not allowed.")
    return text


def _plain_line(text: str) -> str:
    # Most lines there are say nothing but letters and digits: one look is enough.
    if not text.isalnum():
        _plain(text)
        if "\n" in text or "\t" in text:
            raise PydanticCustomError("one-line", "One line only.")
    return text


Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain_line)]
"""A name, a code, a number of a document."""

Paragraph = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_plain)]
"""Free text."""
