"""OAuth 2.0 for machines: how a school information system gets an access token (RFC 6749, section 4.4)."""
