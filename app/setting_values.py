"""What the environment says in more than a number or a word: how each kind is written, and what is said of one that is not so.

What is said never repeats what was set: that might be a key, or a part of a password.
"""

import json
import re
from base64 import b64decode
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.api.addresses import is_protected
from app.api.quotas import Rate
from app.domain.actors import OF_PEOPLE, Role

KEY = "32 bytes in Base64: openssl rand -base64 32"


def _key(value: object) -> object:
    try:
        key = b64decode(value, validate=True) if isinstance(value, str) else value
    except ValueError:
        key = b""
    if not isinstance(key, bytes) or len(key) != 32:  # noqa: PLR2004 - as said below
        raise ValueError(f"it must be {KEY}")
    return key


Key = Annotated[bytes, BeforeValidator(_key), Field(repr=False)]
"""32 random bytes, in Base64."""

_KEY_WITH_ID = re.compile(r"\s*([1-9]\d{0,4}):([A-Za-z0-9+/]{43}=)\s*")


def _keys(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = [_KEY_WITH_ID.fullmatch(each) for each in value.split(",") if each.strip()]
    keys = {int(each[1]): b64decode(each[2]) for each in found if each is not None}
    if len(keys) != len(found):
        # Not which part is wrong: it may be a key.
        raise ValueError(f"write it as 1:key,2:key, each id once and each key {KEY}")
    return keys


Keys = Annotated[dict[int, bytes], NoDecode, BeforeValidator(_keys), Field(repr=False)]
"""Keys by their ids."""


def _roles(value: object) -> object:
    """From a JSON object, as it stands in the environment."""
    try:
        stated = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        stated = None
    if not isinstance(stated, dict):
        raise ValueError('it must be a JSON object such as {"head": "SCHOOL_HEAD"}')  # noqa: TRY004 - for pydantic
    if any(each not in list(OF_PEOPLE) for each in stated.values()):
        raise ValueError(f"say which of these each value means: {', '.join(sorted(OF_PEOPLE))}")
    return stated


Roles = Annotated[dict[str, Role], NoDecode, BeforeValidator(_roles)]
"""What the values of a claim mean."""


def _protected(value: object) -> object:
    if isinstance(value, str) and not is_protected(value):
        raise ValueError("an address over https is needed; http is for this machine alone")
    return value


Address = Annotated[str, BeforeValidator(_protected)]
"""Over https, but on this machine."""


def _database_address(value: SecretStr) -> SecretStr:
    try:
        url = make_url(value.get_secret_value())
        named = url.drivername == "postgresql+asyncpg" and url.database and (url.host or "host" in url.query)
    except (SQLAlchemyError, ValueError):
        url, named = None, None
    if url is None or not named or not 0 < (url.port or 5432) < 2**16:
        # Not what is wrong with it: that might be a part of the password.
        raise ValueError(
            "write it as postgresql+asyncpg://user:password@host/register, the signs of a password that are neither letters nor"
            " digits as %40 and the like"
        )
    return value


DatabaseAddress = Annotated[SecretStr, AfterValidator(_database_address)]
"""Where PostgreSQL is, and as whom it is reached."""

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")


def _origins(value: object) -> object:
    origins = value.split() if isinstance(value, str) else value
    if not isinstance(origins, list | tuple) or not all(_ORIGIN.fullmatch(str(each)) for each in origins):
        raise ValueError(
            "name each origin as https://statistika.example, without a path and with blanks between them; * is refused"
        )
    return origins


Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)]
"""Of web pages, with blanks between them."""


def _rate(value: str) -> str:
    Rate.of(value)
    return value


RateText = Annotated[str, AfterValidator(_rate)]
"""`600/minute`: so many at once, and then one as soon as its share of the time has passed."""
