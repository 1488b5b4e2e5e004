"""What items refer to: the source's own ids, the register's ids, and institutions by any of their names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, Protocol
from uuid import UUID

from pydantic import BaseModel, Discriminator, Field, Tag

from app.api.ids import InstitutionNumber
from app.api.sync.items import ExternalId
from app.db import institutions, source_keys, students
from app.db.session import Connection
from app.domain.actors import Actor
from app.domain.errors import Forbidden, Invalid, Violation, violation
from app.domain.ids import InstitutionId, StudentId
from app.domain.sync import ItemType

MOST_KEPT: Final = 50_000
"""References that are remembered from one part of a batch to the next."""


class RecordId(BaseModel, extra="forbid"):
    id: Annotated[UUID, Field(description="The register's id.")]


class RegistrationNumber(BaseModel, extra="forbid"):
    registration_number: Annotated[str, Field(max_length=40, examples=["4312902314"])]


_OBJECTS: Final = (dict, BaseModel)


def _kind(reference: Any) -> str:  # noqa: ANN401 - whatever somebody has sent
    """By what it looks like, so that of a wrong one a single thing is told, and not what each kind has against it."""
    if reference is None:
        return "(none)"
    if isinstance(reference, _OBJECTS):
        return "(object)"
    is_number = isinstance(reference, int | float) and not isinstance(reference, bool)
    return "(number)" if is_number else "(text)"


def _record_kind(reference: Any) -> str:  # noqa: ANN401 - as above
    return "(object)" if isinstance(reference, _OBJECTS) else "(text)"


Reference = Annotated[
    Annotated[ExternalId, Tag("(text)")] | Annotated[RecordId, Tag("(object)")],
    Discriminator(_record_kind),
    Field(description="The source's own id as text, or the register's as an object."),
]
InstitutionReference = Annotated[
    Annotated[InstitutionNumber, Tag("(number)")]
    | Annotated[ExternalId, Tag("(text)")]
    | Annotated[RegistrationNumber, Tag("(object)")]
    | Annotated[None, Tag("(none)")],
    Discriminator(_kind),
    Field(
        description="The register's number, the source's own id as text, or the registration number. May be left out by who acts for one alone."
    ),
]


class SaysPlace(Protocol):
    """What an item says that belongs to a student at an institution."""

    @property
    def student(self) -> Reference: ...
    @property
    def institution(self) -> InstitutionReference: ...


class References:
    """Looks references up, many at a time, and remembers them. What is unknown is unknown to the source alone."""

    def __init__(self, connection: Connection, actor: Actor, source: UUID) -> None:
        self._connection = connection
        self._actor = actor
        self._source = source
        self._records: dict[ItemType, dict[str, UUID]] = defaultdict(dict)
        self._survivors: dict[UUID, StudentId] = {}
        self._institutions: dict[str, InstitutionId] = {}
        self._numbers: dict[str, InstitutionId] | None = None

    async def load(self, item_type: ItemType, wanted: Iterable[Reference | None]) -> None:
        """Look up those that are the source's own ids, and whom students of the register's ids have become."""
        wanted = list(wanted)
        if item_type is ItemType.STUDENT:
            by_id = {each.id for each in wanted if isinstance(each, RecordId)}
            self._survivors.update(await students.survivors(self._connection, sorted(by_id)))
        known = self._records[item_type]
        missing = {each for each in wanted if isinstance(each, str) and each not in known}
        if len(known) + len(missing) > MOST_KEPT:
            known.clear()
            missing = {each for each in wanted if isinstance(each, str)}
        known.update(await source_keys.find(self._connection, self._source, item_type, sorted(missing)))

    def keep(self, item_type: ItemType, found: Mapping[str, UUID]) -> None:
        """What has been recorded a moment ago."""
        self._records[item_type].update(found)

    def forget(self, item_type: ItemType, external_id: str) -> None:
        if item_type is ItemType.INSTITUTION:
            self._institutions.pop(external_id, None)
        self._records[item_type].pop(external_id, None)

    def record(self, item_type: ItemType, reference: Reference, pointer: str) -> UUID:
        """The id of the record. It was looked up by `load`. Raises Invalid."""
        if isinstance(reference, RecordId):
            return self._survivors.get(reference.id, reference.id)
        found = self._records[item_type].get(reference)
        if found is None:
            raise Invalid([unknown(item_type, pointer)])
        return found

    async def load_places(self, wanted: Sequence[SaysPlace]) -> None:
        await self.load(ItemType.STUDENT, [each.student for each in wanted])
        await self.load_institutions([each.institution for each in wanted])

    async def load_institutions(self, wanted: Iterable[InstitutionReference]) -> None:
        missing = {each for each in wanted if isinstance(each, str)} - self._institutions.keys()
        found = await source_keys.find_institutions(self._connection, self._source, sorted(missing))
        self._institutions.update({key: InstitutionId(each) for key, each in found.items()})
        if self._numbers is None:
            # Few, and public: those that the client acts for.
            acted_for = await institutions.of_ids(self._connection, sorted(self._actor.institution_ids))
            self._numbers = {number.number: each.id for each in acted_for for number in each.registration_numbers}

    def bound_institution(self, external_id: str) -> InstitutionId | None:
        """What the source calls by this id, looked up by `load_institutions`."""
        return self._institutions.get(external_id)

    def keep_institution(self, external_id: str, institution_id: InstitutionId) -> None:
        self._institutions[external_id] = institution_id

    def institution(self, reference: InstitutionReference, pointer: str = "/institution") -> InstitutionId:
        """An institution that the client acts for. Raises Invalid and Forbidden."""
        number: InstitutionId | None
        if isinstance(reference, RegistrationNumber):
            # One that is nobody's is none that the client acts for.
            number = (self._numbers or {}).get(reference.registration_number, InstitutionId(0))
        elif isinstance(reference, str):
            bound = self._institutions.get(reference)
            if bound is None:
                raise Invalid([violation(pointer, "unknown-reference", "You have sent no institution with this id.")])
            number = bound
        else:
            number = reference
        return acted_for(self._actor, number, pointer)


def unknown(item_type: ItemType, pointer: str) -> Violation:
    """What is wrong with an id at `pointer` under which the source has no record of this type."""
    return violation(pointer, "unknown-reference", f"You have sent no {item_type} with this id, or it was rejected.")


def acted_for(actor: Actor, asked: InstitutionId | None, pointer: str) -> InstitutionId:
    """The institution that is asked for, or the one there is. Raises Forbidden unless the actor acts for it, Invalid where it has to say."""
    own = actor.institution_ids
    if asked is None:
        if len(own) != 1:
            raise Invalid([violation(pointer, "required", "You do not act for just one institution: say which.")])
        return next(iter(own))
    if asked not in own:
        raise Forbidden("You do not act for this institution.", code="not-your-institution")
    return asked
