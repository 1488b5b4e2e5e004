"""What the cell of a table comes to, by the kind of its field."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.sources.cells import BadCell, Cell, Cells
from app.cli.sources.kinds import Kind
from app.cli.sources.mappings import mapping_of, path_of

CELLS = Cells(
    mapping_of({"type": "plan", "external_id": "id", "columns": {}}),
    {("n",): Kind.NUMBER, ("i",): Kind.INTEGER, ("b",): Kind.BOOLEAN, ("d",): Kind.DATE},
)


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("n", "1 234,50", "1234.50"),
        ("n", 2, "2"),
        ("n", 0.1, "0.1"),
        ("i", "7", 7),
        ("i", 7.0, 7),
        ("b", True, True),
        ("b", "X", True),
        ("d", date(2021, 9, 1), "2021-09-01"),
        ("t", 4312902314.0, "4312902314"),
        ("t", "  text ", "text"),
        ("t", "   ", None),
        ("t", None, None),
    ],
)
def test_what_a_cell_comes_to(field: str, cell: Cell, value: object) -> None:
    assert CELLS.value(path_of(field), cell) == value


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("n", "NaN"),
        ("n", "1.2.3"),
        ("n", "1e999999"),
        ("n", "1e999999999999999999999"),
        ("i", "7.5"),
        ("b", "varbūt"),
        ("d", "rīt"),
    ],
)
def test_what_no_cell_of_its_kind_can_be(field: str, cell: str) -> None:
    with pytest.raises(BadCell):
        CELLS.value(path_of(field), cell)


@given(amount=st.decimals(min_value=0, max_value=9_999_999, places=2))
def test_amounts_are_exact_however_they_are_written(amount: Decimal) -> None:
    written = f"{amount:,.2f}".replace(",", " ").replace(".", ",")
    assert Decimal(CELLS.value(("n",), written)) == amount
