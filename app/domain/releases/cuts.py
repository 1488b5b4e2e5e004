"""Of which cells of a release a figure is made: those of the least tables that have it, whatever words the question used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from app.domain.errors import Invalid, violation
from app.domain.regions import UNASSIGNED
from app.domain.releases.attributes import MEMBERSHIPS, Attribute, Code, Figure
from app.domain.releases.choices import Choices
from app.domain.releases.lattice import STATE, Lattice, Place
from app.domain.releases.measures import ATTRIBUTES, Part
from app.domain.releases.tables import TABLES, Table, find_table
from app.domain.statistics.definitions import Dimension, Measure

Taken = Mapping[Attribute, tuple[Code, ...]]
Key = tuple[Code, ...]
_ASKED: Mapping[str, str] = {Figure.HOURS: Measure.DELIVERED_HOURS, Attribute.CONTINUED: Measure.PLANS_CONTINUED}
"""In the words of questions what they call otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Cells of one table at one place: all combinations of the codes `taken` of each of its attributes."""

    table: Table
    place: Place
    taken: Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What a measure counts, by these dimensions, within the choices, in one semester."""

    lattice: Lattice
    measure: Measure
    part: Part
    by: tuple[Dimension, ...]
    choices: Choices

    def groups(self) -> Iterator[tuple[Key, list[Term]]]:
        """For each key the cells to be added up; no key where the choices leave nothing.

        Raises:
            Invalid: `not-in-releases`, with what there is instead.
        """
        taken = self._taken()
        grouped = [each for each in self._by if each in taken]
        for place_key, places in self._places():
            for codes in product(*(taken[each] for each in grouped)):
                of_key = dict(zip(grouped, codes, strict=True))
                if (cells := self._cells(taken, of_key)) is not None:
                    yield self._key(place_key, of_key), [self._term(place, cells) for place in places]

    @property
    def _by(self) -> tuple[Attribute, ...]:
        return tuple(ATTRIBUTES[each] for each in self.by if each in ATTRIBUTES)

    def _taken(self) -> dict[Attribute, tuple[Code, ...]]:
        """The codes that are left of each attribute that matters. A risk tells its group."""
        chosen = self._chosen()
        for attribute, wanted in self.part.where.items():
            codes = chosen.get(attribute, self.lattice.codes[attribute])
            chosen[attribute] = tuple(each for each in codes if each in wanted)
        named = (*self._by, *([Attribute.RISK] if self.part.per_risk else []))
        taken = {each: self.lattice.codes[each] for each in named} | chosen
        if Attribute.RISK in taken and Attribute.RISK_GROUP in taken:
            groups = taken[Attribute.RISK_GROUP]
            taken[Attribute.RISK] = tuple(each for each in taken[Attribute.RISK] if self._group(each) in groups)
        return taken

    def _chosen(self) -> dict[Attribute, tuple[Code, ...]]:
        """What the choices leave where they leave something out. To choose all codes is to choose nothing; but not every student received
        support. All risks of a group are the group.
        """
        chosen = {
            ATTRIBUTES[dimension]: tuple(each for each in self.lattice.codes[ATTRIBUTES[dimension]] if each in codes)
            for dimension, codes in self.choices.items()
            if dimension in ATTRIBUTES
        }
        risks = chosen.get(Attribute.RISK)
        if risks is not None and Attribute.RISK not in self._by and not self.part.per_risk:
            groups = chosen.get(Attribute.RISK_GROUP, self.lattice.codes[Attribute.RISK_GROUP])
            risks = tuple(each for each in risks if self._group(each) in groups)
            groups = tuple(each for each in groups if each in set(map(self._group, risks)))
            if risks == tuple(each for each in self.lattice.codes[Attribute.RISK] if self._group(each) in groups):
                del chosen[Attribute.RISK]
                chosen[Attribute.RISK_GROUP] = groups
            else:
                chosen[Attribute.RISK] = risks
        everybody = {each for each in Attribute if self._adds_up(each)} | {Attribute.RISK, Attribute.RISK_GROUP}
        return {
            each: codes for each, codes in chosen.items() if codes != self.lattice.codes[each] or each not in everybody
        }

    def _adds_up(self, attribute: Attribute) -> bool:
        """Whether the figure does over its codes."""
        if self.part.figure is not Figure.STUDENTS or (attribute is Attribute.RISK and self.part.per_risk):
            return True
        return attribute not in MEMBERSHIPS | {Attribute.RISK}

    def _group(self, risk: Code) -> str:
        return self.lattice.groups[str(risk)]

    def _cells(self, taken: Taken, of_key: Mapping[Attribute, Code]) -> Taken | None:
        """None where the key names a risk and the group of another one."""
        cells = {each: (of_key[each],) if each in of_key else codes for each, codes in taken.items()}
        if Attribute.RISK in cells and Attribute.RISK_GROUP in cells:
            groups = cells.pop(Attribute.RISK_GROUP)
            cells[Attribute.RISK] = tuple(each for each in cells[Attribute.RISK] if self._group(each) in groups)
        for each, codes in cells.items():
            if not codes:
                return None
            if len(codes) > 1 and not self._adds_up(each):
                raise self._refusal(f"{self.measure} do not add up over {each}: group by it, or ask for one.")
        return cells

    def _term(self, place: Place, cells: Taken) -> Term:
        table = find_table(self.part.figure, place.level, cells)
        if table is None:
            wanted = _named(tuple(each for each in Attribute if each in cells))
            message = f"{self.measure} of a {place.level} would need {_ASKED.get(self.part.figure, self.part.figure)} {wanted}, which are not told. {self._instead(place)}"
            raise self._refusal(message)
        return Term(table=table, place=place, taken=cells)

    def _instead(self, place: Place) -> str:
        mine = [each for each in TABLES if each.figure is self.part.figure]
        there = [_named(each.attributes) for each in mine if each.level is place.level]
        if there:
            return f"They are told {', '.join(there)}."
        return f"They are told of {', '.join(dict.fromkeys(each.level for each in mine))}."

    @staticmethod
    def _refusal(message: str) -> Invalid:
        return Invalid([violation("/by", "not-in-releases", message)])

    def _places(self) -> Iterator[tuple[dict[Dimension, Code], list[Place]]]:
        """The fewest places that the groups are made of."""
        left = self._municipalities()
        if Dimension.MUNICIPALITY in self.by:
            for region, each in left.items():
                for municipality in each:
                    # As everywhere: what lies in no municipality has none.
                    named = None if municipality == UNASSIGNED else municipality
                    yield {Dimension.REGION: region, Dimension.MUNICIPALITY: named}, [Place(region, municipality)]
        elif Dimension.REGION in self.by:
            for region in left:
                yield {Dimension.REGION: region}, self._within(region, left[region])
        elif left == dict(self.lattice.regions):
            yield {}, [STATE]
        elif left:
            yield {}, [place for region, each in left.items() for place in self._within(region, each)]

    def _within(self, region: str, municipalities: tuple[str, ...]) -> list[Place]:
        if municipalities == self.lattice.regions[region]:
            return [Place(region)]
        return [Place(region, each) for each in municipalities]

    def _municipalities(self) -> dict[str, tuple[str, ...]]:
        regions, municipalities = (self.choices.get(each) for each in (Dimension.REGION, Dimension.MUNICIPALITY))
        found = {
            region: tuple(each for each in those if municipalities is None or each in municipalities)
            for region, those in self.lattice.regions.items()
            if regions is None or region in regions
        }
        return {region: each for region, each in found.items() if each}

    def _key(self, place: Mapping[Dimension, Code], of_key: Mapping[Attribute, Code]) -> Key:
        semester = self.lattice.semester
        known: dict[Dimension, Code] = {
            **place,
            Dimension.SEMESTER: str(semester),
            Dimension.SCHOOL_YEAR: str(semester.school_year),
            **{each: of_key[ATTRIBUTES[each]] for each in self.by if ATTRIBUTES.get(each) in of_key},
        }
        return tuple(known[each] for each in self.by)


def _named(attributes: tuple[Attribute, ...]) -> str:
    return f"by {' x '.join(_ASKED.get(each, each) for each in attributes)}" if attributes else "as a whole"
