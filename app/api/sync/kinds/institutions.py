"""An institution's item binds the source's own id to it: from then on items may name the institution by that id."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, TypeAdapter

from app.api.sync.items import Item
from app.api.sync.references import RegistrationNumber
from app.api.sync.run import Run
from app.db import source_keys
from app.domain.ids import InstitutionId
from app.domain.sync import Operation, Verdict


class InstitutionSaid(BaseModel, extra="forbid"):
    """An institution that the client acts for. Nothing of it is changed."""

    registration_number: Annotated[str, Field(max_length=40, examples=["4312902314"])]


_SAYS: Final = TypeAdapter(InstitutionSaid)


class Institutions:
    def model(self, operation: Operation) -> TypeAdapter[Any] | None:
        return _SAYS if operation is Operation.UPSERT else None

    async def apply(self, run: Run, operation: Operation, parts: AsyncIterator[list[Item]]) -> None:
        async for items in parts:
            await self._apply(run, operation, items)

    async def _apply(self, run: Run, operation: Operation, items: list[Item]) -> None:
        await run.references.load_institutions([each.external_id for each in items])
        for item in items:
            async with run.judge(item):
                if operation is Operation.UPSERT:
                    run.done(item, await self._bind(run, item))
                else:
                    run.done(item, await self._unbind(run, item))

    async def _bind(self, run: Run, item: Item) -> Verdict:
        number = RegistrationNumber(registration_number=item.data.registration_number)
        institution_id = run.references.institution(number, "/registration_number")
        known = run.references.bound_institution(item.external_id)
        if known == institution_id:
            return Verdict.UNCHANGED
        if known is not None:
            await run.unbind(item, None)
        targets: dict[str, source_keys.Target] = {item.external_id: (None, institution_id)}
        # Where another batch has bound it at the same moment, it is bound.
        await source_keys.bind(run.tx.connection, run.source, item.type, targets)
        run.references.keep_institution(item.external_id, institution_id)
        return Verdict.CREATED if known is None else Verdict.UPDATED

    async def _unbind(self, run: Run, item: Item) -> Verdict:
        known: InstitutionId | None = run.references.bound_institution(item.external_id)
        if known is None:
            return Verdict.UNCHANGED
        await run.unbind(item, None)
        return Verdict.DELETED
