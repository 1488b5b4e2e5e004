"""How the register says no."""

from collections.abc import Iterator

import pytest

from app.domain.errors import (
    Busy,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    RegisterError,
    Stale,
    Violation,
    check,
    violation,
)


def test_all_violations_come_in_one_answer() -> None:
    broken = [violation("/grade", "out-of-range", "Too high."), violation("", "empty", "Nothing there.")]
    with pytest.raises(Invalid) as invalid:
        check(iter(broken))
    assert invalid.value.violations == tuple(broken)
    assert str(invalid.value) == "/grade: Too high.; /: Nothing there."


def test_where_nothing_is_broken_nothing_is_raised() -> None:
    asked = []

    def rules() -> Iterator[Violation]:
        asked.append("all")
        yield from ()

    check(rules())
    assert asked == ["all"]


def test_absent_and_foreign_are_one_answer() -> None:
    assert str(NotFound("plan")) == "There is no such plan, or it is not yours to see."
    assert NotFound("plan").noun == "plan"


def test_a_stale_version_tells_the_current_one() -> None:
    stale = Stale("plan", 7)
    assert stale.current == 7
    assert "version is now 7" in stale.message


def test_each_error_has_its_stable_code_and_may_say_it_more_exactly() -> None:
    errors = (Invalid([]), NotFound("plan"), Forbidden("no"), Refused("no"), Busy(), Stale("plan", 2))
    assert all(isinstance(error, RegisterError) for error in errors)
    assert [error.code for error in errors] == [
        "invalid-data",
        "not-found",
        "forbidden",
        "refused",
        "busy",
        "stale-version",
    ]
    assert Refused("no", code="plan-not-draft").code == "plan-not-draft"
    assert Refused.code == "refused"
