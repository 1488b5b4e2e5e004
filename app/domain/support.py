"""What a support measure is made of, planned or delivered: hours with a subject or a specialist, or EUR."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.code_lists import CodeLists, Unit
from app.domain.errors import Violation, violation

SUBJECT_CONSULTATION = "SUBJECT_CONSULTATION"
MOST_HOURS, MOST_EUR = Decimal("999.99"), Decimal("9999999.99")
"""Of one support measure. No published bound is known; these refuse slips of the hand."""
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """`measure` is a code of "support-measures". Hours are teaching hours of 40 minutes; `eur` is an amount in euro, two decimals."""

    measure: str
    hours: Decimal | None = None
    eur: Decimal | None = None
    subject: str | None = None
    specialist: str | None = None


def support_violations(support: Support, codes: CodeLists, on: date, at: str = "") -> Iterator[Violation]:
    """Hours need a subject (subject consultation) or a specialist (consultative, crisis and holiday support); economic support needs EUR."""
    measure = codes["support-measures"].find(support.measure)
    if measure is None or on not in measure.period:
        yield violation(f"{at}/support_measure", "unknown-code", f"No support measure {support.measure} on that day.")
        return
    yield from _amount(support.hours, MOST_HOURS, f"{at}/hours")
    yield from _amount(support.eur, MOST_EUR, f"{at}/eur")
    if measure.unit is Unit.EUR:
        yield from _economic(support, at)
    else:
        yield from _hours(support, codes, on, at)


def _amount(amount: Decimal | None, most: Decimal, pointer: str) -> Iterator[Violation]:
    if amount is None:
        return
    if not amount.is_finite():
        yield violation(pointer, "not-a-number", "An amount is a number.")
    elif amount < 0:
        yield violation(pointer, "negative", "Amounts are never negative.")
    elif amount > most:
        yield violation(pointer, "too-large", f"At most {most}.")
    elif amount != amount.quantize(CENT):
        yield violation(pointer, "too-precise", "Amounts have at most two decimals.")


def _economic(support: Support, at: str) -> Iterator[Violation]:
    if support.eur is None:
        yield violation(f"{at}/eur", "required", "Economic support has an amount in EUR.")
    for pointer, value in (("hours", support.hours), ("subject", support.subject), ("specialist", support.specialist)):
        if value is not None:
            yield violation(
                f"{at}/{pointer}", "not-for-economic", "Economic support has no hours, subject or specialist."
            )


def _hours(support: Support, codes: CodeLists, on: date, at: str) -> Iterator[Violation]:
    if support.hours is None:
        yield violation(f"{at}/hours", "required", "A consultation has hours.")
    if support.eur is not None:
        yield violation(f"{at}/eur", "not-for-hours", "A consultation is counted in hours, not in EUR.")
    by_subject = support.measure == SUBJECT_CONSULTATION
    needed, other = ("subject", "specialist") if by_subject else ("specialist", "subject")
    value = support.subject if by_subject else support.specialist
    surplus = support.specialist if by_subject else support.subject
    if value is None:
        yield violation(f"{at}/{needed}", "required", f"{support.measure} needs a {needed}.")
    elif not codes.valid(f"{needed}s", value, on):
        yield violation(f"{at}/{needed}", "unknown-code", f"No {needed} {value} on that day.")
    if surplus is not None:
        yield violation(f"{at}/{other}", "not-for-this-measure", f"{support.measure} has no {other}.")
