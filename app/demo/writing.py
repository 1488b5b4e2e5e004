"""Writes the synthetic register through the bulk path, each block in a transaction of its own, in the authority's role."""

import asyncio
import gc
import os
from collections import Counter
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from signal import SIG_DFL, SIGINT, signal
from threading import Thread

from app.db import (
    bulk,
    bulk_rows,
    enrolments,
    interventions,
    outcomes,
    participations,
    person_rows,
    plan_content,
    plan_steps,
    plans,
    risks,
    scopes,
    tables,
)
from app.db.reference import packaged
from app.db.sealing import Sealer
from app.db.session import Database
from app.demo.blocks import Block
from app.demo.network import Network
from app.demo.records import Records, records
from app.domain.ids import InstitutionId


def begin_work() -> None:
    """In a worker: end when the process that started it ends, however it ends, and on Ctrl-C at once and without a word."""
    gc.disable()  # nothing made for a block is garbage before the block is written: looking for some took a third of the time
    signal(SIGINT, SIG_DFL)
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def write_block(url: str, sealer: Sealer, block: Block) -> Counter[str]:
    """Make and write one block, and return how many rows went into each table. Runs in a process of its own."""
    try:
        return asyncio.run(_write_block(url, sealer, block))
    finally:
        gc.collect()


async def _write_block(url: str, sealer: Sealer, block: Block) -> Counter[str]:
    database = Database(url, pool_size=1, silence=None)
    try:
        made = records(block, packaged())
        async with database.transaction(scopes.AUTHORITY) as connection:
            return await bulk.copy_all(connection, _rows(made, sealer))
    finally:
        await database.close()


async def write_network(database: Database, network: Network, kept: frozenset[InstitutionId]) -> Counter[str]:
    """Institutions, partners and participations, as far as they are `kept` at this scale."""
    institutions = [each for key, each in network.institutions.items() if key in kept]
    signed = [each for each in network.participations if each.institution_id in kept]
    partners = {each.partner_id for each in signed}
    async with database.transaction(scopes.AUTHORITY) as connection:
        return await bulk.copy_all(
            connection,
            [
                (tables.institution, map(bulk_rows.institution, institutions)),
                (tables.institution_registration, bulk_rows.registrations(institutions)),
                (tables.institution_location, bulk_rows.locations(institutions)),
                (tables.partner, (bulk_rows.partner(each) for each in network.partners if each.id in partners)),
                (tables.participation, map(participations.values, signed)),
            ],
        )


def _rows(made: Records, sealer: Sealer) -> list[bulk.RowSet]:
    codes = {(each.personal_code, each.student_id) for each in made.persons if each.personal_code is not None}
    return [
        (tables.student, ({"student_id": each.id, "version": each.version} for each in made.students)),
        (
            tables.student_access,
            (
                {
                    "student_id": each.student_id,
                    "owner_id": each.owner,
                    "institution_id": each.institution,
                    "reason": each.reason,
                    "valid_from": each.since,
                }
                for each in made.access
            ),
        ),
        (tables.person, (person_rows.values(each, sealer) for each in made.persons)),
        (
            tables.personal_code,
            ({"code_hash": sealer.code_hash(code), "student_id": student} for code, student in sorted(codes, key=str)),
        ),
        (
            tables.stated_code,
            (
                {
                    "institution_id": each.institution_id,
                    "code_hash": sealer.code_hash(each.personal_code),
                    "student_id": each.student_id,
                }
                for each in made.persons
                if each.personal_code is not None
            ),
        ),
        (tables.enrolment, map(enrolments.values, made.enrolments)),
        (tables.risk, map(risks.values, made.risks)),
        (tables.plan, map(plans.values, made.plans)),
        (tables.plan_risk, (row for each in made.plans for row in plan_content.risk_rows(each))),
        (tables.planned_measure, (row for each in made.plans for row in plan_content.measure_rows(each))),
        (tables.plan_provider, (row for each in made.plans for row in plan_content.provider_rows(each))),
        (
            tables.plan_step,
            (plan_steps.values(plan, step, at) for plan, steps in made.steps for at, step in enumerate(steps, start=1)),
        ),
        (tables.outcome, map(outcomes.values, made.outcomes)),
        (tables.outcome_result, (row for each in made.outcomes for row in outcomes.result_rows(each))),
        (tables.intervention, map(interventions.values, made.interventions)),
    ]
