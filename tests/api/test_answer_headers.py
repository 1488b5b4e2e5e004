"""What every answer says to browsers, whoever made it, and what pages of other origins may read."""

import httpx
import pytest

from app.settings import Settings
from tests.api.serving import serving
from tests.factories import World

PAGES = "https://statistika.example"
ASKED = {
    "Origin": PAGES,
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization,if-match",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/v1/risks", 401),
        ("GET", "/nowhere", 404),
        ("PUT", "/v1/risks", 405),
        ("POST", "/graphql", 401),
        ("POST", "/oauth/nothing", 404),
    ],
)
async def test_whatever_is_answered_nothing_is_kept_run_or_framed(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, path)
    assert answer.status_code == status
    told = {name: answer.headers.get(name) for name in ("Cache-Control", "X-Content-Type-Options", "Referrer-Policy")}
    assert told == {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Correlation-Id"]


@pytest.mark.parametrize("path", ["/v1/students/", "/v1/risks/", "/graphql/", "/docs/", "/healthz/"])
async def test_nothing_redirects_to_where_the_request_says(http: httpx.AsyncClient, world: World, path: str) -> None:
    answer = await http.get(path, headers={**world.head(world.school), "Host": "evil.example"})
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)
    assert "evil.example" not in answer.text


async def test_answers_about_students_are_never_kept(http: httpx.AsyncClient, world: World) -> None:
    for path in ("/v1/students", "/v1/risks", "/v1/me"):
        assert (await http.get(path, headers=world.head(world.school))).headers["Cache-Control"] == "no-store"
    query = {"query": "{ __typename }"}
    assert (await http.post("/graphql", json=query, headers=world.authority())).headers["Cache-Control"] == "no-store"


async def test_reference_data_and_pages_say_themselves_what_may_be_kept(http: httpx.AsyncClient, world: World) -> None:
    regions = await http.get("/v1/regions", headers=world.authority())
    assert regions.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    page = await http.get("/")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"] or page.status_code == 503
    assert page.headers["X-Frame-Options"] == "DENY"


async def test_browsers_are_told_to_come_back_by_https_where_they_came_by_it(settings: Settings) -> None:
    async with serving(settings, hsts=31_536_000) as http:
        secure = await http.get("https://register.test/healthz")
        plain = await http.get("http://register.test/healthz")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in plain.headers
    async with serving(settings) as http:
        assert "Strict-Transport-Security" not in (await http.get("https://register.test/healthz")).headers


async def test_other_origins_are_closed_out_unless_they_are_named(http: httpx.AsyncClient, settings: Settings) -> None:
    asked = await http.options("/v1/risks", headers=ASKED)
    read = await http.get("/healthz", headers={"Origin": PAGES})
    assert "access-control-allow-origin" not in {*asked.headers, *read.headers}
    async with serving(settings, cors_origins=(PAGES,)) as open_to_one:
        stranger = await open_to_one.get("/healthz", headers={"Origin": "https://elsewhere.example"})
        preflight = await open_to_one.options("/v1/risks", headers={**ASKED, "Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in {*stranger.headers, *preflight.headers}
    assert preflight.status_code == 400


async def test_a_named_origin_may_ask_and_read_what_clients_need(settings: Settings) -> None:
    async with serving(settings, cors_origins=(PAGES,)) as http:
        asked = await http.options("/v1/risks", headers=ASKED)
        refused = await http.get("/v1/risks", headers={"Origin": PAGES})
    assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (200, PAGES)
    assert "If-Match" in asked.headers["Access-Control-Allow-Headers"]
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, PAGES)
    exposed = set(refused.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Correlation-Id"} <= exposed
    assert "access-control-allow-credentials" not in {*asked.headers, *refused.headers}


@pytest.mark.parametrize("origins", ["*", "statistika.example", "https://statistika.example/page", "null"])
def test_what_is_no_origin_is_refused(settings: Settings, origins: str) -> None:
    with pytest.raises(ValueError, match="cors_origins"):
        Settings.model_validate(settings.model_dump(exclude_unset=True) | {"cors_origins": origins})


def test_several_origins_are_separated_by_blanks(settings: Settings) -> None:
    read = Settings.model_validate(
        settings.model_dump(exclude_unset=True) | {"cors_origins": f"{PAGES} http://localhost:3000"}
    )
    assert read.cors_origins == (PAGES, "http://localhost:3000")
