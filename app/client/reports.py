"""What the register answers to a batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule. `pointer` is a JSON pointer into the item, `code` is for programs and `message` for people. `detail` is the rule
    in English, with the values at hand, where `message` is in another language.
    """

    pointer: str
    code: str
    message: str
    detail: str | None = None

    @classmethod
    def of(cls, document: Json) -> Self:
        return cls(
            pointer=document["pointer"],
            code=document["code"],
            message=document["message"],
            detail=document.get("detail"),
        )

    @property
    def told(self) -> str:
        """All that there is for people."""
        return self.message if self.detail is None else f"{self.message} ({self.detail})"

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """`line` is the place in the batch, from 1; `type` and `external_id` are None where the line could not be read."""

    line: int
    op: str | None
    type: str | None
    external_id: str | None
    violations: tuple[Violation, ...]

    @classmethod
    def of(cls, document: Json) -> Self:
        return cls(
            line=document["line"],
            op=document.get("op"),
            type=document.get("type"),
            external_id=document.get("external_id"),
            violations=tuple(map(Violation.of, document["violations"])),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Items of one type, by what was done or would be done."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0

    @classmethod
    def of(cls, document: Json) -> Self:
        return cls(**{name: document.get(name, 0) for name in cls.__dataclass_fields__})

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`state` is APPLIED; VALIDATED, with nothing kept; or REFUSED, where all was to be taken or nothing. `removed`: how many records
    a snapshot has ended.
    """

    id: str
    mode: str
    atomic: str
    state: str
    items: int
    counts: Mapping[str, Counts]
    rejected: tuple[Rejection, ...]
    more_rejected: str | None = None
    removed: int | None = None

    @classmethod
    def of(cls, document: Json) -> Self:
        return cls(
            id=document["id"],
            mode=document["mode"],
            atomic=document["atomic"],
            state=document["state"],
            items=document["items"],
            counts={type_: Counts.of(each) for type_, each in document["counts"].items()},
            rejected=tuple(map(Rejection.of, document["rejected"])),
            more_rejected=document.get("more_rejected"),
            removed=document.get("removed"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedItem:
    """`position`: where the item stood among all that were pushed, from 0."""

    position: int
    item: Json
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """After a batch: `done` of `items` are acknowledged. `resumed`: an earlier run had sent it, and nothing was sent now."""

    batch: int
    items: int
    done: int
    report: Report
    rejected: tuple[RejectedItem, ...]
    resumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSchema:
    """`order`: the place in which the type is applied. `schema` is a JSON Schema of an item."""

    type: str
    order: int
    operations: tuple[str, ...]
    schema: Json
    references: Json
    code_lists: Json

    @classmethod
    def of(cls, document: Json) -> Self:
        return cls(
            type=document["type"],
            order=document["order"],
            operations=tuple(document["operations"]),
            schema=document["schema"],
            references=document.get("references", {}),
            code_lists=document.get("code_lists", {}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    types: tuple[TypeSchema, ...]
    limits: Json

    @classmethod
    def of(cls, document: Json) -> Self:
        return cls(types=tuple(map(TypeSchema.of, document["types"])), limits=document.get("limits", {}))
