"""The pages a person looks at: a front page, GraphiQL at GET /graphql, the REST reference at /docs, what statistics count at
/definitions, and the files they need.

They hold no data and need no token; what a person asks through them carries the person's own.
"""

from os import PathLike, stat_result
from pathlib import Path
from string import Template
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.api import assets
from app.api.definitions_page import catalogue

PAGE_HEADERS: Final = {
    # GraphiQL and the reference bring pictures and fonts as data; no page needs a script or a style written into the page.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What pages say besides app/api/answer_headers.py."""


class AssetFiles(StaticFiles):
    """Files whose address names their content, so they may be kept for good. Other kinds of file are not there."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        media_type = assets.MEDIA_TYPES.get(Path(full_path).suffix)
        if media_type is None:
            raise HTTPException(404)
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Content-Type"] = media_type
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def accepts_html(headers: Headers) -> bool:
    """Whether a browser's address bar asks. A bare `*/*`, as a client of the API sends, is not that."""
    return "text/html" in headers.get("accept", "")


def mount(app: FastAPI) -> None:
    """Add the pages and their files to the app. Addresses in them are relative: they work below any prefix."""
    digest = assets.digest()
    pages = {name: load_page(name, f"assets/{digest}") for name in ("index", "graphiql", "docs", "definitions")}

    @app.get("/graphql", include_in_schema=False)
    async def graphiql(request: Request) -> Response:
        if accepts_html(request.headers):
            return pages["graphiql"]
        return JSONResponse(
            {
                "type": "about:blank",
                "title": "Not Acceptable",
                "status": 406,
                "detail": "A GET here answers with a page for people (text/html). Send a query with POST.",
            },
            status_code=406,
            media_type="application/problem+json",
            headers={"Vary": "Accept"},
        )

    @app.get("/", include_in_schema=False)
    async def index() -> Response:
        return pages["index"]

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return pages["docs"]

    @app.get("/definitions", include_in_schema=False)
    async def definitions() -> Response:
        return pages["definitions"]

    if not assets.are_complete():
        return
    for name, folder in assets.ASSETS.items():
        app.mount(f"/assets/{digest}/{name}", AssetFiles(directory=folder), name=f"assets-{name}")


def load_page(name: str, assets_address: str) -> Response:
    """The page as it is sent. It is the same for everyone; the answer may be sent any number of times."""
    if not assets.are_complete():
        return HTMLResponse("The files of this page are missing: run <code>make assets</code>.", 503, PAGE_HEADERS)
    text = (assets.PAGES / f"{name}.html").read_text(encoding="utf-8")
    headers = {**PAGE_HEADERS, "Cache-Control": "no-cache", "Vary": "Accept"}
    filled_in = Template(text).substitute(assets=assets_address, **catalogue())
    return HTMLResponse(filled_in, headers=headers)
