"""Which name was probably meant, where somebody wrote one that there is not."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

LIKENESS: Final = 0.6
"""Of 1: how alike two names are at least, that one is taken for the other misspelt (difflib's ratio)."""


def did_you_mean(word: str, known: Collection[str]) -> str:
    """A question to be set after a sentence, or nothing, where no known name is like the word. Capitals make no difference."""
    names = {name.lower(): name for name in known}
    nearest = get_close_matches(word.lower(), names, n=1, cutoff=LIKENESS)
    return f" Did you mean {names[nearest[0]]}?" if nearest else ""
