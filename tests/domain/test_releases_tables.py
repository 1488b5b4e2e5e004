"""Which tables a release has."""

from itertools import combinations

import pytest

from app.domain.releases.attributes import Attribute, Figure, Level
from app.domain.releases.tables import TABLES, Table, find_table, table_of

DEPTH = {Level.STATE: 3, Level.REGION: 2, Level.MUNICIPALITY: 1}


def test_the_lower_the_level_the_fewer_attributes() -> None:
    assert {level: max(len(each.attributes) for each in TABLES if each.level is level) for level in Level} == DEPTH


def test_each_table_is_there_once_with_its_attributes_in_order() -> None:
    assert len({(each.figure, each.level, each.attributes) for each in TABLES}) == len(TABLES)
    assert all(list(each.attributes) == [a for a in Attribute if a in each.attributes] for each in TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda each: f"{each.figure}-{each.level}-{'-'.join(each.attributes)}")
def test_whatever_a_table_adds_up_to_is_a_table(table: Table) -> None:
    for size in range(len(table.rows)):
        for rows in combinations(table.rows, size):
            apart = () if table.slice is None else (table.slice,)
            assert find_table(table.figure, table.level, (*apart, *rows)) is not None
    above = {Level.MUNICIPALITY: Level.REGION, Level.REGION: Level.STATE}.get(table.level)
    assert above is None or find_table(table.figure, above, table.attributes) is not None


@pytest.mark.parametrize("table", [each for each in TABLES if each.figure is not Figure.STUDENTS])
def test_students_of_every_sum_are_counted(table: Table) -> None:
    """Whether the sum is small follows from them."""
    assert find_table(Figure.STUDENTS, table.level, table.attributes) is not None


def test_a_table_is_found_by_attributes_in_any_order() -> None:
    found = find_table(Figure.STUDENTS, Level.REGION, (Attribute.GRADE, Attribute.RISK_GROUP))
    assert found is not None
    assert found.attributes == (Attribute.RISK_GROUP, Attribute.GRADE)
    assert found.slice is Attribute.RISK_GROUP
    assert find_table(Figure.STUDENTS, Level.MUNICIPALITY, (Attribute.RISK,)) is None


def test_sums_add_up_over_risk_groups_and_numbers_of_students_do_not() -> None:
    assert table_of(Figure.HOURS, Level.REGION, (Attribute.RISK_GROUP,)).rows == (Attribute.RISK_GROUP,)
    assert table_of(Figure.STUDENTS, Level.REGION, (Attribute.RISK_GROUP,)).rows == ()
