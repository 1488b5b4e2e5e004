"""From rows to figures by steps: rows of a plan, plans of a student, students of a group. Each counts once in what is above it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select

from app.db.statistics.figures import FIGURES, Adds, CountsPlans, CountsStudents, Figure
from app.domain.statistics.definitions import Measure

Step = Mapping[type[Figure], Callable[[ColumnElement[Any]], ColumnElement[Any]]]


def _added(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.sum(column)


def _any(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.bool_or(column)


def _counted(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.count().filter(column)


_TO_PLANS: Step = {Adds: _added, CountsPlans: _any, CountsStudents: _any}
_TO_STUDENTS: Step = {Adds: _added, CountsPlans: _counted, CountsStudents: _any}
_STUDENTS_TO_GROUPS: Step = {Adds: _added, CountsPlans: _added, CountsStudents: _counted}
_PLANS_TO_GROUPS: Step = {Adds: _added, CountsPlans: _counted}


def rolled_up(
    rows: Select[*tuple[Any, ...]], keys: Sequence[str], measures: Collection[Measure], *, of_plans: bool
) -> Select[*tuple[Any, ...]]:
    """One row for each key, with a column named as each measure.

    `rows` have the keys, `student_id`, `plan_id`, and for each measure the number to add, or whether the plan or student counts.
    `of_plans`: each of them is a whole plan.
    """
    kinds = {type(FIGURES[each]) for each in measures}
    step = _PLANS_TO_GROUPS
    if CountsPlans in kinds and not of_plans:
        rows = _step(rows.subquery("parts"), [*keys, "student_id", "plan_id"], measures, _TO_PLANS)
    if CountsStudents in kinds:
        rows = _step(rows.subquery("plans"), [*keys, "student_id"], measures, _TO_STUDENTS)
        step = _STUDENTS_TO_GROUPS
    return _step(rows.subquery("students"), keys, measures, step)


def _step(below: Subquery, keys: Sequence[str], measures: Collection[Measure], step: Step) -> Select[*tuple[Any, ...]]:
    kept = [below.c[key] for key in keys]
    figures = [step[type(FIGURES[each])](below.c[each]).label(each) for each in sorted(measures)]
    return select(*kept, *figures).group_by(*kept)
