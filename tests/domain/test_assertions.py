"""What a client signs to prove that it is itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assertions import LIFETIME, SKEW, Assertion, flaw

NOW = datetime(2021, 11, 15, 9, 30, tzinfo=UTC)
US, CLIENT = "https://register.example", "client-1"
SECOND = timedelta(seconds=1)


def judged(**changes: Any) -> str | None:
    sound: dict[str, Any] = {
        "issuer": CLIENT,
        "subject": CLIENT,
        "audiences": (US,),
        "id": "one",
        "expires_at": NOW + timedelta(minutes=1),
    }
    return flaw(Assertion(**{**sound, **changes}), client=CLIENT, audience=US, now=NOW)


def test_a_sound_assertion_has_no_flaw() -> None:
    assert judged() is None
    assert judged(issued_at=NOW, not_before=NOW) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"issuer": "client-2"}, "another issuer"),
        ({"subject": "client-2"}, "another subject"),
        ({"audiences": ()}, "not for us alone"),
        ({"audiences": ("https://register.example/",)}, "not for us alone"),
        ({"audiences": (US, "https://another.example")}, "not for us alone"),
        ({"id": ""}, "no jti of 1 to 200 characters"),
        ({"id": "x" * 201}, "no jti of 1 to 200 characters"),
        ({"expires_at": NOW}, "expired"),
        ({"expires_at": NOW + LIFETIME + SECOND}, "lasts too long"),
        ({"issued_at": NOW + SKEW + SECOND}, "from the future"),
        ({"not_before": NOW + SKEW + SECOND}, "from the future"),
    ],
)
def test_every_flaw_is_found(changes: dict[str, Any], expected: str) -> None:
    assert judged(**changes) == expected


@given(st.timedeltas(timedelta(days=-1), timedelta(days=1)))
def test_it_is_good_for_five_minutes_at_most(left: timedelta) -> None:
    assert (judged(expires_at=NOW + left) is None) == (timedelta(0) < left <= LIFETIME)


@given(st.timedeltas(timedelta(days=-1), timedelta(days=1)))
def test_a_clock_may_be_half_a_minute_ahead(ahead: timedelta) -> None:
    assert (judged(issued_at=NOW + ahead) is None) == (ahead <= SKEW)
