"""One call: authorised, and made again for as long as that can help."""

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from .credentials import ClientKey, Credentials, FixedToken
from .errors import Misdirected, Unreachable, problem_of
from .retries import Retries, is_running, is_transient
from .steps import Answer, Lost, Outcome, Send, Sleep, Step, sent

Calling = Generator[Step, Outcome, Answer]

METADATA = "/.well-known/oauth-authorization-server"
RENEWED_BEFORE = 60.0
"""Seconds before a token ends; of one that is short, when half of its time has passed."""
_UNCHANGED = 304
_REDIRECTS = frozenset(range(300, 400)) - {_UNCHANGED}
"""What was asked for with a tag may still be what it was: that leads nowhere else."""
_BAD_REQUEST, _UNAUTHORIZED = 400, 401


@dataclass(slots=True, kw_only=True)
class Caller:
    """Holds the token, and renews it before it ends."""

    credentials: Credentials = field(repr=False)
    language: str = "en"
    retries: Retries = field(default_factory=Retries)
    _token: str | None = field(default=None, init=False, repr=False)
    _renewed_at: float = field(default=0.0, init=False)
    _issuer: str | None = field(default=None, init=False)

    def get(self, path: str, **params: str) -> Generator[Step, Outcome, Any]:
        """What the register answers, as JSON."""
        answer = yield from self.call(Send(method="GET", path=path, params=tuple(params.items())))
        return json.loads(answer.content)

    def call(self, request: Send) -> Calling:
        """The answer, where it is a success. Raises Problem, Unreachable and Misdirected."""
        fresh = False
        while True:
            token = yield from self._bearer()
            headers = {**request.headers, "authorization": f"Bearer {token}", "accept-language": self.language}
            authorised = replace(request, headers=headers)
            answer = yield from self._persistent(lambda authorised=authorised: authorised)  # type: ignore[misc]
            if answer.status < _BAD_REQUEST:
                return answer
            if answer.status != _UNAUTHORIZED or fresh or isinstance(self.credentials, FixedToken):
                raise problem_of(answer)
            # The credential by which the token was had may have been rotated, and the clock may be wrong.
            self._token, fresh = None, True

    def _persistent(self, made: Callable[[], Send]) -> Calling:
        """`made` anew for each attempt. The last answer, which may be a refusal. Raises Unreachable and Misdirected."""
        failures, waited = 0, 0.0
        while True:
            outcome = yield from sent(made())
            running = is_running(outcome)
            if not running and not is_transient(outcome):
                assert isinstance(outcome, Answer)  # noqa: S101 - a lost one is transient
                if outcome.status in _REDIRECTS:
                    elsewhere = outcome.headers.get("location", "another address")
                    raise Misdirected(f"{outcome.status}: the answer leads to {elsewhere}, where nothing is sent")
                return outcome
            pause = self.retries.pause(outcome, failures)
            failures, waited = (failures, waited + pause) if running else (failures + 1, waited)
            if failures >= self.retries.attempts or waited > self.retries.patience:
                if isinstance(outcome, Lost):
                    raise Unreachable(f"No answer after {failures} attempts: {outcome.reason}")
                return outcome
            yield Sleep(pause)

    def _bearer(self) -> Generator[Step, Outcome, str]:
        credentials = self.credentials
        if isinstance(credentials, FixedToken):
            return credentials.token
        if self._token is None or monotonic() >= self._renewed_at:
            issuer = (yield from self._audience()) if isinstance(credentials, ClientKey) else ""
            answer = yield from self._persistent(lambda: credentials.request(issuer))
            if answer.status >= _BAD_REQUEST:
                raise problem_of(answer)
            issued = json.loads(answer.content)
            lasts = float(issued["expires_in"])
            self._renewed_at = monotonic() + max(lasts - RENEWED_BEFORE, lasts / 2)
            self._token = str(issued["access_token"])
        return self._token

    def _audience(self) -> Generator[Step, Outcome, str]:
        """Whom an assertion is made for: asked once."""
        if self._issuer is None:
            answer = yield from self._persistent(lambda: Send(method="GET", path=METADATA))
            if answer.status >= _BAD_REQUEST:
                raise problem_of(answer)
            self._issuer = str(json.loads(answer.content)["issuer"])
        return self._issuer
