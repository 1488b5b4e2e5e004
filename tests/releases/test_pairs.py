"""Some hundred of the pairs of `make attack`: the same question in other words and forms, and what of the database it touches."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from random import Random

import pytest

from app.db.embedded import EmbeddedServer
from app.domain.actors import Role
from app.domain.releases.sealing import sealed
from app.domain.releases.tally import Tally
from app.domain.statistics.definitions import Dimension, Measure
from app.settings import Settings
from tests.attack.pairs.asking import Asker, Asking
from tests.attack.pairs.comparison import Comparison
from tests.attack.pairs.question import Known, Question, a_question
from tests.attack.pairs.register import put, service, token
from tests.attack.pairs.rest import an_address
from tests.attack.pairs.scans import OF_RELEASES, moved, scans
from tests.attack.pairs.told import ROWS
from tests.domain.released import AUTUMN, FIRST, SPRING, students
from tests.matrix.asgi import answered

KNOWN = Known.of((FIRST, SPRING, AUTUMN))
TIMES = 4
"""Over REST, and over GraphQL."""


def some_noise(numbers: Sequence[int], deviation: float) -> list[int]:
    chance = Random(len(numbers))
    return [each + round(chance.gauss(0, deviation)) for each in numbers]


@pytest.fixture(scope="module")
async def released(settings: Settings) -> Settings:
    """A register with three releases."""
    made = []
    for semester, lattice in KNOWN.lattices.items():
        tally = Tally(lattice)
        for each in students(semester):
            tally.add(each)
        made.append(sealed(tally, some_noise))
    await put(settings, made)
    return settings


async def asked(settings: Settings, questions: Sequence[Question], chance: Random, role: Role) -> AsyncIterator[Asking]:
    async with service(settings) as app:
        asker = Asker(app=app, token=token(settings, role), known=KNOWN, times=TIMES)
        async for each in asker.ask(list(enumerate(questions, 1)), chance):
            yield each


def some_questions(number: int) -> list[Question]:
    chance = Random(6)
    return [a_question(chance, KNOWN) for _ in range(number)]


async def test_the_same_question_has_the_same_bytes_in_any_words_and_form(
    released: Settings, server: EmbeddedServer, database_name: str
) -> None:
    """And no table is looked into but those of releases."""
    dsn = server.dsn("register_owner", database_name)
    before, found = await scans(dsn), Comparison()
    async for each in asked(released, some_questions(100), Random(7), Role.ANALYST):
        found.add(each)
    read = moved(before, await scans(dsn))
    assert found.different == []
    assert found.pairs > 250
    assert all(found.forms[each] > 25 for each in ("json", "csv", "ndjson", "parquet", "graphql"))
    assert all(found.same[each] > 5 for each in ("page", "json", "ndjson", "parquet", "graphql"))
    assert set(read) == OF_RELEASES


async def test_who_asks_the_records_is_seen_to_read_them(
    released: Settings, server: EmbeddedServer, database_name: str
) -> None:
    """The same questions of the authority: what shows nothing of an analyst would have shown it."""
    dsn = server.dsn("register_owner", database_name)
    before, asker = await scans(dsn), Random(8)
    async with service(released) as app:
        for question in some_questions(8):
            address = an_address(asker, question, KNOWN)
            await answered(app, address.request(token(released, Role.PROGRAMME_AUTHORITY)), "pairs")
    read = moved(before, await scans(dsn))
    assert {"public.statistics_cell", "public.statistics_plan"} & set(read)
    assert not OF_RELEASES & set(read)


@pytest.mark.parametrize("change", ["students", "codes", "first"])
async def test_another_question_is_seen_to_be_another(released: Settings, change: str) -> None:
    """One code less, one row less, another measure."""
    by, learning = (Dimension.GRADE, Dimension.RISK_GROUP), frozenset({"LEARNING", "FAMILY"})
    left = {Dimension.SEMESTER: frozenset({"2021-1"}), Dimension.RISK_GROUP: learning}
    question = Question(by=by, measures=(Measure.PLANS,), left=left, first=5)
    other = {
        "students": replace(question, measures=(Measure.PLANS_CONTINUED,)),
        "codes": replace(question, left=left | {Dimension.RISK_GROUP: frozenset({"FAMILY"})}),
        "first": replace(question, first=4),
    }[change]
    found = Comparison()
    for each in (question, other):
        async for asking in asked(released, [each], Random(9), Role.ANALYST):
            found.add(asking)
    assert {part for _, _, part in found.different} >= {ROWS}
