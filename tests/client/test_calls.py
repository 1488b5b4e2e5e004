"""How a client proves itself, and when it asks again: step by step, without any input or output."""

import base64
import json
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from app.client import ClientKey, ClientSecret, FixedToken, NotBelieved, RegisterClient, Retries
from app.client import calls as core
from app.client.calls import Caller
from app.client.errors import Problem
from app.client.steps import Answer, Lost, Send, Sleep

SECRET = ClientSecret(client_id="c:1", secret="s/1 ä")
ASK = Send(method="GET", path="/v1/me")
DONE = Answer(status=200, headers={}, content=b"{}")


def issued(token: str = "t-1", lifetime: int = 600) -> Answer:  # noqa: S107 - opens nothing
    document = {"access_token": token, "token_type": "Bearer", "expires_in": lifetime}
    return Answer(status=200, headers={}, content=json.dumps(document).encode())


def refused(status: int, code: str, **headers: str) -> Answer:
    document = {"type": f"/problems/{code}", "status": status, "detail": "No."}
    return Answer(status=status, headers=headers, content=json.dumps(document).encode())


class Talk:
    """One call, answered by hand."""

    def __init__(self, caller: Caller, request: Send = ASK) -> None:
        self.exchange: Generator[Any, Any, Answer] = caller.call(request)
        self.step: Any = next(self.exchange)

    def answer(self, outcome: Answer | Lost | None) -> Any:
        """The next step, or the result."""
        try:
            self.step = self.exchange.send(outcome)
        except StopIteration as end:
            return end.value
        return self.step


def test_a_secret_is_sent_by_basic_authentication_with_its_parts_encoded() -> None:
    talk = Talk(Caller(credentials=SECRET))
    assert (talk.step.method, talk.step.path) == ("POST", "/oauth/token")
    kind, _, pair = talk.step.headers["authorization"].partition(" ")
    assert (kind, base64.b64decode(pair)) == ("Basic", b"c%3A1:s%2F1+%C3%A4")
    assert talk.step.content == b"grant_type=client_credentials"
    asked = talk.answer(issued())
    assert asked.path == "/v1/me"
    assert asked.headers["authorization"] == "Bearer t-1"
    assert talk.answer(DONE) is DONE


def test_a_token_is_used_again_until_shortly_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(core, "monotonic", lambda: now)
    caller = Caller(credentials=SECRET)
    talk = Talk(caller)
    talk.answer(issued(lifetime=600))
    talk.answer(DONE)
    now += 539
    assert Talk(caller).step.path == "/v1/me"
    now += 1
    assert Talk(caller).step.path == "/oauth/token"


def test_a_token_that_is_no_longer_believed_is_replaced_once() -> None:
    talk = Talk(Caller(credentials=SECRET))
    talk.answer(issued())
    assert talk.answer(refused(401, "unauthenticated")).path == "/oauth/token"
    assert talk.answer(issued("t-2")).headers["authorization"] == "Bearer t-2"
    with pytest.raises(NotBelieved):
        talk.answer(refused(401, "unauthenticated"))


def test_a_wrong_secret_is_told_as_the_token_endpoint_tells_it() -> None:
    talk = Talk(Caller(credentials=SECRET))
    said = {"error": "invalid_client", "error_description": "The client could not prove that it is itself."}
    with pytest.raises(NotBelieved, match="401 invalid_client: The client could not prove") as not_believed:
        talk.answer(Answer(status=401, headers={}, content=json.dumps(said).encode()))
    assert not_believed.value.code == "invalid_client"


def test_a_token_had_elsewhere_is_used_as_it_is() -> None:
    talk = Talk(Caller(credentials=FixedToken("mine")))
    assert talk.step.headers["authorization"] == "Bearer mine"
    with pytest.raises(NotBelieved):
        talk.answer(refused(401, "unauthenticated"))


def test_a_key_signs_an_assertion_for_the_issuer_and_a_new_one_for_each_attempt() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    talk = Talk(Caller(credentials=ClientKey(client_id="c-1", kid="k-1", key=pem)))
    assert talk.step.path == "/.well-known/oauth-authorization-server"
    metadata = json.dumps({"issuer": "https://register.example"}).encode()
    first = talk.answer(Answer(status=200, headers={}, content=metadata))
    assert isinstance(talk.answer(Lost("ConnectError")), Sleep)
    second = talk.answer(None)
    assertions = [parse_qs(each.content.decode())["client_assertion"][0] for each in (first, second)]
    claims = [
        jwt.decode(each, private.public_key(), algorithms=["ES256"], audience="https://register.example")
        for each in assertions
    ]
    assert claims[0]["iss"] == claims[0]["sub"] == "c-1"
    assert claims[0]["exp"] - claims[0]["iat"] <= 300
    assert claims[0]["jti"] != claims[1]["jti"]
    assert jwt.get_unverified_header(assertions[0])["kid"] == "k-1"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_the_register_says_for_how_long_to_wait(status: int) -> None:
    talk = Talk(Caller(credentials=FixedToken("mine"), retries=Retries(base=0.001)))
    assert talk.answer(refused(status, "unavailable", **{"retry-after": "7"})) == Sleep(7.0)
    assert talk.answer(None).path == "/v1/me"
    assert talk.answer(DONE) is DONE


def test_who_was_in_the_way_of_others_tries_again() -> None:
    talk = Talk(Caller(credentials=FixedToken("mine"), retries=Retries(base=0)))
    assert talk.answer(refused(409, "busy")) == Sleep(0)
    assert talk.answer(None).path == "/v1/me"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 413, 422, 500])
def test_other_refusals_are_final(status: int) -> None:
    talk = Talk(Caller(credentials=FixedToken("mine")))
    with pytest.raises(Problem) as problem:
        talk.answer(refused(status, "as-it-is", **{"retry-after": "7"}))
    assert problem.value.status == status


def test_a_day_may_be_told_as_well() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    pause = Retries(base=0).pause(refused(503, "unavailable", **{"retry-after": later}), 0)
    assert 85 < pause <= 90
    assert Retries(base=0).pause(refused(503, "unavailable", **{"retry-after": "soon"}), 0) == 0


@pytest.mark.parametrize("asked", ["999999999", "9" * 400, "9" * 5_000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_who_asks_for_years_is_asked_again_after_ten_minutes(asked: str) -> None:
    talk = Talk(Caller(credentials=FixedToken("mine"), retries=Retries(attempts=2)))
    unavailable = refused(503, "unavailable", **{"retry-after": asked})
    assert talk.answer(unavailable) == Sleep(600.0)
    assert talk.answer(None).path == "/v1/me"
    with pytest.raises(Problem):
        talk.answer(unavailable)


@pytest.mark.parametrize(
    "asked", ["-1", "1.5", "\u0661", "Fri, 99 Dec 2021 23:59:59 GMT", "Fri, 31 Dec 2021 23:59:59 -0000"]
)
def test_a_pause_that_nobody_could_mean_is_none(asked: str) -> None:
    assert Retries(base=0).pause(refused(503, "unavailable", **{"retry-after": asked}), 0) == 0


@given(failures=st.integers(0, 10_000))
def test_pauses_are_random_up_to_a_bound_that_doubles(failures: int) -> None:
    retries = Retries(base=0.5, longest=60)
    assert 0 <= retries.pause(Lost("gone"), failures) <= min(60, 0.5 * 2 ** min(failures, 10))


def test_secrets_are_not_shown() -> None:
    assert "s/1" not in repr(Caller(credentials=SECRET))
    assert "s/1" not in repr(SECRET)
    assert "mine" not in repr(FixedToken("mine"))


@pytest.mark.parametrize("address", ["http://register.example", "register.example", "ftp://127.0.0.1", ""])
def test_a_secret_is_not_sent_in_the_clear(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        RegisterClient(address, SECRET)


def test_this_machine_is_spoken_to_in_the_clear() -> None:
    RegisterClient("http://127.0.0.1:8000", SECRET).close()
