"""What can go wrong, in the words of the register. These errors know no HTTP; `app/api/problems.py` translates them."""

# RegisterError
# ├── Invalid     the data breaks rules: one Violation per wrong field, all of them in one answer
# ├── NotFound    absent, or foreign to whoever asks: the two are never told apart
# ├── Forbidden   this actor's role may never do this
# ├── Refused     right in itself, but the state of the register does not allow it now: violations tell why, if there are several
# │   └── Busy    somebody else is changing the same at this moment: it may be tried again at once
# ├── Stale       somebody changed the record since it was read
# ├── Expired     a cursor of the feed that nothing can be told from any more
# └── Unavailable the database is away, or too busy to be waited for: the same may be asked again

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule. `pointer` is an RFC 6901 JSON pointer into the data as it was sent ("" is the whole)."""

    pointer: str
    code: str
    message: str


class RegisterError(Exception):
    """Root of everything the register refuses. `code` is stable and part of the public contract."""

    code = "register-error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class Invalid(RegisterError):
    code = "invalid-data"

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(f"{v.pointer or '/'}: {v.message}" for v in self.violations))


class NotFound(RegisterError):
    code = "not-found"

    def __init__(self, noun: str, *, record_id: UUID | None = None) -> None:
        """`record_id`: what was asked for, for the audit; the message never repeats it."""
        super().__init__(f"There is no such {noun}, or it is not yours to see.")
        self.noun = noun
        self.record_id = record_id


class Forbidden(RegisterError):
    code = "forbidden"


class Refused(RegisterError):
    code = "refused"

    def __init__(self, message: str, *, code: str | None = None, violations: Iterable[Violation] = ()) -> None:
        super().__init__(message, code=code)
        self.violations = tuple(violations)


class Busy(Refused):
    code = "busy"

    def __init__(self) -> None:
        super().__init__("Somebody else is changing the same at this moment. Nothing was changed: try again.")


class Stale(RegisterError):
    code = "stale-version"

    def __init__(self, noun: str, current: int) -> None:
        super().__init__(f"This {noun} has changed since you read it; its version is now {current}.")
        self.current = current


class Expired(RegisterError):
    code = "cursor-expired"

    def __init__(self) -> None:
        super().__init__(
            "This cursor has expired: the register was restored, or what has changed since is no longer kept, or your role is another one."
            " Begin again without a cursor, and forget at the end of the load what it has not sent."
        )


class Unavailable(RegisterError):
    """`retry_after`: seconds after which asking again makes sense."""

    code = "unavailable"

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__("The register cannot answer right now. Ask again in a moment.")
        self.retry_after = retry_after


def check(violations: Iterable[Violation]) -> None:
    """Raise all of them together as one Invalid, or nothing. Rules are generators: a message is only made when it is needed."""
    found = tuple(violations)
    if found:
        raise Invalid(found)


def violation(pointer: str, code: str, message: str) -> Violation:
    return Violation(pointer=pointer, code=code, message=message)
