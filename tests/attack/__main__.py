"""`make attack`: every promise of docs/privacy.md with its number. WORLDS=n and PAIRS=n for as many, SCALE=small for a quick look."""

import argparse
import sys
import time
from collections.abc import Sequence
from random import Random
from statistics import median

from rich.console import Console

from app.demo.blocks import Scale
from app.domain.releases.accounting import CEILING_RHO, epsilon, release_rho
from app.domain.releases.attributes import Attribute, Figure, Level
from app.domain.releases.contributions import Contribution
from app.domain.releases.sealing import sealed
from app.noise import discrete_gaussian
from tests.attack import customary, usefulness
from tests.attack.country import by_semester
from tests.attack.equations import equations
from tests.attack.odds import expected_rate
from tests.attack.pairs.proof import SEMESTERS, proof
from tests.attack.pairs.scans import OF_RELEASES
from tests.attack.recovery import recovery
from tests.attack.releases import Built, build
from tests.attack.sealed import attack, cost
from tests.attack.verdict import Verdict
from tests.attack.victims import LATTICE, MOST_EXPOSED, QUESTIONS, SEMESTER, cells_of

GROUPS = (Attribute.RISK_GROUP,)
SEALED_AGAIN = 5
"""Releases of the same numbers in which small numbers are looked for. In truth there is one, ever."""


def attacks(verdict: Verdict, worlds: int, console: Console) -> None:
    """The third question is about more than one risk: told, from fewer worlds, for whoever asks what a release says of a known student."""
    for question, judged in zip(QUESTIONS, (True, True, False), strict=True):
        some = worlds if judged else worlds // 4
        console.print(f"An attacker asks in {some:,} worlds: {question.name}?", highlight=False)
        once, four = attack(question, some)
        name = f"{question.name}: found where 1 % are wrongly accused, 95 % upper bound"
        if judged:
            verdict.at_most(name, 100 * once.upper, 5.0, " %")
        else:
            verdict.told(name, f"{100 * once.upper:.2f} %")
        expected = 100 * expected_rate(cost(question))
        verdict.told(
            "  found, by theory, wrongly accused",
            f"{100 * once.rate:.2f} %, {expected:.2f} %, {once.alarms / some:.2%}",
        )
        verdict.told("  found after four releases", f"{100 * four.rate:.2f} %, at most {100 * four.upper:.2f} %")


def customary_rules(verdict: Verdict, built: Built, worlds: int, console: Console) -> None:
    others = [built.tally.exact(*cells)[cell] for cells, cell in cells_of(MOST_EXPOSED)]
    for rule in customary.RULES:
        console.print(f"The same attacker, against {rule.name}.", highlight=False)
        found = customary.attack(rule, others, worlds, Random(1))
        verdict.at_least(f"found where the rule is to {rule.name}", 100 * found.rate, 99.0, " %")


def small_numbers(verdict: Verdict, built: Built) -> None:
    sums = [each for each in equations(built.tally.lattice) if each[0][0].figure is Figure.STUDENTS]
    releases = [built.release, *(sealed(built.tally, discrete_gaussian) for _ in range(SEALED_AGAIN - 1))]
    for level in Level:
        found = recovery(built.tally, releases, level, sums)
        name = f"{built.release.lattice.semester}, {level.lower()}: 1 to 9 told exactly, above guessing"
        verdict.at_most(name, found.gain, 2.0, " points")
        verdict.told(
            "  told, guessed", f"{found.told / found.cells:.1%}, {found.guessed / found.cells:.1%} of {found.cells:,}"
        )


def worth(verdict: Verdict, all_built: Sequence[Built]) -> None:
    """Of the register at its national size alone: of a seventh of it nothing is promised."""
    municipal = [usefulness.judged(each, Figure.STUDENTS, Level.MUNICIPALITY, GROUPS) for each in all_built]
    regional = [usefulness.judged(each, Figure.STUDENTS, Level.REGION, ()) for each in all_built]
    off = usefulness.median_error(each for found in regional for each in found)
    verdict.at_most("region x semester, median relative error", off, 0.5, " %")
    over_all = usefulness.over_all(municipal)
    name = "municipality x risk group, median relative error"
    verdict.told(f"{name}, all semesters together", f"{median(over_all):.2f} % of {len(over_all)}")
    for each, found in zip(all_built, municipal, strict=True):
        semester = each.release.lattice.semester
        shown = [one for one in found if not one.cell.small]
        verdict.told(f"  {semester}, of {len(found)} cells", f"{usefulness.median_error(found):.2f} %")
        if semester == SEMESTER:
            verdict.at_most(f"{name}, {semester}, of {len(shown)} shown", usefulness.median_error(shown), 6.0, " %")
        else:
            verdict.told(f"  {semester}, of {len(shown)} shown", f"{usefulness.median_error(shown):.2f} %")


def soundness(verdict: Verdict, all_built: Sequence[Built]) -> None:
    faults = sum(1 for each in all_built for _ in usefulness.faults(each))
    verdict.at_most("totals that are not the sum of their parts", faults, 0)
    verdict.at_most("the slowest release, counted and sealed", max(each.seconds for each in all_built), 60, " s")


def pairs(verdict: Verdict, all_built: Sequence[Built], number: int, console: Console) -> None:
    """What equivalent is, and what a different byte: see tests/attack/pairs."""
    console.print(f"Questions in other words and forms: {number:,} pairs.", highlight=False)
    found = proof([each.release for each in all_built if each.release.lattice.semester in SEMESTERS], number)
    laid = found.comparison
    for first, other, part in laid.different[:5]:
        console.print(f"Different in {part}:\n  {first.words}\n  {other.words}", highlight=False, markup=False)
    verdict.at_least("pairs of equivalent questions", laid.pairs, number)
    verdict.at_most("  with a different byte", len(laid.different), 0)
    verdict.told("  questions, in seconds", f"{found.questions:,}, {found.seconds:,.0f}")
    verdict.told("  asked as", ", ".join(f"{form} {count:,}" for form, count in sorted(laid.forms.items())))
    verdict.told("  whole bodies, pages compared", f"{laid.bodies:,}, {laid.pages:,}")
    verdict.told("  pairs that were refused alike", f"{laid.refusals:,}")
    verdict.at_most("  tables looked into besides those of releases", len(found.read.keys() - OF_RELEASES), 0)
    verdict.told("  looked into", ", ".join(f"{name} {count:,}" for name, count in found.read.items()))
    others = found.read_by_authority.keys() - OF_RELEASES
    verdict.at_least("  others, where the authority asks the same", len(others), 1)
    verdict.told("  looked into for the authority", ", ".join(sorted(others)))


def costs(verdict: Verdict) -> None:
    rho = release_rho(LATTICE)
    verdict.told("a release costs", f"rho {rho}, epsilon {epsilon(float(rho)):.2f} at delta 1e-6")
    verdict.told("all releases may cost", f"rho {CEILING_RHO}, epsilon {epsilon(float(CEILING_RHO)):.2f} at delta 1e-6")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--scale", type=Scale, default=Scale.NATIONAL)
    asked = parser.parse_args()
    console, verdict, began = Console(width=140), Verdict(), time.monotonic()
    console.print(f"Making the synthetic register, {asked.scale}.", highlight=False)
    country: dict[str, list[Contribution]] = by_semester(asked.scale)
    all_built = [build(semester, given) for semester, given in country.items()]
    last = all_built[list(country).index(str(SEMESTER))]
    costs(verdict)
    attacks(verdict, asked.worlds, console)
    customary_rules(verdict, last, asked.worlds, console)
    small_numbers(verdict, last)
    soundness(verdict, all_built)
    pairs(verdict, all_built, asked.pairs, console)
    if asked.scale is Scale.NATIONAL:
        worth(verdict, all_built)
    verdict.show(console)
    console.print(f"In {time.monotonic() - began:,.0f} s.", highlight=False)
    sys.exit(not verdict.kept)


if __name__ == "__main__":
    main()
