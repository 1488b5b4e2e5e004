"""Addresses that the service asks or listens at: which of them nobody but this machine can reach."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches an address. A name is one only if it is `localhost`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def stays_here(url: str) -> bool:
    """Whether a URL is of this machine alone."""
    return is_loopback(urlsplit(url).hostname or "")


def is_protected(url: str) -> bool:
    """Whether what comes from a URL can be believed: over TLS, or from this machine. Raises ValueError where it is no URL."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and stays_here(url))
