"""Which addresses nobody but this machine reaches, and from which an answer can be believed."""

import pytest

from app.api.addresses import is_protected, stays_here


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9400", "http://127.1.2.3/realms", "http://[::1]:9400", "http://localhost"]
)
def test_what_stays_here_needs_no_tls(url: str) -> None:
    assert (stays_here(url), is_protected(url)) == (True, True)


@pytest.mark.parametrize("url", ["https://login.example", "https://192.0.2.1:8443/realms/education"])
def test_what_comes_from_elsewhere_comes_over_tls(url: str) -> None:
    assert (stays_here(url), is_protected(url)) == (False, True)


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example",
        "http://127.0.0.1.example",
        "http://127.0.0.1@login.example",
        "https://somebody:secret@login.example",
        "http://localhost.example",
        "http://0.0.0.0",
        "ftp://127.0.0.1",
        "file:///keys",
        "https://",
        "//login.example",
        "login.example",
        "",
    ],
)
def test_what_anybody_could_have_written_is_not_believed(url: str) -> None:
    assert not is_protected(url)
