"""How far off a figure of a release may be: its variance follows from the lattice alone, not from what was counted."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from app.domain.releases.attributes import MEMBERSHIPS, Attribute
from app.domain.releases.fit import Family, families, interactions
from app.domain.releases.interactions import Attributes, variance_of_sum
from app.domain.releases.lattice import Lattice, Place
from app.domain.releases.tables import TABLES, UNITS, Table, table_of
from app.domain.releases.tree import doubts

ONE_OF_EACH: Mapping[Attribute, int] = {}


class Margins:
    """Variances after the fit, in the square of the figure's unit. `tables`: by which was measured, each with its noise."""

    def __init__(self, lattice: Lattice, tables: Sequence[Table] = TABLES) -> None:
        self._lattice = lattice
        self._tables = tables

    def variance(self, table: Table, place: Place, taken: Mapping[Attribute, int] = ONE_OF_EACH) -> float:
        """Of one cell; or of a sum over `taken` of the codes of attributes, chosen without a look at the figures.

        Exact for sums over rows; of cells of several places, semesters or codes that do not add up, the sum of variances is an upper
        bound within one release, and exact between releases.
        """
        own = self._of_family[table.figure, table.slice][place]
        variance = variance_of_sum(own, table.rows, self._lattice.numbers, taken) / UNITS[table.figure] ** 2
        if table.slice not in MEMBERSHIPS:
            return variance
        return (variance + self.variance(table_of(table.figure, table.level, table.rows), place, taken)) / 4

    @cached_property
    def _of_family(self) -> dict[Family, dict[Place, dict[Attributes, float]]]:
        found: dict[Family, dict[Place, dict[Attributes, float]]] = {}
        for family, tables in families(self._tables).items():
            own = found.setdefault(family, {})
            for interaction, precisions in interactions(tables, self._lattice):
                for place, doubt in doubts(self._lattice, precisions).items():
                    own.setdefault(place, {})[interaction] = doubt.fitted
        return found
