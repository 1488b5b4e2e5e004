"""Keeps the risks of one plan few: consultations of different cases exchange the risks they answer, so that no total changes."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from app.demo.cases import Case, Consultation

MOST: Final = 3
"""Risks that one plan's consultations answer; economic support may add one or two."""


def exchange(cases: Sequence[Case]) -> None:
    """As far as partners for the exchange are found: cases that have the risk already, or so few that one more does not matter."""
    held: dict[int, Counter[str]] = {id(case): Counter(each.risk for each in case.consultations) for case in cases}
    by_risk: dict[str, list[tuple[Case, Consultation]]] = {}
    for case in cases:
        for each in case.consultations:
            by_risk.setdefault(each.risk, []).append((case, each))
    for case in cases:
        mine = held[id(case)]
        kept = [risk for risk, _ in mine.most_common(MOST)]
        for each in [each for each in case.consultations if each.risk not in kept]:
            _swap(case, each, kept, by_risk, held)


def _swap(
    case: Case,
    surplus: Consultation,
    kept: Sequence[str],
    by_risk: dict[str, list[tuple[Case, Consultation]]],
    held: dict[int, Counter[str]],
) -> None:
    unwanted = surplus.risk
    for wanted in kept:
        for other, theirs in by_risk[wanted]:
            counts = held[id(other)]
            room = counts[unwanted] > 0 or sum(many > 0 for many in counts.values()) < MOST
            if room and other is not case and theirs.risk == wanted and theirs.missed == surplus.missed:
                theirs.risk, surplus.risk = unwanted, wanted
                counts.subtract({wanted: 1, unwanted: -1})
                held[id(case)].subtract({unwanted: 1, wanted: -1})
                return
