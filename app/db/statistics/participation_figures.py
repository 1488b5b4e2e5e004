"""Institutions participating: participations against the days, semesters or school years that are asked."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Select,
    SmallInteger,
    and_,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.db.statistics.borders import Borders
from app.db.statistics.conditions import satisfied
from app.db.statistics.parts import Part
from app.db.statistics.places import with_places
from app.db.statistics.sources import times
from app.db.statistics.times import term_of
from app.db.tables import institution, institution_location, participation
from app.db.tables.reference import municipality_region, programme
from app.domain.calendar import Semester
from app.domain.reference import ReferenceData
from app.domain.regions import UNASSIGNED
from app.domain.statistics.conditions import dimensions_of
from app.domain.statistics.definitions import PLACES, TIME, Dimension, Measure
from app.domain.statistics.holding import besides, semesters_of


def participation_figures(
    part: Part,
    borders: Borders,
    *,
    institution_ids: Collection[int] | None,
    reference: ReferenceData,
    today: date,
) -> Select[*tuple[Any, ...]]:
    """Participations are public facts, so no policy limits them: `institution_ids` are those in scope, None for all."""
    # What is said of the time decides which days are asked; what is said of places, of where an institution lay on the first of them.
    where = besides(part.where, TIME)
    by_time = TIME & (frozenset(part.by) | dimensions_of(where))
    presence = _presence(_windows(part, reference, today), by_time, institution_ids)
    columns: dict[Dimension, ColumnElement[Any]] = {
        Dimension.INSTITUTION: presence.c.institution_id,
        Dimension.INSTITUTION_KIND: institution.c.kind,
        **{each: presence.c[each] for each in by_time},
        **_places(part, borders),
    }
    keys = [columns[each].label(each) for each in part.by]
    count = func.count(presence.c.institution_id.distinct()).label(Measure.INSTITUTIONS_PARTICIPATING)
    statement = select(*keys, count).select_from(_placed(presence, part, borders))
    if where is not None:
        statement = statement.where(satisfied(where, columns))
    return statement.group_by(*(columns[each] for each in part.by))


def _windows(part: Part, reference: ReferenceData, today: date) -> CTE:
    """The days asked, semester by semester; without a day of its own, the question ends today."""
    asked = [*_days(part, reference, today)]
    rows = func.unnest(
        literal([term for term, _, _ in asked], ARRAY(SmallInteger)),
        literal([first for _, first, _ in asked], ARRAY(Date)),
        literal([last for _, _, last in asked], ARRAY(Date)),
    ).table_valued("term", "first", "last", name="days")
    named = rows.render_derived()
    term = type_coerce(named.c.term, SmallInteger)
    labelled = [column.label(each) for each, column in times(term, 0).items()]
    return select(*labelled, named.c.first, named.c.last).cte("windows")


def _days(part: Part, reference: ReferenceData, today: date) -> Iterator[tuple[int, date, date]]:
    """The term under which it is asked, the first and the last day; of the period before, if that is what the part is about."""
    for code in semesters_of(part.where, reference):
        named = Semester.parse(code)
        semester = named
        for _ in range(part.shift):
            semester = semester.previous()
        day = part.participating_on
        if day is not None and day in named.period:
            yield term_of(named), day, day
        elif day is None and semester.start <= today:
            yield term_of(named), semester.start, min(semester.end, today)


def _presence(windows: CTE, by_time: Collection[Dimension], institution_ids: Collection[int] | None) -> CTE:
    """One row for each institution and time asked by, with the first day on which it participates in it."""
    times_asked = [windows.c[each] for each in sorted(by_time)]
    # A participation without an end lasts as long as its programme.
    end = func.least(participation.c.valid_to, programme.c.valid_to)
    overlaps = and_(participation.c.valid_from <= windows.c.last, or_(end.is_(None), end >= windows.c.first))
    first_day = func.min(func.greatest(participation.c.valid_from, windows.c.first))
    statement = (
        select(participation.c.institution_id, *times_asked, first_day.label("first_day"))
        .join(programme, programme.c.code == participation.c.programme)
        .join(windows, overlaps)
        .group_by(participation.c.institution_id, *times_asked)
    )
    if institution_ids is not None:
        statement = statement.where(participation.c.institution_id.in_(institution_ids))
    return statement.cte("presence")


def _places(part: Part, borders: Borders) -> dict[Dimension, ColumnElement[Any]]:
    if part.as_of is not None:
        return borders.columns
    return {
        Dimension.MUNICIPALITY: institution_location.c.municipality,
        Dimension.REGION: func.coalesce(municipality_region.c.region, UNASSIGNED),
    }


def _placed(presence: CTE, part: Part, borders: Borders) -> FromClause:
    source: FromClause = presence.join(institution, institution.c.id == presence.c.institution_id)
    if part.as_of is not None:
        if not part.dimensions & PLACES:
            return source
        return source.outerjoin(borders.table, borders.table.c.id == presence.c.institution_id)
    return with_places(
        source,
        institution_id=presence.c.institution_id,
        on=presence.c.first_day,
        scheme=part.scheme,
        needed=part.dimensions,
    )
