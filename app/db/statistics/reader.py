"""Reads parts of a question in one transaction: one statement for plans and what hangs on them, one for staff, one for participations."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.statistics.borders import Borders
from app.db.statistics.cell_choice import cells_for
from app.db.statistics.cells import cell_figures
from app.db.statistics.facts import fact_figures
from app.db.statistics.participation_figures import participation_figures
from app.db.statistics.parts import Part
from app.db.statistics.staff_figures import staff_figures
from app.domain.reference import ReferenceData
from app.domain.statistics.answer import Key
from app.domain.statistics.catalogue import MEASURES
from app.domain.statistics.definitions import HUNDREDTHS, Grain, Measure
from app.domain.statistics.group_rules import MAX_GROUPS
from app.domain.statistics.rules import check_groups

Count = int | Decimal
Counts = Mapping[Measure, Count]
Figures = Mapping[Key, Counts]
"""What was counted for each key; a measure that is missing is zero."""
_CENTS: Final = Decimal("0.01")
_APART: Final = frozenset({Grain.STAFF, Grain.PARTICIPATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """`institution_ids` are those in scope, None for all."""

    connection: AsyncConnection
    reference: ReferenceData
    institution_ids: tuple[int, ...] | None
    today: date
    borders: Borders

    async def read(self, part: Part) -> Figures:
        """Raises Invalid where there are more groups than one answer holds: of each statement one more than that is read at most."""
        found: dict[Key, dict[Measure, Count]] = defaultdict(dict)
        if not part.by:
            found[()] = {}
        for statement in self.statements(part):
            for row in (await self.connection.execute(statement.limit(MAX_GROUPS + 1))).mappings():
                counts = {each: _exact(each, row[each]) for each in part.measures if each in row}
                found[tuple(row[each] for each in part.by)] |= counts
        check_groups(len(found))
        return found

    def statements(self, part: Part) -> Iterator[Select[*tuple[Any, ...]]]:
        """Groups are those of plans, also where nothing but staff is asked; of participations, where nothing else is."""
        grains = {MEASURES[each].grain for each in part.measures}
        if grains != {Grain.PARTICIPATION}:
            measures = frozenset(each for each in part.measures if MEASURES[each].grain not in _APART)
            yield from self._of_plans(part, measures)
        if Grain.STAFF in grains:
            yield staff_figures(part, self.borders, institution_ids=self.institution_ids)
        if Grain.PARTICIPATION in grains:
            yield participation_figures(
                part,
                self.borders,
                institution_ids=self.institution_ids,
                reference=self.reference,
                today=self.today,
            )

    def _of_plans(self, part: Part, measures: frozenset[Measure]) -> Iterator[Select[*tuple[Any, ...]]]:
        if not part.by and not measures:
            return  # one group, of which nothing is asked
        cells = cells_for(part, measures, self.reference)
        if cells is None:
            yield fact_figures(part, self.borders, measures, institution_ids=self.institution_ids)
        else:
            yield cell_figures(part, self.borders, measures, cells, institution_ids=self.institution_ids)


def exactly_none(measure: Measure) -> Count:
    return _exact(measure, 0)


def _exact(measure: Measure, value: int | Decimal | None) -> Count:
    """Hours and EUR are kept in hundredths. What was added up over nothing is NULL."""
    if MEASURES[measure].unit in HUNDREDTHS:
        return (Decimal(value or 0) / 100).quantize(_CENTS)
    return int(value or 0)
