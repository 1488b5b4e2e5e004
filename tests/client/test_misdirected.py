"""Tokens and records go to the register's own address alone, whatever an answer says."""

import httpx
import pytest

from app.client import Misdirected, RegisterClient
from app.client.steps import Send
from tests.client.conftest import CREDENTIALS, Client
from tests.client.fake import ADDRESS, FakeRegister, answers, students


@pytest.mark.parametrize(
    "more", ["@evil.test/x", "https://evil.test/v1/", ".evil.test/v1/", "//evil.test", "/oauth/token"]
)
async def test_more_rejections_are_asked_for_at_the_register_alone(
    client: Client, register: FakeRegister, more: str
) -> None:
    report = {"id": "b-1", "rejected": [], "more_rejected": f"{more}?after=1"}
    register.acts = [answers(httpx.Response(200, json=report))]
    with pytest.raises(Misdirected, match="no address of the register"):
        await client.push(students(2))
    assert {each.url.host for each in register.requests} == {"register.test"}


@pytest.mark.parametrize("status", [301, 307, 308])
def test_redirects_are_not_followed_even_by_a_client_that_would(status: int) -> None:
    asked: list[str] = []

    def moved(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(status, headers={"location": "https://evil.test/oauth/token"})

    with httpx.Client(transport=httpx.MockTransport(moved), follow_redirects=True) as http:
        client = RegisterClient(ADDRESS, CREDENTIALS, http=http)
        with pytest.raises(Misdirected, match=r"leads to https://evil\.test/oauth/token, where nothing is sent"):
            client.schema()
    assert asked == ["register.test"]


@pytest.mark.parametrize("path", ["@evil.test/x", ".evil.test/x", ":444/x"])
def test_a_path_that_makes_another_address_is_not_asked(path: str) -> None:
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as http:
        client = RegisterClient(ADDRESS, CREDENTIALS, http=http)
        with pytest.raises(Misdirected):
            client._perform(Send(method="GET", path=path))  # noqa: SLF001 - what stands behind every call
