"""Releases of the synthetic register, with the exact numbers beside them, which nobody but these proofs may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter

from app.domain.calendar import Semester
from app.domain.releases.contributions import Contribution
from app.domain.releases.lattice import Lattice
from app.domain.releases.sealing import Sealed, sealed
from app.domain.releases.tally import Tally
from app.noise import discrete_gaussian
from tests.domain.examples import REFERENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """`seconds` of counting and sealing."""

    tally: Tally
    release: Sealed
    seconds: float


def build(semester: str, contributions: Iterable[Contribution]) -> Built:
    began = perf_counter()
    tally = Tally(Lattice.of(Semester.parse(semester), REFERENCE))
    for each in contributions:
        tally.add(each)
    return Built(tally=tally, release=sealed(tally, discrete_gaussian), seconds=perf_counter() - began)
