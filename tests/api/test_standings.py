"""What names an answer: the question, and all of where its asker stands."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.standings import Standing
from app.db.scopes import DatabaseRole, Scope

NARROW = Scope(role=DatabaseRole.STATISTICS, institution_ids=(1, 2))
HERE = Standing(scope=NARROW, version="epoch 7", today=date(2021, 11, 15))


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(HERE, scope=replace(NARROW, institution_ids=(1,))),
        replace(HERE, scope=replace(NARROW, institution_ids=(12,))),
        replace(HERE, scope=replace(NARROW, institution_ids=())),
        replace(HERE, scope=replace(NARROW, role=DatabaseRole.STATISTICS_WIDE)),
        replace(HERE, scope=replace(NARROW, staff_member="t-1")),
        replace(HERE, version="epoch 8"),
        replace(HERE, version="another 7"),
        replace(HERE, today=HERE.today + timedelta(days=1)),
    ],
)
def test_whoever_stands_elsewhere_has_another_tag(elsewhere: Standing) -> None:
    assert elsewhere.tag(b"question") != HERE.tag(b"question")


def test_the_order_of_institutions_says_nothing() -> None:
    turned = replace(HERE, scope=replace(NARROW, institution_ids=(2, 1)))
    assert turned.tag(b"question") == HERE.tag(b"question")


standings = st.builds(
    Standing,
    scope=st.builds(
        Scope,
        role=st.sampled_from([DatabaseRole.STATISTICS, DatabaseRole.STATISTICS_WIDE, DatabaseRole.AUTHORITY]),
        institution_ids=st.sets(st.integers(1, 9), max_size=3).map(lambda ids: tuple(sorted(ids))),
    ),
    version=st.text(max_size=3),
    today=st.dates(min_value=date(2021, 1, 1), max_value=date(2021, 1, 3)),
)


@given(standings, standings, st.binary(max_size=3), st.binary(max_size=3))
def test_one_tag_is_one_answer(one: Standing, other: Standing, question: bytes, another: bytes) -> None:
    same = (one, question) == (other, another)
    assert (one.tag(question) == other.tag(another)) is same
