"""Municipalities and what became of them. The ATVK code is the identity: enlarged, it is another one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.collation import latvian_sort_key
from app.domain.periods import Period


class MunicipalityKind(StrEnum):
    MUNICIPALITY = "MUNICIPALITY"
    STATE_CITY = "STATE_CITY"


class SuccessionRelation(StrEnum):
    UNCHANGED = "UNCHANGED"
    ENLARGED_SAME_NAME = "ENLARGED_SAME_NAME"
    MERGED = "MERGED"
    MERGED_NEW_NAME = "MERGED_NEW_NAME"
    SPLIT = "SPLIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """`code` is the ATVK code, 7 digits; `iso_code` the ISO 3166-2 code, kept by the reform where the name was."""

    code: str
    iso_code: str
    name_lv: str
    name_en: str
    kind: MunicipalityKind
    period: Period

    @property
    def sort_key(self) -> str:
        return latvian_sort_key(self.name_lv)


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """From `effective_on` the territory of `predecessor`, or the part in `part_lv`, belongs to `successor`.

    Each predecessor has one main successor, also when it was split. A successor has at most one main predecessor: it
    continues its life. Where several merged as equals it has none: nothing tells which of them a place lay in.
    """

    predecessor: str
    successor: str
    effective_on: date
    relation: SuccessionRelation
    is_main_successor: bool
    is_main_predecessor: bool
    part_lv: str | None = None
    part_en: str | None = None
