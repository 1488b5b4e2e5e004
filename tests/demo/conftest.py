"""The national plan of the synthetic register, and one block of it made in full. No database."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.db.reference import packaged
from app.demo.blocks import Block, Scale, blocks
from app.demo.network import Network, network
from app.demo.records import Records, records
from app.demo.seeds import DEFAULT_SEED
from app.domain.ids import InstitutionId
from app.domain.interventions import Intervention

TODAY = date(2021, 11, 15)
MADONA_SCHOOL = InstitutionId(1)


@dataclass(frozen=True, slots=True)
class Made:
    block: Block
    records: Records
    interventions: list[Intervention]


@pytest.fixture(scope="session")
def country() -> Network:
    return network(DEFAULT_SEED, packaged())


@pytest.fixture(scope="session")
def national(country: Network) -> tuple[Block, ...]:
    return blocks(country, scale=Scale.NATIONAL, seed=DEFAULT_SEED, today=TODAY, geography=packaged().geography)


@pytest.fixture(scope="session")
def small(country: Network) -> tuple[Block, ...]:
    return blocks(country, scale=Scale.SMALL, seed=DEFAULT_SEED, today=TODAY, geography=packaged().geography)


def made(block: Block) -> Made:
    written = records(block, packaged())
    return Made(block, written, list(written.interventions))


@pytest.fixture(scope="session")
def madona(small: tuple[Block, ...]) -> Made:
    """The block of the small scale in which Madona lies."""
    return made(next(block for block in small if MADONA_SCHOOL in {school.id for school in block.schools}))


@pytest.fixture(scope="session")
def neighbours(small: tuple[Block, ...]) -> Made:
    """Another block of schools. Unlike in Madona's, whose figures are published, students move between them."""
    return made(next(block for block in small if not any(school.published for school in block.schools)))
