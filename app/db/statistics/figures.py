"""How each measure is made of the columns of statistics tables. The catalogue's measures are entries here, not branches."""

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.statistics.definitions import Measure


@dataclass(frozen=True, slots=True)
class Adds:
    """These columns added up."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountsPlans:
    """Plans, each once: of which `flag` is true, None for all."""

    flag: str | None = None


@dataclass(frozen=True, slots=True)
class CountsStudents:
    """Distinct students with a plan of which `flag` is true, None for any."""

    flag: str | None = None


Figure = Adds | CountsPlans | CountsStudents

FIGURES: dict[Measure, Figure] = {
    Measure.STUDENTS: CountsStudents(),
    Measure.PLANS: CountsPlans(),
    Measure.PLANS_CONTINUED: CountsPlans("continued"),
    Measure.INTERVENTIONS: Adds(("attended",)),
    Measure.NOT_ATTENDED: Adds(("not_attended",)),
    Measure.INTERVENTIONS_SCHEDULED: Adds(("attended", "not_attended")),
    Measure.DELIVERED_HOURS: Adds(("centihours",)),
    Measure.CONSULTATIONS: Adds(("consultations",)),
    Measure.EUR: Adds(("cents",)),
    Measure.PLANNED_HOURS: Adds(("planned_centihours",)),
    Measure.PLANNED_EUR: Adds(("planned_cents",)),
    Measure.RISKS_ANSWERED: Adds(("risks",)),
    Measure.RISKS_WITH_RESULT: Adds(("results",)),
    Measure.RISKS_RESOLVED: Adds(("resolved",)),
    Measure.RISKS_REDUCED: Adds(("reduced",)),
    Measure.RISKS_IMPROVED: Adds(("resolved", "reduced")),
    Measure.STUDENTS_WITH_YEAR_RESULT: CountsStudents("with_year_result"),
    Measure.STUDENTS_PROMOTED: CountsStudents("promoted"),
    Measure.STUDENTS_LEFT_EARLY: CountsStudents("left_early"),
}
"""Of plans and of what hangs on them. Staff and participations have statements of their own."""


def added_columns(measures: Collection[Measure]) -> list[str]:
    """All that these measures add up, by name."""
    figures = [FIGURES[each] for each in measures]
    return sorted({name for each in figures if isinstance(each, Adds) for name in each.columns})
