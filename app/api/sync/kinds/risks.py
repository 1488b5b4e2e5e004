"""Risks of students. They have no natural key: a student may be found at the same risk twice, even on one day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar
from uuid import UUID

from pydantic import TypeAdapter

from app.api import recording
from app.api.ids import time_ordered_id
from app.api.rest.risks import RiskFields
from app.api.sync.kinds.naming import place_of, said_at
from app.api.sync.kinds.one_by_one import OneByOne
from app.api.sync.references import InstitutionReference, Reference
from app.api.sync.run import Run
from app.db import risks
from app.domain.ids import RiskId
from app.domain.risks import Risk


class RiskSaid(RiskFields):
    """An identified risk of a student, until it is resolved."""

    student: Reference
    institution: InstitutionReference = None


class Risks(OneByOne[RiskSaid, Risk]):
    says: ClassVar[TypeAdapter[RiskSaid]] = TypeAdapter(RiskSaid)

    async def refer(self, run: Run, said: Sequence[RiskSaid]) -> None:
        await run.references.load_places(said)

    async def current(self, run: Run, ids: Sequence[UUID]) -> Mapping[UUID, Risk]:
        return {each.id: each for each in await risks.of_ids(run.tx.connection, [RiskId(one) for one in ids])}

    async def counterpart(self, run: Run, said: RiskSaid) -> None:  # noqa: ARG002 - other kinds look for one
        return None

    async def wanted(self, run: Run, said: RiskSaid, current: Risk | None) -> Risk:
        place = place_of(run, said, current)
        if current is None:
            return said.of_student(*place, RiskId(time_ordered_id()))
        return replace(said.of_student(*place, current.id), version=current.version)

    async def create(self, run: Run, wanted: Risk) -> Risk:
        with said_at(student="/student_id"):
            return await recording.risks.add(run.tx, wanted)

    async def locked(self, run: Run, record_id: UUID) -> Risk:
        return await recording.risks.locked(run.tx, RiskId(record_id))

    async def change(self, run: Run, current: Risk, wanted: Risk) -> Risk:  # noqa: ARG002 - no rule asks what it was
        return await recording.risks.change(run.tx, wanted)

    async def remove(self, run: Run, current: Risk) -> None:
        await recording.risks.remove(run.tx, current)
