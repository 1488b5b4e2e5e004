"""What a release counts is told in words, and the words have the bounds."""

import pytest

from app.domain.releases.attributes import Figure
from app.domain.releases.tables import BOUNDS, UNITS
from app.domain.releases.wording import counted_en, counted_lv


def test_one_plan_and_the_bounds_are_told_in_both_languages() -> None:
    assert "at most 3 risks" in counted_en()
    assert "30 hours, 45 consultations and 600 EUR of a student" in counted_en()
    assert "ne vairāk kā 3 riskus" in counted_lv()
    assert "30 stundas, 45 konsultācijas un 600 EUR" in counted_lv()


@pytest.mark.parametrize("figure", BOUNDS)
def test_a_bound_can_be_told_as_a_whole_number(figure: Figure) -> None:
    assert BOUNDS[figure] % UNITS[figure] == 0
