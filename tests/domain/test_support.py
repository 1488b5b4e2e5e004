"""What a support measure is made of."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.support import Support, support_violations
from tests.domain.examples import CODES, MATHEMATICS, MEALS

ON = date(2021, 3, 1)
PSYCHOLOGIST = Support(measure="CONSULTATIVE_SUPPORT", hours=Decimal(2), specialist="PSYCHOLOGIST")
MEASURES = tuple(CODES["support-measures"])
amounts = st.decimals(0, 5, places=2)


def wrong(support: Support, on: date = ON, at: str = "") -> set[tuple[str, str]]:
    return {(each.pointer, each.code) for each in support_violations(support, CODES, on, at)}


@pytest.mark.parametrize(
    "support",
    [
        MATHEMATICS,
        MEALS,
        PSYCHOLOGIST,
        replace(MEALS, eur=Decimal(0)),
        replace(MEALS, eur=Decimal("9999999.99")),
        replace(MATHEMATICS, hours=Decimal("999.99")),
    ],
)
def test_sound_support(support: Support) -> None:
    assert wrong(support) == set()


@pytest.mark.parametrize(
    ("support", "changes", "violation"),
    [
        (MATHEMATICS, {"measure": "NOTHING_SUCH"}, ("/support_measure", "unknown-code")),
        (MATHEMATICS, {"hours": None}, ("/hours", "required")),
        (MATHEMATICS, {"hours": Decimal("-0.5")}, ("/hours", "negative")),
        (MATHEMATICS, {"hours": Decimal("0.125")}, ("/hours", "too-precise")),
        (MATHEMATICS, {"hours": Decimal(1000)}, ("/hours", "too-large")),
        (MATHEMATICS, {"hours": Decimal("NaN")}, ("/hours", "not-a-number")),
        (MATHEMATICS, {"hours": Decimal("1e999999")}, ("/hours", "too-large")),
        (MATHEMATICS, {"eur": Decimal(1)}, ("/eur", "not-for-hours")),
        (MATHEMATICS, {"subject": None}, ("/subject", "required")),
        (MATHEMATICS, {"subject": "PSYCHOLOGIST"}, ("/subject", "unknown-code")),
        (MATHEMATICS, {"specialist": "PSYCHOLOGIST"}, ("/specialist", "not-for-this-measure")),
        (PSYCHOLOGIST, {"specialist": None}, ("/specialist", "required")),
        (PSYCHOLOGIST, {"specialist": "MATHEMATICS"}, ("/specialist", "unknown-code")),
        (PSYCHOLOGIST, {"subject": "MATHEMATICS"}, ("/subject", "not-for-this-measure")),
        (MEALS, {"eur": None}, ("/eur", "required")),
        (MEALS, {"eur": Decimal("-0.01")}, ("/eur", "negative")),
        (MEALS, {"eur": Decimal("10.005")}, ("/eur", "too-precise")),
        (MEALS, {"eur": Decimal("10000000.00")}, ("/eur", "too-large")),
        (MEALS, {"eur": Decimal("Infinity")}, ("/eur", "not-a-number")),
        (MEALS, {"hours": Decimal(1)}, ("/hours", "not-for-economic")),
        (MEALS, {"subject": "MATHEMATICS"}, ("/subject", "not-for-economic")),
        (MEALS, {"specialist": "PSYCHOLOGIST"}, ("/specialist", "not-for-economic")),
    ],
)
def test_each_slip_has_its_place(support: Support, changes: dict[str, Any], violation: tuple[str, str]) -> None:
    assert wrong(replace(support, **changes)) == {violation}


@pytest.mark.parametrize("measure", ["CONSULTATIVE_SUPPORT", "CRISIS_SUPPORT", "HOLIDAY_SUPPORT"])
def test_hours_of_specialists_need_a_specialist(measure: str) -> None:
    assert wrong(replace(PSYCHOLOGIST, measure=measure)) == set()
    assert wrong(replace(MATHEMATICS, measure=measure)) == {
        ("/specialist", "required"),
        ("/subject", "not-for-this-measure"),
    }


def test_codes_are_those_of_the_day() -> None:
    before = date(2016, 12, 31)
    assert wrong(MATHEMATICS, before) == {("/support_measure", "unknown-code")}
    assert wrong(MATHEMATICS, date(2017, 1, 1)) == set()


def test_the_place_begins_where_the_support_stands() -> None:
    support = replace(MATHEMATICS, hours=Decimal(-1), eur=Decimal(1), subject=None, specialist="PSYCHOLOGIST")
    at = "/planned_measures/3"
    assert wrong(support, at=at) == {
        (f"{at}/hours", "negative"),
        (f"{at}/eur", "not-for-hours"),
        (f"{at}/subject", "required"),
        (f"{at}/specialist", "not-for-this-measure"),
    }
    assert wrong(replace(support, measure="NO"), at=at) == {(f"{at}/support_measure", "unknown-code")}
    assert wrong(replace(MEALS, eur=None, hours=Decimal(1)), at=at) == {
        (f"{at}/eur", "required"),
        (f"{at}/hours", "not-for-economic"),
    }


@given(st.decimals("0.001", "999", places=3).filter(lambda amount: amount * 100 % 1 != 0))
def test_an_amount_with_more_than_two_decimals_is_refused(amount: Decimal) -> None:
    assert wrong(replace(MATHEMATICS, hours=amount)) == {("/hours", "too-precise")}
    assert wrong(replace(MEALS, eur=amount)) == {("/eur", "too-precise")}


@given(
    st.sampled_from(MEASURES), st.none() | amounts, st.none() | amounts, st.none() | st.just("MATHEMATICS"),
    st.none() | st.just("PSYCHOLOGIST"),
)  # fmt: skip
def test_what_is_accepted_has_either_hours_or_eur_and_one_who_gives_them(
    measure: Any, hours: Decimal | None, eur: Decimal | None, subject: str | None, specialist: str | None
) -> None:
    support = Support(measure=measure.code, hours=hours, eur=eur, subject=subject, specialist=specialist)
    sound = {
        "ECONOMIC": (hours, subject, specialist) == (None, None, None) and eur is not None,
        "CONSULTATION": hours is not None and eur is None and (subject is None) != (specialist is None)
        and (subject is not None) == (measure.code == "SUBJECT_CONSULTATION"),
    }  # fmt: skip
    assert (not wrong(support)) is sound[measure.group]
