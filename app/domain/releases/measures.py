"""Which measures of the catalogue a release answers, and of which of its cells each is made.

PLANS and STUDENTS are the same number within one semester: of each student one plan counts. Over semesters plans add up and students do not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.outcomes import Result, YearResult
from app.domain.releases.attributes import Attribute, Code, Figure
from app.domain.releases.tables import Table, students_at_risk, students_of
from app.domain.statistics.catalogue import counted
from app.domain.statistics.definitions import PLACES, TIME, Dimension, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A measure is the sum of the figure's cells with these codes. `per_risk`: of tables by risk, added up over all risks unless one is
    asked for.
    """

    figure: Figure
    where: Mapping[Attribute, tuple[Code, ...]] = field(default_factory=dict)
    per_risk: bool = False

    def students(self, table: Table) -> Table:
        """Of the figure's table: how many students there are under it. Where they are few, it is not told."""
        return students_at_risk(table) if self.per_risk else students_of(table)


def _risks(*results: Result) -> Part:
    return Part(figure=Figure.STUDENTS, where={Attribute.RISK_RESULT: results}, per_risk=True)


def _year(*results: YearResult) -> Part:
    return Part(figure=Figure.STUDENTS, where={Attribute.SCHOOL_YEAR_RESULT: results})


PARTS: dict[Measure, Part] = {
    Measure.STUDENTS: Part(figure=Figure.STUDENTS),
    Measure.PLANS: Part(figure=Figure.STUDENTS),
    Measure.PLANS_CONTINUED: Part(figure=Figure.STUDENTS, where={Attribute.CONTINUED: (True,)}),
    Measure.DELIVERED_HOURS: Part(figure=Figure.HOURS),
    Measure.CONSULTATIONS: Part(figure=Figure.CONSULTATIONS),
    Measure.EUR: Part(figure=Figure.EUR),
    Measure.RISKS_ANSWERED: Part(figure=Figure.STUDENTS, per_risk=True),
    Measure.RISKS_WITH_RESULT: _risks(*Result),
    Measure.RISKS_RESOLVED: _risks(Result.RESOLVED),
    Measure.RISKS_REDUCED: _risks(Result.REDUCED),
    Measure.RISKS_IMPROVED: _risks(Result.RESOLVED, Result.REDUCED),
    Measure.STUDENTS_WITH_YEAR_RESULT: _year(*YearResult),
    Measure.STUDENTS_PROMOTED: _year(YearResult.PROMOTED),
    Measure.STUDENTS_LEFT_EARLY: _year(YearResult.LEFT_EARLY),
}
"""A rate is the share of two of them, as the catalogue says. What is absent is in no release."""

TOLD: frozenset[Measure] = frozenset(each for each in Measure if counted({each}) <= PARTS.keys())
"""All that releases answer, rates among them."""

ATTRIBUTES: dict[Dimension, Attribute] = {
    Dimension(each.value): each for each in Attribute if each is not Attribute.CONTINUED
}
"""Dimensions that tables are broken down by; places and semesters apart. Whether a plan was continued is a measure."""

ASKED_BY: tuple[Dimension, ...] = tuple(each for each in Dimension if each in ATTRIBUTES.keys() | TIME | PLACES)
"""All that releases can be grouped and filtered by, in the order of the catalogue."""


def nothing_by(dimension: Dimension) -> str:
    """For whoever asks by another one."""
    return f"Releases have nothing by {dimension}. What they have is by {', '.join(ASKED_BY)}."
