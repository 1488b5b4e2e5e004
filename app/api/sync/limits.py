"""How large a batch may be, and how long its report is kept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLimits:
    """`size` and `item_size` are bytes after decompression; `report_days` for how long a key is recognised, too."""

    size: int
    items: int = 500_000
    item_size: int = 1_000_000
    report_days: int = 30
