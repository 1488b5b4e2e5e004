"""A document that is asked for by its hash: by whoever has sent it, and by nobody else."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.api.graphql.learned import BESIDES, Learned
from app.api.graphql.operations import hash_of
from app.api.tokens import utc_now
from app.domain.actors import Actor, Role
from app.main import tokens_from
from app.settings import Settings
from tests.graphql.conftest import AUTHORITY

DOCUMENT = "query Kind($name: String!) { __type(name: $name) { name } }"
HASH = hash_of(DOCUMENT)
PLAN = {"variables": {"name": "Plan"}}
COLLEAGUE = Actor(subject="colleague", role=Role.PROGRAMME_AUTHORITY)
ANALYST = Actor(subject="analyst", role=Role.ANALYST)

Send = Callable[..., Awaitable[httpx.Response]]


def persisted(digest: Any, version: Any = 1, **beside: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": version, "sha256Hash": digest, **beside}}}


@pytest.fixture
def send(http: httpx.AsyncClient, settings: Settings) -> Send:
    async def send(body: dict[str, Any], actor: Actor = AUTHORITY) -> httpx.Response:
        token = tokens_from(settings).issue(actor, now=utc_now(), lifetime=timedelta(minutes=5))
        return await http.post("/graphql", json=body, headers={"Authorization": f"Bearer {token}"})

    return send


def refused(answer: httpx.Response) -> tuple[str, str]:
    assert (answer.status_code, list(answer.json())) == (200, ["errors"])
    (error,) = answer.json()["errors"]
    return error["extensions"]["code"], error["message"]


async def test_a_hash_is_asked_for_then_sent_with_its_document_then_known(send: Send) -> None:
    by_hash = PLAN | persisted(HASH)
    assert refused(await send(by_hash)) == ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
    assert (await send(by_hash | {"query": DOCUMENT})).json() == {"data": {"__type": {"name": "Plan"}}}
    assert (await send(by_hash)).json() == {"data": {"__type": {"name": "Plan"}}}
    assert (await send(PLAN | persisted(f"sha256:{HASH}"))).json() == {"data": {"__type": {"name": "Plan"}}}
    answer = await send(by_hash | {"query": None, "variables": {"name": "Student"}})
    assert answer.json() == {"data": {"__type": {"name": "Student"}}}
    assert answer.headers["Cache-Control"] == "no-store"


async def test_what_one_has_asked_no_other_is_told(send: Send) -> None:
    own = {"query": "{ asked: __typename }"} | persisted(hash_of("{ asked: __typename }"))
    assert (await send(own)).json() == {"data": {"asked": "Query"}}
    never_asked = await send(persisted(hash_of("{ never: __typename }")), COLLEAGUE)
    asked_by_another = await send(persisted(hash_of("{ asked: __typename }")), COLLEAGUE)
    assert refused(asked_by_another)[0] == "PERSISTED_QUERY_NOT_FOUND"
    for answer in (never_asked, asked_by_another):
        answer.headers.pop("X-Correlation-Id")
        answer.headers.pop("RateLimit", None)
    assert asked_by_another.headers == never_asked.headers
    assert errors(asked_by_another) == errors(never_asked)


def errors(answer: httpx.Response) -> list[dict[str, Any]]:
    return [each | {"extensions": {"code": each["extensions"]["code"]}} for each in answer.json()["errors"]]


async def test_a_document_under_the_hash_of_another_is_not_answered_nor_kept(send: Send) -> None:
    digest = hash_of("{ mine: __typename }")
    false = {"query": "{ another: __typename }"} | persisted(digest)
    assert refused(await send(false))[0] == "persisted-query-mismatch"
    assert refused(await send(persisted(digest)))[0] == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{ nothing }", "invalid-document"),
        ("{ statistics {", "invalid-document"),
        ("{" + "a " * 30 + "}", "document-too-costly"),
        ("{ __typename @skip }", "invalid-document"),
    ],
)
async def test_what_does_not_pass_the_guards_is_not_kept(send: Send, document: str, code: str) -> None:
    digest = hash_of(document)
    assert refused(await send({"query": document} | persisted(digest)))[0] == code
    assert refused(await send(persisted(digest)))[0] == "PERSISTED_QUERY_NOT_FOUND"


async def test_what_is_kept_opens_nothing(send: Send) -> None:
    by_hash = PLAN | persisted(HASH)
    told = await send(by_hash | {"query": DOCUMENT}, ANALYST)
    assert refused(told)[0] == "introspection-refused"
    assert refused(await send(by_hash, ANALYST))[0] == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (persisted(HASH, version=2), "/extensions/persistedQuery/version"),
        (persisted(HASH.upper()), "/extensions/persistedQuery/sha256Hash"),
        (persisted(HASH + "\n"), "/extensions/persistedQuery/sha256Hash"),
        (persisted(f"md5:{HASH}"), "/extensions/persistedQuery/sha256Hash"),
        (persisted(17), "/extensions/persistedQuery/sha256Hash"),
        ({"extensions": {"persistedQuery": HASH}}, "/extensions/persistedQuery"),
        ({"extensions": {}}, "/query"),
        ({"extensions": {"persistedQuery": None}}, "/query"),
        ({"query": ""} | persisted(HASH), "/query"),
    ],
)
async def test_what_is_no_hash_is_refused_by_its_place(send: Send, body: dict[str, Any], pointer: str) -> None:
    answer = await send(body)
    assert (answer.status_code, [each["pointer"] for each in answer.json()["violations"]]) == (422, [pointer])


async def test_what_clients_remember_by_is_let_pass(send: Send) -> None:
    body = {"query": "{ __typename }"} | persisted(hash_of("{ __typename }"), miss=True)
    body["extensions"]["tracing"] = {"version": 1}
    assert (await send(body)).json() == {"data": {"__typename": "Query"}}


def test_a_caller_with_many_documents_displaces_its_own_alone() -> None:
    learned = Learned(of_one_caller=3)
    learned.keep("quiet", "a", "{ a }")
    for name in "abcd":
        learned.keep("busy", name, name)
        learned.text("busy", "a")  # asked again and again, it stays
    assert [learned.text("busy", name) for name in "abcd"] == ["a", None, "c", "d"]
    assert learned.text("quiet", "a") == "{ a }"


def test_of_all_whoever_has_not_asked_for_longest_is_forgotten() -> None:
    learned = Learned(of_all=3 * (BESIDES + 150))
    for caller in ("first", "second", "third"):
        learned.keep(caller, "a", "x" * 100)
    assert learned.text("first", "a")
    learned.keep("fourth", "a", "x" * 100)
    assert [learned.text(each, "a") is None for each in ("first", "second", "third", "fourth")] == [
        False,
        True,
        False,
        False,
    ]
    for number in range(1_000):
        learned.keep(f"caller {number}", "a", "x" * 100)
        learned.keep(f"caller {number}", "a", "x" * 100)
    assert learned.size <= 3 * (BESIDES + 150)
    assert sum(learned.text(f"caller {number}", "a") is not None for number in range(1_000)) == 3
