"""How a provider's keys are fetched, from a real process: found by discovery, and never from where they should not come."""

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from app.api.tokens import provider as asking
from app.api.tokens.json_web_keys import Algorithm
from app.api.tokens.provider import Provider, ProviderSilent
from tests.api.identity_provider import IdentityProvider, SigningKey, running

KEY = SigningKey(kid="rsa")


@pytest.fixture(scope="module")
def process() -> Iterator[IdentityProvider]:
    with running() as started:
        yield started


@pytest.fixture
async def provider(process: IdentityProvider) -> AsyncIterator[IdentityProvider]:
    process.publish(KEY)
    process.behave(mode="answers", issuer=None, jwks_uri=None)
    yield process
    process.behave(mode="answers")


def asked(provider: IdentityProvider, **changed: Any) -> Provider:
    return Provider(**{"issuer": provider.issuer, "jwks_uri": None, "algorithm": Algorithm.RS256, **changed})


async def test_the_keys_are_where_the_discovery_document_says(provider: IdentityProvider) -> None:
    before = len(provider.asked())
    assert list(await asked(provider).keys()) == ["rsa"]
    assert provider.asked()[before:] == ["/.well-known/openid-configuration", "/keys"]


async def test_where_the_address_of_the_keys_is_set_nothing_else_is_asked(provider: IdentityProvider) -> None:
    before = len(provider.asked())
    known = asked(provider, issuer="https://login.example", jwks_uri=f"{provider.issuer}/keys")
    assert list(await known.keys()) == ["rsa"]
    assert provider.asked()[before:] == ["/keys"]


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ({"mode": "fails"}, "answered 500"),
        ({"mode": "redirects"}, "answered 302"),
        ({"mode": "floods"}, "answered more than a key set can be"),
        ({"mode": "squeezes"}, "answered compressed, unasked"),
        ({"mode": "babbles"}, "not a key set"),
        ({"issuer": "https://another.example"}, "the discovery document is of another issuer"),
        ({"jwks_uri": "http://keys.example/"}, "the discovery document names no jwks_uri over https"),
        ({"jwks_uri": "file:///etc/passwd"}, "the discovery document names no jwks_uri over https"),
        ({"jwks_uri": 17}, "the discovery document names no jwks_uri over https"),
        ({"keys": []}, "no key of the set verifies RS256"),
        ({"keys": None}, "not a key set"),
    ],
    ids=str,
)
async def test_what_is_not_the_providers_own_plain_answer_is_none(
    provider: IdentityProvider, behaviour: dict[str, Any], reason: str
) -> None:
    provider.behave(**behaviour)
    with pytest.raises(ProviderSilent) as silent:
        await asked(provider).keys()
    assert str(silent.value) == reason


async def test_a_redirection_is_not_followed(provider: IdentityProvider) -> None:
    provider.behave(mode="redirects")
    with pytest.raises(ProviderSilent):
        await asked(provider).keys()
    assert "/elsewhere" not in provider.asked()


@pytest.mark.parametrize("mode", ["hangs", "drips"])
async def test_nobody_waits_longer_than_the_deadline(
    provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(asking, "DEADLINE", 0.7)
    provider.behave(mode=mode)
    began = time.monotonic()
    with pytest.raises(ProviderSilent, match="no answer"):
        await asked(provider).keys()
    assert time.monotonic() - began < 2


async def test_nobody_listens() -> None:
    with running() as gone:
        nobody = asked(gone)
    with pytest.raises(ProviderSilent, match=r"no answer \(ConnectError\)"):
        await nobody.keys()
