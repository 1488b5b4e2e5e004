"""Which of the keys that a provider publishes may verify its tokens."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest

from app.api.tokens.json_web_keys import MOST_KEYS, Algorithm, usable
from tests.api.identity_provider import SigningKey, ec_key, ed_key, rsa_key

RSA = SigningKey(kid="rsa")
WEAK = SigningKey(kid="weak", private=rsa_key(1024))
EC = SigningKey(kid="ec", private=ec_key(), algorithm="ES256")
ED = SigningKey(kid="ed", private=ed_key(), algorithm="EdDSA")
SECRET = {"kty": "oct", "kid": "secret", "k": urlsafe_b64encode(b"0" * 32).decode(), "alg": "RS256", "use": "sig"}
EVERYTHING = {"keys": [RSA.published(), WEAK.published(), EC.published(), ED.published(), SECRET]}


@pytest.mark.parametrize(
    ("algorithm", "kid"),
    [(Algorithm.RS256, "rsa"), (Algorithm.ES256, "ec"), (Algorithm.EDDSA, "ed")],
)
def test_only_keys_of_the_algorithm_are_taken(algorithm: Algorithm, kid: str) -> None:
    assert list(usable(EVERYTHING, algorithm)) == [kid]


def test_an_rsa_key_says_for_which_algorithm_it_is_or_is_for_both() -> None:
    for_either = {"keys": [RSA.published(alg=None) | {"kid": "either"}, RSA.published(alg="PS256")]}
    del for_either["keys"][0]["alg"]
    assert list(usable(for_either, Algorithm.RS256)) == ["either"]
    assert list(usable(for_either, Algorithm.PS256)) == ["either", "rsa"]


def without(name: str) -> dict[str, Any]:
    return {each: value for each, value in RSA.published().items() if each != name}


PRIVATE = {**RSA.published(), "d": "c2VjcmV0", "p": "c2VjcmV0", "q": "c2VjcmV0"}


@pytest.mark.parametrize(
    "entry",
    [
        RSA.published(use="enc"),
        RSA.published(key_ops=["encrypt"]),
        RSA.published(key_ops="verify"),
        RSA.published(alg="RS512"),
        RSA.published(alg="HS256"),
        RSA.published(kty="oct"),
        RSA.published(kty="EC"),
        RSA.published(kid=""),
        RSA.published(kid=17),
        RSA.published(kid="k" * 256),
        RSA.published(k="c2VjcmV0"),
        RSA.published(n="not Base64: ā"),
        RSA.published(n=17),
        PRIVATE | {"key_ops": ["sign", "verify"]},
        without("kid"),
        without("kty"),
        without("n"),
        WEAK.published(),
        SECRET,
        "rsa",
        None,
    ],
)
def test_what_cannot_be_a_public_key_for_signatures_is_passed_over(entry: object) -> None:
    good = SigningKey(kid="good", private=RSA.private)
    assert list(usable({"keys": [entry, good.published()]}, Algorithm.RS256)) == ["good"]


def test_a_key_may_leave_out_what_it_is_for() -> None:
    assert list(usable({"keys": [without("use")]}, Algorithm.RS256)) == ["rsa"]


@pytest.mark.parametrize("document", [None, [], "keys", {}, {"keys": {}}, {"keys": None}])
def test_what_is_no_key_set_is_none(document: object) -> None:
    with pytest.raises(ValueError, match="not a key set"):
        usable(document, Algorithm.RS256)


def test_a_key_set_of_endless_length_is_none() -> None:
    with pytest.raises(ValueError, match="not a key set"):
        usable({"keys": [RSA.published()] * (MOST_KEYS + 1)}, Algorithm.RS256)
