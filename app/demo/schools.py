"""What the synthetic register plans with: an institution, its participations, its partner, and how many plans it makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.domain.calendar import Semester
from app.domain.code_lists import InstitutionKind
from app.domain.ids import InstitutionId
from app.domain.institutions import Institution
from app.domain.participations import Participation, Partner
from app.domain.periods import Period


@dataclass(frozen=True, kw_only=True)  # not slotted: periods are cached in the instance
class School:
    """`weight` is its share of the plans; `published` marks the schools whose plan counts are facts, so that nobody transfers
    into or out of them within a semester.
    """

    institution: Institution
    participations: tuple[Participation, ...]
    partners: tuple[Partner, ...]
    lowest_grade: int
    highest_grade: int
    weight: int
    published: bool = False

    @property
    def id(self) -> InstitutionId:
        return self.institution.id

    @property
    def kind(self) -> InstitutionKind:
        return self.institution.kind

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        return tuple(each.period for each in self.participations)

    def participates(self, day: date) -> bool:
        return any(day in period for period in self.periods)

    def partner_on(self, day: date) -> Partner | None:
        return next((self.partners[at] for at, period in enumerate(self.periods) if day in period), None)

    def part_of(self, semester: Semester) -> Period | None:
        """The days of the semester on which it takes part, as one period; None where they are too few for a plan."""
        for period in self.periods:
            start = max(period.start, semester.start)
            end = min(period.end or semester.end, semester.end)
            if (end - start).days >= SHORTEST_PART:
                return Period(start, end)
        return None


SHORTEST_PART = 28

Quota = Mapping[tuple[InstitutionId, Semester], int]
"""Plans that come into force, per institution and semester."""
