"""The strongest attack on a sealed release: the odds of everything that was measured.

What is published follows from it, and so tells nothing more; unrounded it tells as much (tests/domain/test_releases_fit.py: what the fit
leaves over is orthogonal to whatever a student changes). So the attacker here reads better than any reader of the release.
"""

from collections.abc import Sequence
from itertools import islice

from app.noise import discrete_gaussian
from tests.attack.odds import Outcome, gaussian_threshold, outcome
from tests.attack.victims import Question, differences

_AT_ONCE = 4_000
"""Worlds drawn together: of each table and cell, so that memory stays small."""


def cost(question: Question) -> float:
    """Half of the squared distance between the two answers, in standard deviations."""
    return sum(
        change**2 / (2 * table.deviation**2) for (table, _), changes in differences(question) for change in changes
    )


def log_odds(question: Question, worlds: int, *, with_her: bool) -> list[float]:
    """In each world, how much likelier `one` is than `other`, by the discrete Gaussian of every cell that the answer changes."""
    odds: list[float] = []
    for start in range(0, worlds, _AT_ONCE):
        odds += _log_odds(question, min(_AT_ONCE, worlds - start), with_her=with_her)
    return odds


def _log_odds(question: Question, worlds: int, *, with_her: bool) -> list[float]:
    odds = [0.0] * worlds
    for (table, _), every_change in differences(question):
        changes = [each for each in every_change if each]
        seen = discrete_gaussian((changes if with_her else [0] * len(changes)) * worlds, table.deviation)
        halves = sum(each**2 for each in changes) / 2
        numbers = iter(seen)
        for world in range(worlds):
            along = sum(number * change for number, change in zip(islice(numbers, len(changes)), changes, strict=True))
            odds[world] += (along - halves) / table.deviation**2
    return odds


def attack(question: Question, worlds: int) -> tuple[Outcome, Outcome]:
    """On one release, and on four of different semesters in which she gives the same answer."""
    with_her = log_odds(question, worlds, with_her=True)
    without = log_odds(question, worlds, with_her=False)
    rho = cost(question)
    return (
        outcome(with_her, without, gaussian_threshold(rho)),
        outcome(_four(with_her), _four(without), gaussian_threshold(4 * rho)),
    )


def _four(odds: Sequence[float]) -> list[float]:
    """Odds of independent releases add up. Each world is once the first, the second, the third and the fourth."""
    steps = [0, len(odds) // 4, len(odds) // 2, 3 * len(odds) // 4]
    return [sum(odds[(world + step) % len(odds)] for step in steps) for world in range(len(odds))]
