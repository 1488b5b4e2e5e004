"""The synthetic register as a whole: planned, made and written, with its progress told as it goes."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from typing import Final

from app.db import audit, bulk, scopes
from app.db.reference import packaged
from app.db.sealing import Sealer
from app.db.session import Database
from app.demo import staff
from app.demo.blocks import SMALL_REGION, Block, Scale, blocks
from app.demo.figures import MATHEMATICS
from app.demo.named_institutions import MADONA
from app.demo.network import Network, network
from app.demo.seeds import DEFAULT_SEED
from app.demo.writing import begin_work, write_block, write_network
from app.domain.code_lists import InstitutionKind
from app.domain.deeds import Action, Deed
from app.domain.geography import Geography
from app.domain.ids import InstitutionId, PartnerId
from app.domain.regions import RegionScheme

TODAY: Final = date(2021, 11, 15)
"""The register's day in the demo: the first semester after the reform is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """So many of all plans are written, with all that hangs on them; `rows` in all tables together."""

    plans: int
    of_plans: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Whom demo tokens may speak for. They are the same at every scale."""

    school: InstitutionId
    school_name: str
    staff_member: str
    partner: PartnerId
    partner_name: str
    vocational: InstitutionId
    vocational_name: str
    vocational_partner: PartnerId
    region: str


def nothing(_progress: Progress) -> None:
    """For whoever does not want to know."""


async def load(  # noqa: PLR0913 - each has a name and, but for the first three, a default
    database: Database,
    sealer: Sealer,
    *,
    scale: Scale,
    owner_url: str,
    today: date = TODAY,
    seed: int = DEFAULT_SEED,
    progress: Callable[[Progress], None] = nothing,
    workers: int | None = None,
) -> Counter[str]:
    """Write the synthetic register into an empty, migrated database and return the number of rows per table.

    The rows go through the runtime login, in the authority's role; the owner of the tables is only needed to gather statistics
    for the planner and to move the counters of ids past the ids that are taken. Blocks commit one by one, and the audit event of
    the import comes last: where it is missing, a load was cut short and the database is to be made anew.
    """
    reference = packaged()
    planned = network(seed, reference)
    parts = blocks(planned, scale=scale, seed=seed, today=today, geography=reference.geography)
    counts = await write_network(database, planned, _kept(planned, scale, reference.geography))
    told = Progress(plans=0, of_plans=sum(each.plans for each in parts), rows=counts.total())
    progress(told)
    url = database.engine.url.render_as_string(hide_password=False)
    async for part, rows in _written(url, sealer, parts, workers or os.cpu_count() or 1):
        counts += rows
        told = Progress(plans=told.plans + part.plans, of_plans=told.of_plans, rows=counts.total())
        progress(told)
    await bulk.settle(owner_url)
    async with database.transaction(scopes.AUTHORITY) as connection:
        await audit.record(
            connection,
            Deed(
                actor=staff.AUTHORITY,
                action=Action.IMPORT,
                noun="register",
                correlation_id=f"demo-{scale}-{seed}",
                reason=f"Synthetic register, scale {scale}, seed {seed}, today {today}",
            ),
        )
    return counts


async def _written(
    url: str, sealer: Sealer, parts: tuple[Block, ...], workers: int
) -> AsyncIterator[tuple[Block, Counter[str]]]:
    """Blocks as they are written, the largest begun first, so that the last ones to end are small."""
    context = get_context("spawn")
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(min(workers, len(parts)), mp_context=context, initializer=begin_work) as pool:

        async def one(part: Block) -> tuple[Block, Counter[str]]:
            return part, await loop.run_in_executor(pool, write_block, url, sealer, part)

        tasks = [asyncio.create_task(one(part)) for part in sorted(parts, key=lambda each: -each.plans)]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _kept(planned: Network, scale: Scale, geography: Geography) -> frozenset[InstitutionId]:
    if scale is Scale.NATIONAL:
        return frozenset(planned.institutions)
    return frozenset(
        key
        for key, each in planned.institutions.items()
        if (region := geography.region_of(each.locations[0].municipality, RegionScheme.PLANNING, date(2021, 6, 30)))
        is not None
        and region.code == SMALL_REGION
    )


def examples(*, seed: int = DEFAULT_SEED, today: date = TODAY) -> Examples:
    """Of the network of that seed. Nothing is read from a database."""
    reference = packaged()
    planned = network(seed, reference)
    school = planned.schools[InstitutionId(1)]
    partner = school.partner_on(today)
    kept = _kept(planned, Scale.SMALL, reference.geography)
    vocational = next(
        each
        for key, each in planned.schools.items()
        if key in kept and each.kind is InstitutionKind.VOCATIONAL and each.participates(today)
    )
    own = vocational.partner_on(today)
    assert partner is not None  # noqa: S101 - the named school takes part without end
    assert own is not None  # noqa: S101 - it was chosen because it takes part
    return Examples(
        school=school.id,
        school_name=school.institution.name,
        staff_member=staff.provider(school, MATHEMATICS),
        partner=partner.id,
        partner_name=MADONA,
        vocational=vocational.id,
        vocational_name=vocational.institution.name,
        vocational_partner=own.id,
        region=SMALL_REGION,
    )
