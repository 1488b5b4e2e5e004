"""Code lists, read from the packaged reference data."""

from dataclasses import replace
from datetime import date

from app.db.reference import packaged
from app.domain.code_lists import CodeList
from app.domain.errors import NotFound


def find() -> tuple[CodeList, ...]:
    return packaged().code_lists.lists


def get(name: str, *, on: date | None = None) -> CodeList:
    """The list, with the codes valid on that day only if `on` is given. Raises NotFound."""
    code_list = packaged().code_lists.find(name)
    if code_list is None:
        raise NotFound("code list")
    return code_list if on is None else replace(code_list, codes=code_list.valid_on(on))
