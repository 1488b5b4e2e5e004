"""Four customary rules, and the same attacker against them: he knows all others, so he knows what the rule would publish either way.

If he does not break these, the harness proves nothing about sealed releases.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, inf, log, sqrt
from random import Random
from typing import Protocol

from tests.attack.odds import Outcome, outcome

Published = int | str
Chances = Mapping[Published, float]


class Rule(Hashable, Protocol):
    @property
    def name(self) -> str: ...

    def chances(self, count: int) -> Chances:
        """What may be published of a count, and how likely each is."""
        ...


@dataclass(frozen=True, slots=True)
class SuppressBelowTen:
    name: str = "suppress below 10"

    def chances(self, count: int) -> Chances:
        return {"<10" if 0 < count < 10 else count: 1.0}


@dataclass(frozen=True, slots=True)
class RedactAndRound:
    """As OpenSAFELY asks of those who release tables."""

    name: str = "redact up to 7, round to 5"

    def chances(self, count: int) -> Chances:
        return {"[redacted]" if 0 < count <= 7 else 5 * round(count / 5): 1.0}


@dataclass(frozen=True, slots=True)
class TenFive:
    name: str = "the 10-5 rule"

    def chances(self, count: int) -> Chances:
        return {"<10" if count < 10 else 5 * ((count + 2) // 5): 1.0}


@dataclass(frozen=True, slots=True)
class CellKey:
    """Noise that follows from the keys of those in a cell: one more of them makes it another. Up to 4, with variance 1; nothing stays nothing, and here
    numbers below it may be published: that only helps the rule.
    """

    name: str = "cell keys with variance 1"

    def chances(self, count: int) -> Chances:
        return {0: 1.0} if count == 0 else {count + step: chance for step, chance in _STEPS.items()}


def _steps(most: int, variance: float) -> dict[int, float]:
    """The noise of greatest entropy on -most to most with this variance."""
    low, high = 1e-6, 10.0
    for _ in range(60):
        rate = (low + high) / 2
        weights = {step: exp(-rate * step**2) for step in range(-most, most + 1)}
        spread = sum(weight * step**2 for step, weight in weights.items()) / sum(weights.values())
        low, high = (rate, high) if spread > variance else (low, rate)
    whole = sum(weights.values())
    return {step: weight / whole for step, weight in weights.items()}


_STEPS = _steps(4, 1.0)
RULES: tuple[Rule, ...] = (SuppressBelowTen(), RedactAndRound(), TenFive(), CellKey())


def attack(rule: Rule, others: Sequence[int], worlds: int, chance: Random) -> Outcome:
    """`others`: how many there are in each of her cells without her; from world to world they vary as chance has it."""
    with_her, without = [], []
    for _ in range(worlds):
        counts = [max(0, round(chance.gauss(each, sqrt(each)))) for each in others]
        with_her.append(_log_odds(rule, counts, [_drawn(rule, each + 1, chance) for each in counts]))
        without.append(_log_odds(rule, counts, [_drawn(rule, each, chance) for each in counts]))
    return outcome(with_her, without)


@cache
def _chances(rule: Rule, count: int) -> Chances:
    return rule.chances(count)


def _drawn(rule: Rule, count: int, chance: Random) -> Published:
    chances = _chances(rule, count)
    return next(iter(chances)) if len(chances) == 1 else chance.choices(list(chances), list(chances.values()))[0]


def _log_odds(rule: Rule, counts: Sequence[int], published: Sequence[Published]) -> float:
    """What cannot be without her settles it, and so does what cannot be with her; both cannot happen in one world."""
    odds = 0.0
    for count, seen in zip(counts, published, strict=True):
        with_her, without = _chances(rule, count + 1).get(seen, 0.0), _chances(rule, count).get(seen, 0.0)
        if not with_her or not without:
            return inf if with_her else -inf
        odds += log(with_her / without)
    return odds
