"""Least squares over places: the state is the sum of its regions, and each region that of its municipalities.

Upwards each place brings what was measured of itself together with the sum of what is below it; downwards the parts learn what their sum
knows better, each by its share of the doubt. The two passes are the exact weighted least squares fit (Hay, Rastogi, Miklau and
Suciu 2010, here with any precisions). Numbers are those of one interaction; a precision is 1 over the variance of one direction.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.releases.attributes import Level
from app.domain.releases.blocks import Block, weighted
from app.domain.releases.lattice import STATE, Lattice, Place

Precisions = Mapping[Level, float]
"""Of what was measured at each level. The levels that are not there measured nothing; below such a one there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Variances at one place: `upwards` of what it and all below it say, `parts` of the sum of its children's, `fitted` of the fit."""

    upwards: float
    parts: float | None
    fitted: float


def doubts(lattice: Lattice, precisions: Precisions) -> dict[Place, Doubt]:
    upwards: dict[Place, tuple[float, float | None]] = {}
    for place in reversed(_downwards(lattice, precisions)):
        children = [upwards[each][0] for each in lattice.children(place) if each in upwards]
        parts = sum(children) if children else None
        known = precisions.get(place.level, 0.0) + (0.0 if parts is None else 1 / parts)
        upwards[place] = 1 / known, parts
    found: dict[Place, Doubt] = {}
    for place in _downwards(lattice, precisions):
        own, parts = upwards[place]
        parent = lattice.parent(place)
        above = None if parent is None else found[parent]
        found[place] = Doubt(upwards=own, parts=parts, fitted=own if above is None else _after(own, above))
    return found


def fitted(lattice: Lattice, precisions: Precisions, measured: Mapping[Place, Block]) -> dict[Place, Block]:
    """The fit at every place of the levels in `precisions`, where `measured` has what was measured."""
    doubt = doubts(lattice, precisions)
    upwards: dict[Place, Block] = {}
    sums: dict[Place, Block] = {}
    for place in reversed(_downwards(lattice, precisions)):
        parts, precision = doubt[place].parts, precisions.get(place.level, 0.0)
        if parts is None:
            upwards[place] = measured[place]
            continue
        sums[place] = weighted([(1.0, upwards[each]) for each in lattice.children(place)])
        own = [(precision, measured[place])] if precision else []
        upwards[place] = weighted([(w * doubt[place].upwards, b) for w, b in (*own, (1 / parts, sums[place]))])
    fit: dict[Place, Block] = {STATE: upwards[STATE]}
    for place in _downwards(lattice, precisions)[1:]:
        parent = lattice.parent(place) or STATE
        share = doubt[place].upwards / (doubt[parent].parts or 1.0)
        fit[place] = weighted([(1.0, upwards[place]), (share, fit[parent]), (-share, sums[parent])])
    return fit


def _after(own: float, above: Doubt) -> float:
    """The variance of a part, once it has learnt from the fit of its sum."""
    parts = above.parts or own
    return own - (own / parts) ** 2 * (parts - above.fitted)


def _downwards(lattice: Lattice, precisions: Precisions) -> list[Place]:
    return [place for level in Level if level in precisions for place in lattice.at(level)]
