"""Conditional requests: every record has a version, its ETag. Whoever changes one says which version they saw."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from app.api.problems import PreconditionRequired
from app.domain.errors import Invalid, Stale, Violation

_STRONG = re.compile(r'"(\d{1,9})"')


def etag(version: int) -> str:
    return f'"{version}"'


def show_version(response: Response, version: int) -> None:
    """Records of students are never kept by anything between us and the caller."""
    response.headers["ETag"] = etag(version)
    response.headers["Cache-Control"] = "no-store"


async def _if_match(
    if_match: Annotated[
        str | None, Header(description='The ETag of the version that you saw, for instance `"3"`.', examples=['"3"'])
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequired("Send If-Match with the ETag of the version that you saw.")
    found = _STRONG.fullmatch(if_match.strip())
    if found is None:
        wrong = Violation(
            pointer="/header/If-Match",
            code="etag",
            message='One strong ETag with its quotes, for instance "3": a record\'s version in quotes.',
        )
        raise Invalid([wrong])
    return int(found[1])


SeenVersion = Annotated[int, Depends(_if_match)]


def demand_version(noun: str, current: int, seen: int) -> None:
    """Raises Stale unless the caller saw the current version."""
    if current != seen:
        raise Stale(noun, current)
