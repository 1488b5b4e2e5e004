"""The pairs of `make attack`: asked by several processes at once, of one register."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from app.db.embedded import EmbeddedServer
from app.domain.actors import Role
from app.domain.calendar import Semester
from app.domain.releases.sealing import Sealed
from app.settings import Settings
from tests.attack.pairs.asking import Asker, Asking
from tests.attack.pairs.comparison import Comparison
from tests.attack.pairs.question import Known, Question, a_question
from tests.attack.pairs.register import registered, service, token
from tests.attack.pairs.rest import an_address
from tests.attack.pairs.scans import moved, scans
from tests.matrix.asgi import answered

SEMESTERS: Final = tuple(Semester.parse(each) for each in ("2020-1", "2020-2", "2021-1"))
"""A whole school year, and one in part; under the borders before the reform and after it."""
PROCESSES: Final = 2
"""Each has its own seed of hashes: no order of a set is the same in both."""
TIMES: Final = 6
_OF_A_QUESTION: Final = 17
"""Pairs, about: twelve askings of each process, of which some questions are refused."""
_LOOKED_AT: Final = 200
"""Questions that are asked as the authority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`read`: how often which table was looked into, while the analyst asked and while the authority did."""

    questions: int
    comparison: Comparison
    read: Mapping[str, int]
    read_by_authority: Mapping[str, int]
    seconds: float


def proof(those: Sequence[Sealed], pairs: int, *, seed: int = 1) -> Proof:
    """At least so many pairs, of questions to these releases. Another seed draws others."""
    with TemporaryDirectory() as folder, EmbeddedServer.start(Path(folder), durable=False) as server:
        settings, dsn = asyncio.run(registered(server, those))
        number = pairs // _OF_A_QUESTION + 1
        before, began = asyncio.run(scans(dsn)), perf_counter()
        comparison = Comparison()
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            for askings in pool.map(partial(_share, settings, number, seed), range(PROCESSES)):
                for each in askings:
                    comparison.add(each)
        seconds, between = perf_counter() - began, asyncio.run(scans(dsn))
        asyncio.run(_as_the_authority(settings, number, seed))
        return Proof(
            questions=number,
            comparison=comparison,
            read=moved(before, between),
            read_by_authority=moved(between, asyncio.run(scans(dsn))),
            seconds=seconds,
        )


def _questions(number: int, seed: int) -> tuple[Known, list[tuple[int, Question]]]:
    known, chance = Known.of(SEMESTERS), Random(seed)
    return known, [(each + 1, a_question(chance, known)) for each in range(number)]


def _share(settings: Settings, number: int, seed: int, process: int) -> list[Asking]:
    """All questions, in words of its own."""

    async def asked() -> list[Asking]:
        known, questions = _questions(number, seed)
        async with service(settings) as app:
            asker = Asker(app=app, token=token(settings, Role.ANALYST), known=known, times=TIMES)
            return [each async for each in asker.ask(questions, Random(f"{seed} {process}"))]

    return asyncio.run(asked())


async def _as_the_authority(settings: Settings, number: int, seed: int) -> None:
    """Some of the same questions by somebody who is answered from the records: that they are seen to be read."""
    known, questions = _questions(min(number, _LOOKED_AT), seed)
    chance = Random(seed)
    async with service(settings) as app:
        for _, question in questions:
            request = an_address(chance, question, known).request(token(settings, Role.PROGRAMME_AUTHORITY))
            await answered(app, request, "pairs")
