"""What an identified risk must be."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.ids import RiskId
from app.domain.risks import IdentifiedBy, Risk, Severity, check_risk
from tests.domain.examples import CODES, SCHOOL, STUDENT, TODAY, found

RISK = Risk(
    id=RiskId(UUID(int=11)),
    student_id=STUDENT,
    institution_id=SCHOOL,
    type="LANGUAGE_BARRIER",
    identified_on=date(2020, 9, 14),
    identified_by=IdentifiedBy.GUARDIAN,
    severity=Severity.MEDIUM,
    resolved_on=date(2021, 2, 1),
)
days = st.dates(date(2016, 12, 1), date(2021, 12, 31))


def wrong(risk: Risk) -> set[tuple[str, str]]:
    try:
        assert check_risk(risk, codes=CODES, today=TODAY) is risk
    except Invalid as invalid:
        return found(invalid)
    return set()


@pytest.mark.parametrize(
    "changes", [{}, {"resolved_on": None}, {"identified_on": TODAY, "resolved_on": TODAY}, {"type": "OTHER_LEARNING"}]
)
def test_sound_risks(changes: dict[str, Any]) -> None:
    assert wrong(replace(RISK, **changes)) == set()


TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "violations"),
    [
        ({"type": "BAD_WEATHER"}, {("/type", "unknown-code")}),
        ({"type": "MATHEMATICS"}, {("/type", "unknown-code")}),
        ({"identified_on": date(2016, 12, 31)}, {("/type", "unknown-code")}),
        ({"identified_on": TOMORROW, "resolved_on": None}, {("/identified_on", "in-the-future")}),
        ({"resolved_on": date(2020, 9, 13)}, {("/resolved_on", "ends-before-start")}),
        ({"resolved_on": TOMORROW}, {("/resolved_on", "in-the-future")}),
        (
            {"type": "", "identified_on": TOMORROW + timedelta(days=1), "resolved_on": TOMORROW},
            {
                ("/type", "unknown-code"),
                ("/identified_on", "in-the-future"),
                ("/resolved_on", "ends-before-start"),
                ("/resolved_on", "in-the-future"),
            },
        ),
    ],
)
def test_each_slip_has_its_place(changes: dict[str, Any], violations: set[tuple[str, str]]) -> None:
    assert wrong(replace(RISK, **changes)) == violations


@given(days, st.none() | days)
def test_a_risk_lies_between_the_first_codes_and_today(identified_on: date, resolved_on: date | None) -> None:
    sound = date(2017, 1, 1) <= identified_on <= (resolved_on or TODAY) <= TODAY
    assert (not wrong(replace(RISK, identified_on=identified_on, resolved_on=resolved_on))) is sound
