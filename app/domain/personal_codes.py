"""The Latvian personal code: 11 digits, normalised without the hyphen that people write after the sixth.

Old form DDMMYY-CNNNK: birth date, century, number, check digit. New form, since July 2017: the first digit is 3, the
second 2 to 9, and the others carry no meaning; implementations disagree on a check digit, so none is required.
"""

import re
from collections.abc import Iterator
from datetime import date

from app.domain.errors import Violation, check, violation

_WRITTEN = re.compile(r"[0-9]{6}-?[0-9]{5}", re.ASCII)
_WEIGHTS = (1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CENTURIES = {"0": 1800, "1": 1900, "2": 2000}
_TEST_PREFIX = "00"
_LAST_SERIAL = 9_999_999
_NO_CHECK_DIGIT = 10


def normalise_personal_code(text: str, *, allow_test_codes: bool = False, pointer: str = "") -> str:
    """The 11 digits. Raises Invalid, with a message that never repeats the code: it would end up in logs.

    `allow_test_codes` admits codes beginning with 00, a day that does not exist: they can belong to no living person.
    Their check digit must hold all the same. Never allow them in production.
    """
    check(_violations(text, allow_test_codes=allow_test_codes, pointer=pointer))
    return text.replace("-", "")


def written_personal_code(code: str) -> str:
    """A normalised code as people write it."""
    return f"{code[:6]}-{code[6:]}"


def demonstration_personal_code(serial: int) -> str:
    """A code beginning with 00, for demonstrations and tests; another one for each serial from 0 to 9 999 999."""
    if not 0 <= serial <= _LAST_SERIAL:
        raise ValueError("Serials of demonstration codes have at most seven digits.")
    stem = f"{_TEST_PREFIX}{serial:07}"
    # The tenth digit weighs 2, so at most one of two neighbours leaves the remainder 10.
    return next(f"{stem}{last}{digit}" for last in "01" if (digit := check_digit(f"{stem}{last}")) is not None)


def check_digit(first_ten: str) -> str | None:
    """The eleventh digit of the old form; None where the first ten digits make no code (remainder 10)."""
    remainder = (1101 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_ten, strict=True))) % 11
    return None if remainder == _NO_CHECK_DIGIT else str(remainder)


def birth_date_of(code: str) -> date | None:
    """The birth date that a normalised code of the old form tells; None where it tells none (new form, test codes)."""
    century = _CENTURIES.get(code[6])
    if _is_new_form(code) or century is None:
        return None
    try:
        return date(century + int(code[4:6]), int(code[2:4]), int(code[:2]))
    except ValueError:
        return None


def _is_new_form(code: str) -> bool:
    return code[0] == "3" and code[1] in "23456789"


def _violations(text: str, *, allow_test_codes: bool, pointer: str) -> Iterator[Violation]:
    if not _WRITTEN.fullmatch(text):
        yield violation(
            pointer, "personal-code-format", "A personal code has 11 digits, with or without a hyphen after the sixth."
        )
        return
    code = text.replace("-", "")
    if _is_new_form(code):
        return
    if code.startswith(_TEST_PREFIX) and not allow_test_codes:
        yield violation(pointer, "personal-code-test", "Codes beginning with 00 are for demonstrations and tests only.")
        return
    if not code.startswith(_TEST_PREFIX) and birth_date_of(code) is None:
        yield violation(
            pointer, "personal-code-birth-date", "The code holds no possible birth date and is not of the new form."
        )
    elif check_digit(code[:10]) != code[10]:
        yield violation(pointer, "personal-code-check-digit", "The check digit does not fit the other digits.")
