"""What pages of other origins may do, where a setting names their origins. None is named unless somebody names it.

Tokens travel in a header that a page sets itself, so no browser is asked to send credentials of its own.
"""

from typing import Any, Final

from app.api.correlation import HEADER as CORRELATION

ALLOWED: Final[dict[str, Any]] = {
    "allow_methods": ("GET", "POST", "PATCH", "PUT", "DELETE"),
    "allow_headers": ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", CORRELATION),
    "expose_headers": ("ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", CORRELATION),
    "max_age": 600,
}
