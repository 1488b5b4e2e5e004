"""Least squares without solving anything: measured tables taken apart into interactions, of which each is estimated by itself.

Every table is the sum of one interaction for each subset of its attributes: what the subset says that no smaller one does. Its totals over
any of its attributes are zero. Noise of one deviation in all cells of a table is independent between interactions, and equally
strong in all directions of one; so the weighted least squares fit of all tables together is, for each interaction, the mean of what
the tables that contain it say of it, weighted by their precision (the reasoning of ResidualPlanner: Xiao, He, Zhang and Kifer 2023).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import prod

from app.domain.releases.attributes import Attribute
from app.domain.releases.blocks import Block, centred, spread_in, sum_out

Attributes = tuple[Attribute, ...]
Sizes = Mapping[Attribute, int]


def subsets(attributes: Attributes) -> Iterator[Attributes]:
    for size in range(len(attributes) + 1):
        yield from combinations(attributes, size)


def precision(interaction: Attributes, table: Attributes, deviation: float, sizes: Sizes) -> float:
    """Of what a table says of an interaction: the others of its attributes are summed over, and their noise with them."""
    return 1 / (deviation**2 * prod(sizes[each] for each in table if each not in interaction))


def interaction_in(block: Sequence[float], table: Attributes, interaction: Attributes, sizes: Sizes) -> Block:
    """What a table says of it."""
    numbers, left = list(block), table
    for attribute in table:
        if attribute not in interaction:
            numbers = sum_out(numbers, tuple(sizes[each] for each in left), left.index(attribute))
            left = tuple(each for each in left if each is not attribute)
    shape = tuple(sizes[each] for each in left)
    for axis in range(len(left)):
        numbers = centred(numbers, shape, axis)
    return numbers


def table_from(interactions: Mapping[Attributes, Block], table: Attributes, sizes: Sizes) -> Block:
    """The table that these interactions make together."""
    total = [0.0] * prod(sizes[each] for each in table)
    for subset in subsets(table):
        numbers, present = interactions[subset], subset
        for attribute in table:
            if attribute not in present:
                present = tuple(each for each in table if each in present or each is attribute)
                shape = tuple(sizes[each] for each in present)
                numbers = spread_in(numbers, shape, present.index(attribute))
        total = [first + second for first, second in zip(total, numbers, strict=True)]
    return total


def variance_of_sum(variances: Mapping[Attributes, float], table: Attributes, sizes: Sizes, taken: Sizes) -> float:
    """Of the sum of a table's cells over `taken` of the codes of each attribute (absent: one; all of them: its total).

    `variances` are those of the interactions, in each direction of one.
    """
    total = 0.0
    for subset in subsets(table):
        share = variances[subset]
        for attribute in table:
            number, of_all = taken.get(attribute, 1), sizes[attribute]
            share *= number - number**2 / of_all if attribute in subset else number**2 / of_all**2
        total += share
    return total
