"""How often an attacker who accuses by odds is right, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

FALSE_ALARMS = 0.01
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of so many worlds with her she is found in `found`; of as many without her she is in `alarms`."""

    worlds: int
    found: int
    alarms: int

    @property
    def rate(self) -> float:
        return self.found / self.worlds

    @property
    def upper(self) -> float:
        """The 95 % upper bound of the rate (Wilson, one-sided)."""
        return upper_bound(self.found, self.worlds)


def outcome(with_her: Sequence[float], without: Sequence[float], threshold: float | None = None) -> Outcome:
    """Accusing where the logarithm of the odds is above the threshold: unless it is given, the one that `without` allows."""
    if threshold is None:
        allowed = int(len(without) * FALSE_ALARMS)
        threshold = sorted(without, reverse=True)[allowed]
    return Outcome(
        worlds=len(with_her),
        found=sum(each > threshold for each in with_her),
        alarms=sum(each > threshold for each in without),
    )


def expected_rate(rho: float, releases: int = 1) -> float:
    """Of Gaussian noise: the odds are normal, with their mean at rho above or below zero and twice rho as their variance."""
    return _NORMAL.cdf(sqrt(2 * rho * releases) - _NORMAL.inv_cdf(1 - FALSE_ALARMS))


def gaussian_threshold(rho: float) -> float:
    return -rho + sqrt(2 * rho) * _NORMAL.inv_cdf(1 - FALSE_ALARMS)


def upper_bound(found: int, of: int) -> float:
    z = _NORMAL.inv_cdf(0.95)
    share = found / of
    centre = share + z**2 / (2 * of)
    return (centre + z * sqrt(share * (1 - share) / of + z**2 / (4 * of**2))) / (1 + z**2 / of)
