"""When two statements are likely of one person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.duplicates import likeness
from tests.domain.examples import person


@pytest.mark.parametrize(
    ("given_names", "family_name"),
    [
        ("Anna Līga", "Bērziņa-Kļava"),
        ("ANNA LĪGA", "BĒRZIŅA KĻAVA"),
        ("Anna-Liga", "Berzina-Klava"),
        ("Anna  Li\u0304ga", " Bērziņa - Kļava "),  # the mark as a character of its own
    ],
)
def test_case_marks_hyphens_and_spaces_make_no_difference(given_names: str, family_name: str) -> None:
    typed = person(given_names=given_names, family_name=family_name)
    assert likeness(typed) == likeness(person(given_names="Anna Līga", family_name="Bērziņa-Kļava"))


def test_other_names_or_another_birth_date_make_one() -> None:
    those = [
        person(given_names="Anna", family_name="Liepa"),
        person(given_names="Anna", family_name="Liepiņa"),
        person(given_names="Liepa", family_name="Anna"),
        person(given_names="Anna", family_name="Liepa", birth_date=date(2007, 5, 15)),
    ]
    assert len({likeness(each) for each in those}) == len(those)


def test_names_never_run_into_each_other() -> None:
    assert likeness(person(given_names="Anna Maria", family_name="Liepa")) != likeness(
        person(given_names="Maria", family_name="Liepa Anna")
    )


@given(st.text(min_size=1), st.text(min_size=1))
def test_whose_statement_it_is_and_which_code_it_has_do_not_count(given_names: str, family_name: str) -> None:
    one = person(given_names=given_names, family_name=family_name)
    other = person(given_names=given_names, family_name=family_name, personal_code=None, version=7)
    assert likeness(one) == likeness(other)


@given(st.text())
def test_what_is_alike_stays_alike_however_often_it_is_typed_anew(name: str) -> None:
    once = likeness(person(family_name=name)).split("\n")[0]
    assert likeness(person(family_name=once)).split("\n")[0] == once
