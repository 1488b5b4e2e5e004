"""Bearer tokens: JSON Web Tokens (RFC 7519) that say who acts. Who issues them decides who can verify them: one file each."""

from app.api.tokens.reading import BadToken, Kind, TokenReader, Verifier, unverified, utc_now, verified

__all__ = ["BadToken", "Kind", "TokenReader", "Verifier", "unverified", "utc_now", "verified"]
