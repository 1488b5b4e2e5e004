"""A release as it is kept: sealed once, never changed, and at most withdrawn. What it cost stays spent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.calendar import Semester
from app.domain.errors import Refused
from app.domain.ids import ReleaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """`number` counts the releases there ever were, from 1. `rho` is what this one costs, `spent` what all up to it cost together;
    `epsilon` is its own, at `delta`. `definition` says what it is made of: see `definitions`.
    """

    id: ReleaseId
    number: int
    semester: Semester
    sealed_on: date
    rho: Decimal
    spent: Decimal
    epsilon: Decimal
    delta: Decimal
    definition: Mapping[str, Any]
    withdrawn_on: date | None = None
    withdrawal_reason: str | None = None

    def withdraw(self, on: date, reason: str) -> "Release":
        """Nothing is answered from it any more. Whoever has read it still has: its cost stays.

        Raises:
            Refused: `release-withdrawn`, where that has been done already.
        """
        if self.withdrawn_on is not None:
            raise Refused("This release has been withdrawn already.", code="release-withdrawn")
        return replace(self, withdrawn_on=on, withdrawal_reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """How many releases there ever were, and what they cost together."""

    number: int = 0
    spent: Decimal = Decimal(0)

    def next(self, rho: Decimal, ceiling: Decimal) -> "Ledger":
        """As it is after one more.

        Raises:
            Refused: `privacy-ceiling`, where all together would cost more than the ceiling. A release that was withdrawn has been read, and
                stays in the sum.
        """
        after = Ledger(number=self.number + 1, spent=self.spent + rho)
        if after.spent > ceiling:
            raise Refused(
                f"The release costs {rho}, and {self.spent} of the {ceiling} that may ever be spent has been.",
                code="privacy-ceiling",
            )
        return after


def demand_something_to_correct(semester: Semester, earlier: int | None) -> None:
    """Each closing is released once: the mean of two drawn from the same numbers would be less noisy than either. `earlier`: number of the
    release that was sealed since the semester was closed last. One that is withdrawn has been read, and is no exception.

    Raises:
        Refused: `nothing-to-correct`.
    """
    if earlier is not None:
        raise Refused(
            f"Release {earlier} is of semester {semester} as it was closed last. To correct it, reopen the semester and close it again.",
            code="nothing-to-correct",
        )


def standing(releases: Iterable[Release]) -> dict[Semester, Release]:
    """From which release each semester is answered: the last one that was not withdrawn."""
    found: dict[Semester, Release] = {}
    for each in sorted(releases, key=lambda release: release.number):
        if each.withdrawn_on is None:
            found[each.semester] = each
    return dict(sorted(found.items()))
