"""Which of several media types a client would rather have, as its `Accept` says."""

from collections.abc import Mapping
from typing import TypeVar

Offered = TypeVar("Offered")


def accepted(accept: str, offered: Mapping[str, Offered]) -> Offered | None:
    """Of what is offered under a media type that `Accept` names, what it prefers; of several alike, what it names first. None where
    it names none of them: `*/*` names nothing.
    """
    named = [_weighed(each) for each in accept.split(",")]
    # Sorting keeps the order of those alike.
    wanted = sorted((each for each in named if each[0] in offered and each[1] > 0), key=lambda each: -each[1])
    return offered[wanted[0][0]] if wanted else None


def _weighed(part: str) -> tuple[str, float]:
    name, *parameters = (each.strip().lower() for each in part.split(";"))
    for each in parameters:
        if each.startswith("q="):
            try:
                return name, float(each[2:])
            except ValueError:
                return name, 0.0
    return name, 1.0
