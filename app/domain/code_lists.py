"""Code lists: the closed vocabularies of the register, in Latvian and English, valid by date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from app.domain.errors import NotFound
from app.domain.periods import Period


class InstitutionKind(StrEnum):
    GENERAL = "GENERAL"
    VOCATIONAL = "VOCATIONAL"


class Founder(StrEnum):
    MUNICIPALITY = "MUNICIPALITY"
    STATE = "STATE"
    PRIVATE = "PRIVATE"


class DeliveryMode(StrEnum):
    IN_PERSON = "IN_PERSON"
    REMOTE = "REMOTE"


class Unit(StrEnum):
    """HOUR is a teaching hour of 40 minutes."""

    HOUR = "HOUR"
    EUR = "EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """`id` is small, stable and never reused: large tables keep it in place of the code. Both are unique in the list.

    `parent` is a code of the list above this one (`CodeList.parent`): a risk's group, a support measure's kind.
    """

    list: str
    id: int
    code: str
    name_lv: str
    name_en: str
    period: Period
    parent: str | None = None
    unit: Unit | None = None

    @property
    def group(self) -> str:
        """The parent of a code that always has one, such as the risk group of a risk."""
        if self.parent is None:
            raise ValueError(f"Codes of {self.list} have no group.")
        return self.parent


@dataclass(frozen=True, kw_only=True)  # not slotted: the indexes below are cached in the instance
class CodeList:
    """In the order in which people expect the codes, which is that of the data file and not of the ids."""

    name: str
    title_lv: str
    title_en: str
    codes: tuple[Code, ...]
    parent: str | None = None

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def find(self, code: str) -> Code | None:
        return self._by_code.get(code)

    def by_id(self, number: int) -> Code:
        """Raises KeyError: ids come from the register's own tables, never from outside."""
        return self._by_id[number]

    def valid_on(self, day: date) -> tuple[Code, ...]:
        return tuple(code for code in self.codes if day in code.period)

    @cached_property
    def _by_code(self) -> dict[str, Code]:
        return {code.code: code for code in self.codes}

    @cached_property
    def _by_id(self) -> dict[int, Code]:
        return {code.id: code for code in self.codes}


@dataclass(frozen=True)
class CodeLists:
    lists: tuple[CodeList, ...]

    def __iter__(self) -> Iterator[CodeList]:
        return iter(self.lists)

    def __getitem__(self, name: str) -> CodeList:
        """Raises KeyError: whoever writes a name in code means a list that exists. Names from outside: `find`."""
        return self._by_name[name]

    def find(self, name: str) -> CodeList | None:
        return self._by_name.get(name)

    def code(self, name: str, code: str, on: date | None = None) -> Code:
        """Raises NotFound where the list has no such code, or not on that day."""
        found = self[name].find(code)
        if found is None or (on is not None and on not in found.period):
            raise NotFound("code")
        return found

    def valid(self, name: str, code: str, on: date) -> bool:
        found = self[name].find(code)
        return found is not None and on in found.period

    def risk(self, code: str) -> Code:
        return self.code("risks", code)

    def support_measure(self, code: str) -> Code:
        return self.code("support-measures", code)

    @cached_property
    def _by_name(self) -> dict[str, CodeList]:
        return {each.name: each for each in self.lists}
