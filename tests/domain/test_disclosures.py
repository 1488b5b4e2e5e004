"""A name is disclosed for a stated purpose and reason, or not at all."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from app.domain.disclosures import DisclosureRequest, check_disclosure
from app.domain.errors import Invalid
from app.domain.ids import DisclosureId
from tests.domain.examples import CODES, STUDENT, TODAY, found

SOUND = DisclosureRequest(
    id=DisclosureId(UUID(int=21)),
    student_id=STUDENT,
    purpose="CHILD_PROTECTION",
    reason="The custody court asks.",
    subject="official",
)


def wrong(asked: DisclosureRequest, *, today: date = TODAY) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        check_disclosure(asked, codes=CODES, today=today)
    return found(invalid.value)


def test_a_stated_purpose_and_reason_will_do() -> None:
    assert check_disclosure(SOUND, codes=CODES, today=TODAY) == SOUND


def test_the_purpose_is_a_code_of_that_day() -> None:
    assert wrong(replace(SOUND, purpose="CURIOSITY")) == {("/purpose", "unknown-code")}
    assert wrong(SOUND, today=date(2016, 12, 31)) == {("/purpose", "unknown-code")}


def test_blanks_are_no_reason() -> None:
    assert wrong(replace(SOUND, reason=" \n ")) == {("/reason", "required")}
