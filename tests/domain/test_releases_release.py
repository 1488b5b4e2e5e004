"""What a release costs, and from which one a semester is answered."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import Semester
from app.domain.errors import Refused
from app.domain.ids import ReleaseId
from app.domain.releases.release import Ledger, Release, demand_something_to_correct, standing

AUTUMN, SPRING = Semester.parse("2020-1"), Semester.parse("2020-2")
RHO = st.decimals(min_value="0.0001", max_value=1, places=6)


def release(number: int = 1, semester: Semester = AUTUMN) -> Release:
    return Release(
        id=ReleaseId(UUID(int=number)),
        number=number,
        semester=semester,
        sealed_on=date(2021, 2, 1),
        rho=Decimal("0.2"),
        spent=Decimal("0.2") * number,
        epsilon=Decimal(3),
        delta=Decimal("0.000001"),
        definition={},
    )


def test_one_that_was_withdrawn_is_not_withdrawn_again() -> None:
    withdrawn = release().withdraw(date(2021, 3, 1), "Kļūda.")
    assert (withdrawn.withdrawn_on, withdrawn.withdrawal_reason) == (date(2021, 3, 1), "Kļūda.")
    with pytest.raises(Refused) as error:
        withdrawn.withdraw(date(2021, 3, 2), "Vēl viena.")
    assert error.value.code == "release-withdrawn"


def test_a_semester_is_answered_from_its_last_release_that_stands() -> None:
    first, second, other = release(1), release(2), release(3, SPRING)
    assert standing([second, other, first]) == {AUTUMN: second, SPRING: other}
    second, other = (replace(each, withdrawn_on=date(2021, 3, 1), withdrawal_reason="x") for each in (second, other))
    assert standing([first, second, other]) == {AUTUMN: first}


def test_each_closing_is_released_once() -> None:
    demand_something_to_correct(AUTUMN, None)
    with pytest.raises(Refused, match=r"Release 3 is of semester 2020-1") as error:
        demand_something_to_correct(AUTUMN, 3)
    assert error.value.code == "nothing-to-correct"


@given(rhos=st.lists(RHO, max_size=30), ceiling=RHO)
def test_all_together_never_cost_more_than_the_ceiling(rhos: list[Decimal], ceiling: Decimal) -> None:
    ledger = Ledger()
    for rho in rhos:
        try:
            after = ledger.next(rho, ceiling)
        except Refused as error:
            assert error.code == "privacy-ceiling"  # noqa: PT017 - some are refused, some not
            assert ledger.spent + rho > ceiling
            continue
        assert (after.number, after.spent) == (ledger.number + 1, ledger.spent + rho)
        ledger = after
    assert ledger.spent <= ceiling
