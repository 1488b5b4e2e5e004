"""Where the files of the web pages lie. All of them are served from here: government networks reach no CDN."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
PAGES = HERE / "pages"
VENDOR = HERE / "vendor"

ASSETS: Mapping[str, Path] = {
    "pages": PAGES,
    "graphiql": VENDOR / "graphiql",
    "react": VENDOR / "react",
    "react-dom": VENDOR / "react-dom",
    "swagger-ui-dist": VENDOR / "swagger-ui-dist",
}
"""What `/assets/<digest>/<name>/` serves. `vendor` is not committed: `make assets` and the Docker build fill it."""

MEDIA_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".graphql": "application/graphql; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
"""The kinds of file that are served at all; the system's own table of types differs between machines."""


def digest() -> str:
    """Twelve hexadecimal digits that change whenever a served file does, so that an address never changes its content."""
    found = hashlib.sha256()
    for name, folder in sorted(ASSETS.items()):
        for path in sorted(folder.glob("*")):
            found.update(f"{name}/{path.name}\n".encode() + path.read_bytes())
    return found.hexdigest()[:12]


def are_complete() -> bool:
    """Whether the fetched packages are there."""
    return all(folder.is_dir() for folder in ASSETS.values())
