"""In which language people are told what is wrong, and the Latvian sentence for each code.

English is written where a rule is: it names the days and amounts at hand. Latvian is told by the code alone, from `sentences_lv.csv`
beside this file, so that a rule is written once and a translator needs no Python. `sentences_en.csv` has what stands in place of
pydantic's own English, where that says nothing about the values at hand and is written for programmers.
"""

import csv
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from io import StringIO
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


class Language(StrEnum):
    LV = "lv"
    EN = "en"


DEFAULT: Final = Language.EN
REMEMBERED: Final = 100
"""Headers: browsers send few different ones, and the server reads none that is longer than 64 kB."""
MAX_RANGES: Final = 50
"""Of one header, far beyond what any browser sends."""
_asked: ContextVar[Language] = ContextVar("asked_language", default=DEFAULT)


def asked_language() -> Language:
    """In which language whoever asks at this moment wants to be told what is wrong."""
    return _asked.get()


class AskedLanguage:
    """ASGI middleware: remembers it for as long as the request is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope).get("Accept-Language") if scope["type"] == "http" else None
        token = _asked.set(accepted_language(asked))
        try:
            await self.app(scope, receive, send)
        finally:
            _asked.reset(token)


@lru_cache(maxsize=REMEMBERED)
def accepted_language(header: str | None) -> Language:
    """What `Accept-Language` prefers of the languages there are (RFC 9110, section 12.5.4); English where it names neither.

    A range such as `lv-LV` is met by its language, the more exact range goes before `*`, and of two that are wished for alike the
    earlier one is taken. A part that is not well formed is passed over.
    """
    weights: dict[str, float] = {}
    for tag, weight in _ranges(header or ""):
        weights[tag] = max(weight, weights.get(tag, 0.0))
    others = weights.get("*", 0.0)
    named = [Language(tag) for tag in weights if tag in list(Language)]
    ranked = [*named, *(each for each in (DEFAULT, *Language) if each not in named)]
    best = max(ranked, key=lambda each: weights.get(each, others))
    return best if weights.get(best, others) > 0 else DEFAULT


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(",")[:MAX_RANGES]:
        written, *parameters = (each.strip() for each in part.split(";"))
        weight = _weight(parameters)
        if written and weight is not None:
            yield written.partition("-")[0].lower(), weight


def _weight(parameters: list[str]) -> float | None:
    """Between 0 (not wanted) and 1 (unless it is said); None for what is no weight."""
    if not parameters:
        return 1.0
    name, _, value = parameters[0].partition("=")
    if name.strip().lower() != "q" or not value.strip().replace(".", "", 1).isdecimal():
        return None
    weight = float(value)
    return weight if weight <= 1 else None


def sentence(code: str, language: Language, fallback: str) -> str:
    """What `code` means, for people. `fallback` is the English sentence of the rule itself, which is also the answer for a code that
    has no other.
    """
    return fallback if language is Language.EN else _sentences(Language.LV).get(code, fallback)


def sentence_and_detail(code: str, language: Language, words: str) -> tuple[str, str | None]:
    """The sentence for people, and the rule's own `words` where they are others: a translation does not name the values at hand."""
    told = sentence(code, language, words)
    return told, None if told == words else words


def worded(code: str, message: str) -> str:
    """What pydantic tells as `message`, in plain English where there is a sentence of ours."""
    return _sentences(Language.EN).get(code, message)


@cache
def _sentences(language: Language) -> Mapping[str, str]:
    text = (files("app.api") / f"sentences_{language}.csv").read_text(encoding="utf-8")
    return {row["code"]: row["sentence"] for row in csv.DictReader(StringIO(text, newline=""), strict=True)}
