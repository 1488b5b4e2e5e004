"""Items that are recorded one after the other, by the functions of single requests. Those that change nothing are found at once."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from app.api.sync.items import Item
from app.api.sync.run import Run
from app.db.session import savepoint
from app.domain.errors import Busy, NotFound, RegisterError, Unavailable
from app.domain.sync import Operation, Verdict


class Record(Protocol):
    """What a kind records: a frozen dataclass of the domain."""

    @property
    def id(self) -> UUID: ...
    @property
    def institution_id(self) -> int: ...
    @property
    def version(self) -> int: ...


Rec = TypeVar("Rec", bound=Any)
ATTEMPTS: Final = 3


class _Missed(Exception):
    """Another batch has recorded or deleted the same at the same moment: what was done for the item is undone, and it is looked at again."""


Said = TypeVar("Said", bound=Any)


class OneByOne(ABC, Generic[Said, Rec]):
    """`Said` is the model of what an item says, `Rec` the record of the domain."""

    says: ClassVar[TypeAdapter[Any]]

    def model(self, operation: Operation) -> TypeAdapter[Any] | None:
        return self.says if operation is Operation.UPSERT else None

    @abstractmethod
    async def refer(self, run: Run, said: Sequence[Said]) -> None:
        """Look up what these items refer to, all at once (`run.references.load`)."""

    @abstractmethod
    async def current(self, run: Run, ids: Sequence[UUID]) -> Mapping[UUID, Rec]:
        """The records of these ids that the source's scope sees, in one statement."""

    @abstractmethod
    async def counterpart(self, run: Run, said: Said) -> Rec | None:
        """The record that the institution has under the same natural key, if this kind has one."""

    @abstractmethod
    async def wanted(self, run: Run, said: Said, current: Rec | None) -> Rec:
        """The record as the item says it: with the id and version of the current one, or a new id. Raises RegisterError.

        Where there is a current one, nothing is asked of the database for it: of what has not changed there is one question for all.
        """

    @abstractmethod
    async def create(self, run: Run, wanted: Rec) -> Rec: ...

    @abstractmethod
    async def locked(self, run: Run, record_id: UUID) -> Rec:
        """The current record, locked for a change. Raises what a single request would."""

    @abstractmethod
    async def change(self, run: Run, current: Rec, wanted: Rec) -> Rec: ...

    @abstractmethod
    async def remove(self, run: Run, current: Rec) -> None: ...

    async def apply(self, run: Run, operation: Operation, parts: AsyncIterator[list[Item]]) -> None:
        async for items in parts:
            await self._apply(run, operation, items)

    async def _apply(self, run: Run, operation: Operation, items: list[Item]) -> None:
        if operation is Operation.UPSERT:
            await self._upsert(run, items)
        else:
            await self._delete(run, items)

    def place(self, said: Said) -> date:  # noqa: ARG002 - of most kinds, none depends on another
        """Before which items of the same type this one comes."""
        return date.min

    async def _upsert(self, run: Run, items: list[Item]) -> None:
        await self.refer(run, [each.data for each in items])
        # Whatever the order in which they are sent: of two batches with the same records, neither waits for what the other has begun.
        items = sorted(items, key=lambda each: (self.place(each.data), each.external_id))
        for _ in range(ATTEMPTS):
            keys = await run.keys(items)
            current = await self.current(run, list(keys.values()))
            missed = []
            touched: set[UUID] = set()
            for item in items:
                known = keys.get(item.external_id)
                if known is not None and known in touched:  # by another id of the source, which means the same record
                    current = {**current, **await self.current(run, [known])}
                found = None if known is None else current.get(known)
                if found is not None and await self._says_nothing_new(run, item, found):
                    run.done(item, Verdict.UNCHANGED)
                elif not await self._record(run, item, known, found, touched):
                    missed.append(item)
            if not missed:
                return
            items = missed
        raise Busy

    async def _says_nothing_new(self, run: Run, item: Item, found: Rec) -> bool:
        try:
            return bool(await self.wanted(run, item.data, found) == found)
        except RegisterError:
            return False  # it is refused like any other

    async def _record(self, run: Run, item: Item, known: UUID | None, bound: Rec | None, touched: set[UUID]) -> bool:
        """Give the item its verdict; False where somebody else was faster, and it is to be looked at again. What was written is `touched`."""
        is_new = False
        try:
            async with savepoint(run.tx.connection):
                found = await self.counterpart(run, item.data) if bound is None else bound
                is_new = found is None
                wanted = await self.wanted(run, item.data, found)
                verdict = Verdict.CREATED
                if found is None:
                    found = await self.create(run, wanted)
                else:
                    verdict = await self._change(run, item, found, wanted)
                if bound is None:
                    await self._bind(run, item, found, known)
        except _Missed:
            return False
        except (Busy, Unavailable):
            raise  # of the whole batch, which is run again
        except RegisterError as error:
            if is_new and await self._is_there(run, item):
                return False
            run.refuse(item, error)
            return True
        touched.add(found.id)
        run.done(item, verdict)
        return True

    async def _is_there(self, run: Run, item: Item) -> bool:
        """Whether what could not be created is there by now, and so is to be changed instead."""
        try:
            return await self.counterpart(run, item.data) is not None
        except RegisterError:
            return False

    async def _change(self, run: Run, item: Item, found: Rec, wanted: Rec) -> Verdict:
        if wanted == found:
            return Verdict.UNCHANGED
        locked = await self._locked(run, found)
        if locked != found:
            wanted = await self.wanted(run, item.data, locked)
            if wanted == locked:
                return Verdict.UNCHANGED
        await self.change(run, locked, wanted)
        return Verdict.UPDATED

    async def _locked(self, run: Run, found: Rec) -> Rec:
        try:
            return await self.locked(run, found.id)
        except NotFound:
            if (await self.current(run, [found.id])).get(found.id) == found:
                raise  # there, and not for the client to change
            raise _Missed from None

    @staticmethod
    async def _bind(run: Run, item: Item, record: Record, known: UUID | None) -> None:
        if not await run.bind(item, (record.id, record.institution_id), known):
            raise _Missed

    async def _delete(self, run: Run, items: list[Item]) -> None:
        keys = await run.keys(items)
        for item in sorted(items, key=attrgetter("external_id")):
            known = keys.get(item.external_id)
            async with run.judge(item):
                run.done(item, Verdict.UNCHANGED if known is None else await self._gone(run, item, known))

    async def _gone(self, run: Run, item: Item, record_id: UUID) -> Verdict:
        try:
            current = await self.locked(run, record_id)
        except NotFound:
            await run.unbind(item, record_id)
            return Verdict.UNCHANGED
        await self.remove(run, current)
        await run.unbind(item, record_id)
        return Verdict.DELETED
