"""Lays answers beside each other."""

from collections import Counter
from dataclasses import dataclass, field

from tests.attack.pairs.asking import Asking
from tests.attack.pairs.told import PAGE, ROWS


@dataclass(slots=True, kw_only=True)
class Comparison:
    """Of each asking with the first one of its question. `pairs`: both were answered; `refusals`: both were refused. `same`: how many parts
    were compared, by what they are. `forms`: askings.
    """

    pairs: int = 0
    refusals: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    different: list[tuple[Asking, Asking, str]] = field(default_factory=list)
    _first: dict[tuple[int, str], tuple[Asking, bytes]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return self.same[PAGE]

    @property
    def bodies(self) -> int:
        return self.same.total() - self.same[ROWS] - self.pages

    def add(self, asking: Asking) -> None:
        self.forms[asking.form] += 1
        for part, told in asking.told.parts.items():
            first, before = self._first.setdefault((asking.number, part), (asking, told))
            if first is asking:
                continue
            if part == ROWS:
                self.pairs += not asking.told.refused
                self.refusals += asking.told.refused
            self.same[part.partition(" ")[0]] += 1
            if before != told:
                self.different.append((first, asking, part))
