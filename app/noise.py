"""Noise for sealed releases: the discrete Gaussian of OpenDP, drawn from its own secure randomness, without a seed."""

from collections.abc import Sequence

import opendp.prelude as dp

# OpenDP keeps under "contrib" what its committee has not vetted line by line; the samplers' constructors are there.
dp.enable_features("contrib")


def discrete_gaussian(numbers: Sequence[int], deviation: float) -> list[int]:
    """The numbers, each with noise of its own. Called once for each table and place of a release, and never again for it."""
    return [int(each) for each in mechanism(deviation)(list(numbers))]


def mechanism(deviation: float) -> dp.Measurement:
    """What adds the noise. Its map tells rho of the Euclidean distance by which one student may move the numbers."""
    return dp.m.make_gaussian(
        dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T="f64"), scale=float(deviation)
    )
