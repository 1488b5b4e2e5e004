"""A name that is misspelt finds the one that was probably meant."""

import pytest

from app.domain.suggestions import did_you_mean

KNOWN = ("regions", "gradeRange", "grades", "STUDENTS")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("gradesRange", "gradeRange"), ("region", "regions"), ("student", "STUDENTS"), ("GRADERANGE", "gradeRange")],
)
def test_the_nearest_name_is_asked_for(word: str, meant: str) -> None:
    assert did_you_mean(word, KNOWN) == f" Did you mean {meant}?"


@pytest.mark.parametrize("word", ["", "xyz", "grades" * 1_000])
def test_what_is_like_none_has_no_answer(word: str) -> None:
    assert not did_you_mean(word, KNOWN)
