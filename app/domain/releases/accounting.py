"""What a release tells of one student at most: zero-concentrated differential privacy (zCDP) of Bun and Steinke (2016).

Discrete Gaussian noise of deviation s on integers that one student changes by d (in the Euclidean norm) costs rho = d^2 / (2 s^2)
(Canonne, Kamath and Steinke 2020); the costs of tables add up, and so do those of releases.
"""

from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import log, log1p, sqrt

from app.domain.errors import Refused
from app.domain.releases.attributes import MEMBERSHIPS, Attribute, Figure
from app.domain.releases.lattice import Lattice
from app.domain.releases.tables import BOUNDS, MAX_RISKS, TABLES, Table

DELTA = 1e-6
RELEASE_RHO = Decimal("0.2")
"""No release costs more. The best attack then finds 4.5 % of the students most exposed to it, where it accuses 1 % of the others."""
CEILING_RHO = 16 * RELEASE_RHO
"""Of all releases together unless the service is told another, for a student who is in all of them: eight school years."""
_PLACES = Decimal("0.000001")


def sensitivity_squared(table: Table, lattice: Lattice) -> int:
    """The square of what one student changes the measured numbers of the table by, at most.

    Alone, a student is in one cell; by risk in MAX_RISKS; by a membership every code's number goes up or down by one. Parts of a sum are
    never more than the bound of the whole.
    """
    if table.figure is not Figure.STUDENTS:
        return BOUNDS[table.figure] ** 2
    if table.slice is Attribute.RISK:
        return MAX_RISKS
    return len(lattice.codes[table.slice]) if table.slice in MEMBERSHIPS else 1


def table_rho(table: Table, lattice: Lattice) -> Fraction:
    return Fraction(sensitivity_squared(table, lattice), 2 * table.deviation**2)


def release_rho(lattice: Lattice) -> Decimal:
    """Of all its tables, rounded up. A student is at one place of each level, so that places cost nothing more.

    Raises:
        Refused: `release-too-costly`, where code lists have grown so long that the noise fixed in `tables` no longer makes up for them.
    """
    exact = sum((table_rho(table, lattice) for table in TABLES), Fraction(0))
    rho = (Decimal(exact.numerator) / exact.denominator).quantize(_PLACES, ROUND_CEILING)
    if rho > RELEASE_RHO:
        raise Refused(
            f"The release would cost {rho}, and none may cost more than {RELEASE_RHO}.", code="release-too-costly"
        )
    return rho


def epsilon(rho: float, delta: float = DELTA) -> float:
    """The least epsilon for which rho is known to give (epsilon, delta), by the conversion of Canonne, Kamath and Steinke (2020).

    There delta is the least, over alpha > 1, of exp((alpha - 1)(alpha rho - epsilon)) (1 - 1/alpha)^alpha / (alpha - 1).
    """
    if rho <= 0:
        return 0.0
    low, high = 0.0, rho + 2 * sqrt(rho * log(1 / delta))
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _log_delta(rho, middle) > log(delta) else (low, middle)
    return high


def _log_delta(rho: float, epsilon: float) -> float:
    """The logarithm of the least delta for this epsilon; the function of alpha has one minimum."""

    def at(alpha: float) -> float:
        return (alpha - 1) * (alpha * rho - epsilon) - log(alpha - 1) + alpha * log1p(-1 / alpha)

    low, high = 1 + 1e-9, (epsilon + 1) / (2 * rho) + 2
    for _ in range(80):
        first, second = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, second) if at(first) < at(second) else (first, high)
    return at((low + high) / 2)
