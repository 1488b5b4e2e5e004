"""What has been proven of a token is not proven again, and whatever else may be wrong with it is still asked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from app.api.tokens import BadToken, reading, verified
from app.api.tokens.proven import Proven

KEY, OTHER_KEY = b"0123456789abcdef0123456789abcdef", b"fedcba9876543210fedcba9876543210"
NOW = datetime.now(UTC)
DEMANDS: dict[str, Any] = {
    "key": KEY,
    "algorithm": "HS256",
    "typ": "at+jwt",
    "issuer": "https://issuer.example",
    "audience": "register",
    "required": ("sub",),
}


@pytest.fixture(autouse=True)
def proven(monkeypatch: pytest.MonkeyPatch) -> Proven:
    """Nothing has been proven yet."""
    nothing = Proven(remembered=3)
    monkeypatch.setattr(reading, "_PROVEN", nothing)
    return nothing


def token(subject: str = "somebody") -> str:
    claims = {"iss": "https://issuer.example", "aud": "register", "sub": subject, "exp": NOW + timedelta(minutes=5)}
    return jwt.encode(claims, KEY, algorithm="HS256", headers={"typ": "at+jwt"})


def test_a_token_is_proven_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = token()
    first = verified(shown, **DEMANDS)

    def fail(*_given: object, **_named: object) -> None:
        raise AssertionError("proven twice")

    monkeypatch.setattr(jwt, "decode_complete", fail)
    assert verified(shown, **DEMANDS) == first
    assert first["sub"] == "somebody"


@pytest.mark.parametrize(
    "other",
    [
        {"key": OTHER_KEY},
        {"algorithm": "HS512"},
        {"typ": "development+jwt"},
        {"issuer": "https://other.example"},
        {"audience": "other"},
        {"required": ("sub", "jti")},
    ],
    ids=lambda other: next(iter(other)),
)
def test_proven_for_one_it_is_not_proven_for_another(other: dict[str, Any]) -> None:
    shown = token()
    verified(shown, **DEMANDS)
    with pytest.raises(BadToken):
        verified(shown, **DEMANDS | other)


def test_a_key_that_was_replaced_by_the_same_is_asked_once_more(proven: Proven) -> None:
    shown = token()
    verified(shown, **DEMANDS)
    again = bytes(bytearray(KEY))
    assert proven.claims(shown, again, ("HS256",)) is None
    assert verified(shown, **DEMANDS | {"key": again})["sub"] == "somebody"


@pytest.mark.parametrize(("minutes", "leeway", "good"), [(4, 0, True), (5, 0, False), (5, 30, True), (6, 30, False)])
def test_it_is_good_for_its_time_alone(
    monkeypatch: pytest.MonkeyPatch, minutes: int, leeway: int, *, good: bool
) -> None:
    shown = token()
    verified(shown, **DEMANDS, leeway=leeway)
    monkeypatch.setattr(reading, "utc_now", lambda: NOW + timedelta(minutes=minutes, seconds=1))
    if good:
        verified(shown, **DEMANDS, leeway=leeway)
    else:
        with pytest.raises(BadToken, match="expired"):
            verified(shown, **DEMANDS, leeway=leeway)


def test_nobody_changes_what_was_proven() -> None:
    shown = token()
    verified(shown, **DEMANDS)
    with pytest.raises(TypeError):
        verified(shown, **DEMANDS)["sub"] = "another"  # type: ignore[index]  # that is the point


def test_a_bad_token_is_not_remembered_and_many_good_ones_are_forgotten(proven: Proven) -> None:
    with pytest.raises(BadToken):
        verified(token() + "x", **DEMANDS)
    assert len(proven) == 0
    shown = [token(str(number)) for number in range(5)]
    for each in shown:
        verified(each, **DEMANDS)
    demands = ("HS256", "at+jwt", "https://issuer.example", "register", ("sub",), 0)
    assert [proven.claims(each, KEY, demands) is not None for each in shown] == [False, False, True, True, True]
