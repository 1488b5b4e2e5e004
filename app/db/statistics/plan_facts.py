"""The plans a question is about: put into force, within its filters, with what it groups by."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.db.statistics.lists import lists_of, semesters_asked
from app.db.statistics.places import MUNICIPALITY, REGION, with_places
from app.db.tables import enrolment, institution, plan
from app.db.tables.reference import semester
from app.domain.reference import ReferenceData
from app.domain.statistics.definitions import DELIVERY, RISK, Dimension
from app.domain.statistics.query import Query

COLUMNS: dict[Dimension, ColumnElement[Any]] = {
    Dimension.REGION: REGION,
    Dimension.MUNICIPALITY: MUNICIPALITY,
    Dimension.INSTITUTION: plan.c.institution_id,
    Dimension.SEMESTER: plan.c.semester,
    Dimension.SCHOOL_YEAR: semester.c.school_year,
    Dimension.INSTITUTION_KIND: institution.c.kind,
    Dimension.GRADE: enrolment.c.grade,
}
TIMES = frozenset({Dimension.SEMESTER, Dimension.SCHOOL_YEAR})


def plan_facts(
    query: Query, reference: ReferenceData, institution_ids: Sequence[int] | None = None
) -> Select[*tuple[Any, ...]]:
    """One row for each plan: `id`, `student_id`, `continued`, and a column named as each plan dimension that is grouped by.

    `institution_ids` are those in scope, None for all. The policies see to it that there are no others; said here, the planner knows
    how few plans they have, and looks for them by the index.
    """
    grouped = [COLUMNS[each].label(each) for each in query.by if each in COLUMNS]
    statement = select(plan.c.id, plan.c.student_id, plan.c.continues.is_not(None).label("continued"), *grouped)
    statement = statement.select_from(_source(query)).where(plan.c.activated_on.is_not(None))
    if institution_ids is not None:
        in_scope = bindparam("in_scope", list(institution_ids), type_=ARRAY(Integer))
        statement = statement.where(plan.c.institution_id == any_(in_scope))
    for dimension, codes in lists_of(query).items():
        if dimension in COLUMNS and dimension not in TIMES:
            statement = statement.where(COLUMNS[dimension].in_(codes))
    if (semesters := semesters_asked(query, reference)) is not None:
        statement = statement.where(plan.c.semester.in_(semesters))
    return statement


def is_narrow(query: Query) -> bool:
    """Whether it filters plans, so that fewer interventions than all are worth reading."""
    return bool(frozenset(lists_of(query)) - RISK - DELIVERY)


def _source(query: Query) -> FromClause:
    source: FromClause = plan
    if Dimension.INSTITUTION_KIND in query.dimensions:
        source = source.join(institution, institution.c.id == plan.c.institution_id)
    if Dimension.SCHOOL_YEAR in query.by:
        source = source.join(semester, semester.c.code == plan.c.semester)
    if Dimension.GRADE in query.dimensions:
        of_plan = (enrolment.c.id == plan.c.enrolment_id) & (enrolment.c.student_id == plan.c.student_id)
        source = source.join(enrolment, of_plan)
    return with_places(
        source,
        institution_id=plan.c.institution_id,
        on=plan.c.valid_from,
        scheme=query.scheme,
        needed=query.dimensions,
    )
