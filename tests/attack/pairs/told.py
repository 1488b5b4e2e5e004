"""What an answer tells, whatever form it has."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import blake2b

Value = str | int | float | Decimal | None
Row = tuple[str, Mapping[str, str | None], Mapping[str, Mapping[str, str | None]]]
"""What kind it is, its codes by dimension, and of each measure its figure in parts, with error and smallness."""
ROWS, PAGE = "rows", "page"
PLAIN = ("value", "standard_error", "small")
RATE = ("value", "numerator", "denominator", "low", "high", "standard_error", "small")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`parts`, by name: whatever else of the same question has a part of the same name has the same bytes there. ROWS are written down in one
    way from each form; others are a page with its cursor, and a body as it was sent. `next_page`: its cursor, where there is one.
    """

    parts: Mapping[str, bytes]
    refused: bool = False
    next_page: str | None = None

    @classmethod
    def refusal(cls, codes: Iterable[str]) -> "Told":
        return cls(parts={ROWS: json.dumps(["refused", *sorted(set(codes))]).encode()}, refused=True)

    @property
    def digested(self) -> "Told":
        return replace(self, parts={name: blake2b(each, digest_size=16).digest() for name, each in self.parts.items()})


def text(value: Value) -> str | None:
    """To the last digit that the register tells: shares have four, and GraphQL tells them as numbers."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.4f}"
    return None if value is None else str(value)


def written(rows: list[Row], *, in_any_order: bool) -> bytes:
    lines = [json.dumps(each, sort_keys=True, separators=(",", ":")).encode() for each in rows]
    return b"\n".join(sorted(lines) if in_any_order else lines)
