"""Cursors: good for the question that they are of, and for nothing else."""

from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest

from app.db.reference import packaged
from app.domain.errors import Invalid
from app.domain.statistics.answer import Group
from app.domain.statistics.cursors import position_after
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.pages import page_of
from app.domain.statistics.query import Direction, Order, Query

BY_GRADE = Query(by=(Dimension.GRADE,), measures=frozenset({Measure.PLANS}))
MOST = (Order(by=Measure.PLANS, direction=Direction.DESCENDING),)
DEEP = urlsafe_b64encode(b"[" * 3_000).decode()


@pytest.mark.parametrize("cursor", ["", "x", "!!!", "W10", "WyJhIixbW3RydWUsIk5hTiIsIiJdXV0", "bnVsbA", "MQ", DEEP])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        position_after(replace(BY_GRADE, after=cursor))
    assert [(each.pointer, each.code) for each in refused.value.violations] == [("/after", "cursor")]


def test_a_cursor_is_of_its_own_question() -> None:
    cursor = page_of(
        replace(BY_GRADE, first=1), [Group(key=(grade,), values={Measure.PLANS: 1}) for grade in (1, 2)], packaged()
    ).end_cursor
    with pytest.raises(Invalid):
        page_of(replace(BY_GRADE, order=MOST, after=cursor), [], packaged())
