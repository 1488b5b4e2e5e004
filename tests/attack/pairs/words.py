"""The ways to say what a filter leaves: none of them shares anything with the code that reads them."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Final

from app.domain.regions import UNASSIGNED
from app.domain.releases.attributes import Code
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.definitions import Coding, Dimension
from tests.attack.pairs.question import Codes, Known, Left

Tree = dict[str, Any]
_OF_EVERYBODY: Final = (
    Dimension.INSTITUTION_KIND,
    Dimension.GRADE,
    Dimension.RISK_GROUP,
    Dimension.REGION,
)
"""To name all of their codes is to name none."""
_MANY: Final = 20
"""Longer lists are said in one of the short ways: a document holds so many values."""


class Words:
    """Of one asking."""

    def __init__(self, chance: Random, known: Known) -> None:
        self._chance = chance
        self._known = known

    def filter(self, left: Left) -> Tree:
        """A tree as GraphQL takes it and an address in `where`; {} says nothing."""
        said = dict(_restated(left, self._known) if self._one_in(2) else left)
        if self._one_in(4):
            spare = self._chance.choice(_OF_EVERYBODY)
            said.setdefault(spare, frozenset(self._known.codes(spare)))
        parts = [self._of(dimension, codes) for dimension, codes in said.items()]
        self._chance.shuffle(parts)
        return self._together(parts)

    def _together(self, parts: Sequence[Tree]) -> Tree:
        if len(parts) > 1 and self._one_in(5):
            return {"not": {"or": [{"not": each} for each in parts]}}
        tree: Tree = {}
        for each in parts:
            if self._one_in(6) or tree.keys() & each.keys():
                tree.setdefault("and", []).append(each)
            else:
                tree |= {word: value for word, value in each.items() if word != "and"}
                tree.setdefault("and", []).extend(each.get("and", []))
        if tree and not tree["and"]:
            del tree["and"]
        return tree

    def _of(self, dimension: Dimension, codes: Codes) -> Tree:
        """Some way to say these codes of a dimension and no others. To have none is a code that no list can name."""
        others = frozenset(self._known.codes(dimension)) - codes
        ways: list[Callable[[], Tree]] = []
        if None not in codes:
            ways += [lambda: self._list(dimension, codes)] * 3
            ways += [lambda: {"not": {"not": self._list(dimension, codes)}}]
            if (within := self._range(dimension, codes)) is not None:
                ways += [lambda: within] * 3
        # No list names the municipality of those that are in none.
        if others and None not in others and dimension is not Dimension.MUNICIPALITY:
            ways += [lambda: {"not": self._list(dimension, others)}] * 2
        if 1 < len(codes) < _MANY and None not in codes:
            ways += [lambda: self._alternatives(dimension, codes)]
        if others and None not in codes | others and 2 < len(codes | others) < _MANY:
            ways += [lambda: self._overlap(dimension, codes, others)]
        return self._chance.choice(ways)()

    def _list(self, dimension: Dimension, codes: Codes) -> Tree:
        """In any order, and now and then one of them twice. Of yes and no it is the one that is wanted."""
        name, order = DIMENSIONS[dimension].filter_name, self._shuffled(codes)
        if DIMENSIONS[dimension].coding is Coding.YES_OR_NO:
            return {name: order[0]}
        return {name: [*order, order[0]] if self._one_in(8) else order}

    def _range(self, dimension: Dimension, codes: Codes) -> Tree | None:
        """From the one to the other, where they are all between; an end that is the last there is may be left open."""
        name, known = DIMENSIONS[dimension].range_name, self._known.codes(dimension)
        places = sorted(known.index(each) for each in codes)
        if name is None or places != list(range(places[0], places[-1] + 1)):
            return None
        ends = {"from": known[places[0]], "to": known[places[-1]]}
        if places[0] == 0 and self._one_in(2):
            del ends["from"]
        elif places[-1] == len(known) - 1 and self._one_in(2):
            del ends["to"]
        return {name: ends}

    def _alternatives(self, dimension: Dimension, codes: Codes) -> Tree:
        order = self._shuffled(codes)
        cut = self._chance.randrange(1, len(order))
        # They may overlap.
        either = [order[:cut], order[cut - self._chance.randint(0, 1) :]]
        return {"or": [self._list(dimension, frozenset(each)) for each in either]}

    def _overlap(self, dimension: Dimension, codes: Codes, others: Codes) -> Tree:
        """Two that have nothing else in common."""
        order = self._shuffled(others)
        cut = self._chance.randint(0, len(order))
        more = [frozenset(order[:cut]), frozenset(order[cut:])]
        return {"and": [self._list(dimension, codes | each) for each in more]}

    def _shuffled(self, codes: Codes) -> list[Code]:
        # Not in the order of a set: the same chance says the same in each process.
        order = sorted(codes, key=str)
        self._chance.shuffle(order)
        return order

    def _one_in(self, number: int) -> bool:
        return self._chance.randrange(number) == 0


def _restated(left: Left, known: Known) -> Left:
    """By other dimensions that leave the same."""
    said = dict(left)
    for narrow, wide in (
        (_by_municipality, Dimension.REGION),
        (_by_risk, Dimension.RISK_GROUP),
        (_by_semester, Dimension.SCHOOL_YEAR),
    ):
        if wide in said and (found := narrow(said, known)) is not None:
            del said[wide]
            said |= found
    return said


def _by_municipality(left: Left, known: Known) -> Mapping[Dimension, Codes] | None:
    regions, covered = left[Dimension.REGION], known.covered(left)
    those = frozenset(
        each for lattice in covered for region in regions for each in lattice.regions.get(str(region), ())
    )
    same = all(
        lattice.regions[region] == tuple(each for each in codes if each in those) or not those & set(codes)
        for lattice in covered
        for region, codes in lattice.regions.items()
    )
    if not same or UNASSIGNED in regions or Dimension.MUNICIPALITY in left:
        return None
    return {Dimension.MUNICIPALITY: those}


def _by_risk(left: Left, known: Known) -> Mapping[Dimension, Codes] | None:
    if Dimension.RISK in left:
        return None
    groups = left[Dimension.RISK_GROUP]
    lattice = next(iter(known.lattices.values()))
    return {
        Dimension.RISK: frozenset(code for code in known.codes(Dimension.RISK) if lattice.groups[str(code)] in groups)
    }


def _by_semester(left: Left, known: Known) -> Mapping[Dimension, Codes] | None:
    if Dimension.SEMESTER in left:
        return None
    years = left[Dimension.SCHOOL_YEAR]
    return {
        Dimension.SEMESTER: frozenset(
            code for code in known.codes(Dimension.SEMESTER) if f"{str(code)[:4]}/{int(str(code)[2:4]) + 1}" in years
        )
    }
