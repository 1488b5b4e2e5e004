from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.collation import latvian_sort_key

ALPHABET = "aābcčdeēfgģhiīyjkķlļmnņoprsštuūvzž"


def test_letters_sort_in_the_order_of_the_alphabet() -> None:
    keys = [latvian_sort_key(letter) for letter in ALPHABET]
    assert all(one < other for one, other in pairwise(keys))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Auces novads", "Ādažu novads"),
        ("Cēsis", "Čiekurkalns"),
        ("Rīga", "Rīgas rajons"),
        ("Rīga Centrs", "Rīgas"),
        ("1. vidusskola", "A. Pumpura vidusskola"),
        ("2. vidusskola", "Aizputes vidusskola"),
        ("Žagare", "Ωmega"),
    ],
)
def test_names_sort_as_in_a_dictionary(first: str, second: str) -> None:
    assert latvian_sort_key(first) < latvian_sort_key(second)


def test_case_punctuation_and_the_way_accents_are_stored_do_not_count() -> None:
    assert (
        latvian_sort_key("J. Raiņa-skola")
        == latvian_sort_key("j raiņa  SKOLA")
        == latvian_sort_key("J. Rain\u0327a skola")
    )


@given(st.text())
def test_keys_sort_alike_under_any_collation(name: str) -> None:
    key = latvian_sort_key(name)
    assert key == "" or (key.isascii() and key.isalnum() and key == key.lower())
