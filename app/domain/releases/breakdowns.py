"""By which attributes the figures of each level are broken down. With every breakdown there are all its parts, and the same one above."""

from itertools import combinations

from app.domain.releases.attributes import MARKS, PROFILE, Attribute, Figure, Level

Attributes = tuple[Attribute, ...]

_KIND, _GRADE, _CONTINUED, _YEAR_RESULT = PROFILE
_MARKS = tuple((mark,) for mark in MARKS)


def _together(most: int) -> tuple[Attributes, ...]:
    """Any of the profile, as many as `most` at a time."""
    return tuple(each for size in range(most + 1) for each in combinations(PROFILE, size))


OF_STUDENTS: dict[Level, tuple[Attributes, ...]] = {
    Level.STATE: (*_together(3), *_MARKS, *((one, mark) for one in (_KIND, _GRADE) for mark in MARKS)),
    Level.REGION: (*_together(2), *_MARKS),
    Level.MUNICIPALITY: (*_together(1), (Attribute.MINORITY_PROGRAMME,)),
}
"""Numbers of students by what each of them has exactly one code of."""

OF_MEMBERSHIPS: dict[Level, tuple[Attributes, ...]] = {
    Level.STATE: (
        *((Attribute.RISK_GROUP, *rest) for rest in (*_together(2), *_MARKS)),
        *((Attribute.SUPPORT_MEASURE, *rest) for rest in ((), (_KIND,), (_GRADE,))),
    ),
    Level.REGION: (*((Attribute.RISK_GROUP, *rest) for rest in _together(1)), (Attribute.SUPPORT_MEASURE,)),
    Level.MUNICIPALITY: ((Attribute.RISK_GROUP,),),
}
"""Numbers of students by what they may have several codes of."""

OF_RISKS: dict[Level, tuple[Attributes, ...]] = {
    Level.STATE: (
        *((Attribute.RISK, *rest) for rest in (*_together(1), *_MARKS)),
        *((Attribute.RISK, Attribute.RISK_RESULT, *rest) for rest in ((), (_KIND,), (_GRADE,))),
    ),
    Level.REGION: ((Attribute.RISK,), (Attribute.RISK, Attribute.RISK_RESULT)),
}
"""Numbers of students by each of the risks that count of them, and by what came of it."""

_PARTS = ((Attribute.RISK_GROUP,), (Attribute.SUPPORT_MEASURE,))
_WHOLE: tuple[Attributes, ...] = ((),)


def _sums(*broken_down: tuple[Figure, tuple[Attributes, ...]]) -> tuple[tuple[Figure, Attributes], ...]:
    return tuple((figure, attributes) for figure, several in broken_down for attributes in several)


OF_SUMS: dict[Level, tuple[tuple[Figure, Attributes], ...]] = {
    Level.STATE: _sums(
        (Figure.HOURS, (*_WHOLE, *_PARTS, (_KIND,), (_GRADE,))),
        (Figure.CONSULTATIONS, (*_WHOLE, (_KIND,))),
        (Figure.EUR, (*_WHOLE, *_PARTS, (_KIND,), (_GRADE,))),
    ),
    Level.REGION: _sums(
        (Figure.HOURS, (*_WHOLE, *_PARTS)), (Figure.CONSULTATIONS, _WHOLE), (Figure.EUR, (*_WHOLE, *_PARTS))
    ),
    Level.MUNICIPALITY: _sums((Figure.HOURS, _WHOLE), (Figure.CONSULTATIONS, _WHOLE)),
}
"""Sums. The money of a municipality is not among them: what one student may cost is more than many of them spend. Consultations go along
with hours, which are broken down further.
"""
