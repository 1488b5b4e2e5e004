"""Institutions participating: participations against the days, semesters or school years that are asked."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Select, and_, func, literal, or_, select

from app.db.statistics.grouping import grouped
from app.db.statistics.lists import lists_of, semesters_asked
from app.db.statistics.places import MUNICIPALITY, REGION, with_places
from app.db.tables import institution, participation
from app.db.tables.reference import programme, semester
from app.domain.reference import ReferenceData
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Query

_TIMES = (Dimension.SEMESTER, Dimension.SCHOOL_YEAR)


def participation_figures(
    query: Query, reference: ReferenceData, *, institution_ids: Collection[int] | None, today: date
) -> Select[*tuple[Any, ...]]:
    """`institution_ids`: those in scope, None for all. Participations are public facts, so no policy limits them."""
    presence = _presence(query, _windows(query, reference, today), institution_ids)
    columns: dict[Dimension, ColumnElement[Any]] = {
        Dimension.REGION: REGION,
        Dimension.MUNICIPALITY: MUNICIPALITY,
        Dimension.INSTITUTION: presence.c.institution_id,
        Dimension.INSTITUTION_KIND: institution.c.kind,
    }
    source = with_places(
        presence.join(institution, institution.c.id == presence.c.institution_id),
        institution_id=presence.c.institution_id,
        on=presence.c.first_day,
        scheme=query.scheme,
        needed=query.dimensions,
    )
    count = func.count(presence.c.institution_id.distinct()).label(Measure.INSTITUTIONS_PARTICIPATING)
    statement = select(count).select_from(source)
    for dimension, codes in lists_of(query).items():
        if dimension in columns:
            statement = statement.where(columns[dimension].in_(codes))
    keys = {each: presence.c[each] if each in _TIMES else columns[each] for each in query.by}
    return grouped(statement, query, keys)


def _windows(query: Query, reference: ReferenceData, today: date) -> CTE:
    """The days asked, semester by semester; without a day of its own, the question ends today."""
    day = query.participating_on
    first: ColumnElement[date] = semester.c.starts_on if day is None else literal(day, Date)
    last: ColumnElement[date] = (
        func.least(semester.c.ends_on, literal(today, Date)) if day is None else literal(day, Date)
    )
    statement = select(
        semester.c.code.label(Dimension.SEMESTER),
        semester.c.school_year.label(Dimension.SCHOOL_YEAR),
        first.label("first"),
        last.label("last"),
    )
    if day is None:
        statement = statement.where(semester.c.starts_on <= today)
    else:
        statement = statement.where(literal(day, Date).between(semester.c.starts_on, semester.c.ends_on))
    if (asked := semesters_asked(query, reference)) is not None:
        statement = statement.where(semester.c.code.in_(asked))
    return statement.cte("windows")


def _presence(query: Query, windows: CTE, institution_ids: Collection[int] | None) -> CTE:
    """One row for each institution and time grouped by, with the first day on which it participates in it."""
    times = [windows.c[each] for each in _TIMES if each in query.by]
    # A participation without an end lasts as long as its programme.
    end = func.least(participation.c.valid_to, programme.c.valid_to)
    overlaps = and_(participation.c.valid_from <= windows.c.last, or_(end.is_(None), end >= windows.c.first))
    first_day = func.min(func.greatest(participation.c.valid_from, windows.c.first))
    statement = (
        select(participation.c.institution_id, *times, first_day.label("first_day"))
        .join(programme, programme.c.code == participation.c.programme)
        .join(windows, overlaps)
        .group_by(participation.c.institution_id, *times)
    )
    if institution_ids is not None:
        statement = statement.where(participation.c.institution_id.in_(institution_ids))
    return statement.cte("presence")
