"""Enrolments: of a student at an institution, from a day on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar
from uuid import UUID

from pydantic import TypeAdapter

from app.api import recording
from app.api.ids import time_ordered_id
from app.api.rest.enrolment_models import EnrolmentFields
from app.api.sync.kinds.naming import place_of, said_at
from app.api.sync.kinds.one_by_one import OneByOne
from app.api.sync.references import InstitutionReference, Reference
from app.api.sync.run import Run
from app.db import enrolments
from app.domain.enrolments import Enrolment
from app.domain.ids import EnrolmentId


class EnrolmentSaid(EnrolmentFields):
    """Which institution a student attends, in which grade, with which marks; or that it has ended."""

    student: Reference
    institution: InstitutionReference = None


class Enrolments(OneByOne[EnrolmentSaid, Enrolment]):
    says: ClassVar[TypeAdapter[EnrolmentSaid]] = TypeAdapter(EnrolmentSaid)

    async def refer(self, run: Run, said: Sequence[EnrolmentSaid]) -> None:
        await run.references.load_places(said)

    async def current(self, run: Run, ids: Sequence[UUID]) -> Mapping[UUID, Enrolment]:
        found = await enrolments.of_ids(run.tx.connection, [EnrolmentId(each) for each in ids])
        return {each.id: each for each in found}

    async def counterpart(self, run: Run, said: EnrolmentSaid) -> Enrolment | None:
        """The one that begins on the same day."""
        return await enrolments.beginning(run.tx.connection, *place_of(run, said), said.first_day)

    async def wanted(self, run: Run, said: EnrolmentSaid, current: Enrolment | None) -> Enrolment:
        if current is None:
            return said.at(*place_of(run, said), EnrolmentId(time_ordered_id()))
        return replace(said.at(*place_of(run, said, current), current.id), version=current.version)

    async def create(self, run: Run, wanted: Enrolment) -> Enrolment:
        with said_at(student="/student_id"):
            return await recording.enrolments.add(run.tx, wanted)

    async def locked(self, run: Run, record_id: UUID) -> Enrolment:
        return await recording.enrolments.locked(run.tx, EnrolmentId(record_id))

    async def change(self, run: Run, current: Enrolment, wanted: Enrolment) -> Enrolment:
        return await recording.enrolments.change(run.tx, current, wanted)

    async def remove(self, run: Run, current: Enrolment) -> None:
        await recording.enrolments.remove(run.tx, current)
