"""Staff involved: distinct staff members, each within the institution that named them, who delivered something attended."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select

from app.db.statistics.borders import Borders
from app.db.statistics.conditions import within
from app.db.statistics.parts import Part
from app.db.statistics.sources import place_and_time_columns, with_places
from app.db.tables import statistics_staff
from app.domain.statistics.definitions import Measure


def staff_figures(part: Part, borders: Borders, *, institution_ids: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    """One reference in two institutions may be two people, and is counted as two."""
    staff = statistics_staff.c
    columns = place_and_time_columns(statistics_staff, part, borders)
    keys = [columns[each].label(each) for each in part.by]
    rows = select(*keys, staff.institution_id, staff.staff_member).where(staff.attended > 0)
    rows = rows.select_from(with_places(statistics_staff, statistics_staff, part, borders))
    rows = within(rows, part.where, columns, staff.institution_id, institution_ids)
    each_once = rows.distinct().subquery("staff")
    kept = [each_once.c[each] for each in part.by]
    count = func.count().label(Measure.STAFF_INVOLVED)
    return select(*kept, count).select_from(each_once).group_by(*kept)
