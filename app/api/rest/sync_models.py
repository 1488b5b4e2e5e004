"""What a batch and its report look like over REST."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.ids import InstitutionNumber
from app.api.languages import Language
from app.api.problems import ProblemViolation
from app.api.rest.plans.models import SemesterCode
from app.api.sync.references import acted_for
from app.domain.actors import Actor
from app.domain.calendar import Semester
from app.domain.errors import Invalid, violation
from app.domain.sync import (
    REMOVABLE,
    Atomicity,
    BatchState,
    ItemType,
    Mode,
    Operation,
    Rejection,
    Report,
    SnapshotOf,
)

SHOWN = 1_000
"""Rejected items in a report; the others are read page by page."""


LARGEST = 1_000_000_000
"""Bytes of a body as it is sent; what it may be once it is decompressed is a setting, and counted. Beyond any line and any count, too."""

AsMode = Annotated[Mode, Field(description="`validate` answers what `commit` would, and keeps nothing but the report.")]
AsAtomic = Annotated[
    Atomicity, Field(description="`item` leaves out what is rejected; `all` refuses the whole batch for it.")
]


class SnapshotQuery(BaseModel):
    """Which set it is."""

    item_type: Annotated[ItemType, Field(alias="type", description="Of all items. Students have no snapshot.")]
    semester: SemesterCode
    institution: Annotated[
        InstitutionNumber | None, Field(description="May be left out by who acts for one alone.")
    ] = None
    confirm_removals: Annotated[
        int | None, Field(ge=0, le=LARGEST, description="The `count` that a refusal has told.")
    ] = None
    mode: AsMode = Mode.COMMIT
    atomic: AsAtomic = Atomicity.ITEM

    def snapshot(self, actor: Actor) -> SnapshotOf:
        """Raises Invalid for a type that has no snapshots, and Forbidden for an institution of others."""
        if self.item_type not in REMOVABLE:
            listed = ", ".join(each for each in ItemType if each in REMOVABLE)
            raise Invalid([violation("/query/type", "unknown-type", f"One of {listed}.")])
        return SnapshotOf(
            type=self.item_type,
            institution_id=acted_for(actor, self.institution, "/query/institution"),
            semester=Semester.parse(self.semester),
            confirmed=self.confirm_removals,
        )


class Counts(BaseModel):
    created: int
    updated: int
    unchanged: int
    deleted: int
    rejected: int


class RejectionOut(BaseModel):
    line: Annotated[int, Field(description="Of the line, or of the item in the array, counted from 1.")]
    op: Annotated[Operation | None, Field(description="Null where the item could not be read.")]
    type: ItemType | None
    external_id: str | None
    violations: Annotated[list[ProblemViolation], Field(description="Pointers are into the item.")]

    @classmethod
    def of(cls, each: Rejection, language: Language) -> "RejectionOut":
        return cls(
            line=each.line,
            op=each.operation,
            type=each.type,
            external_id=each.external_id,
            violations=[ProblemViolation.of(wrong, language) for wrong in each.violations],
        )


class BatchSummary(BaseModel):
    id: UUID
    idempotency_key: str
    mode: Mode
    atomic: Atomicity
    state: Annotated[
        BatchState,
        Field(
            description="APPLIED: what was not rejected is kept. VALIDATED and REFUSED: nothing is kept but this report."
        ),
    ]
    received_at: datetime
    finished_at: datetime
    items: int
    counts: Annotated[
        dict[str, Counts],
        Field(
            description="By type; `unreadable` of items whose type could not be read. What was not kept is counted as it would have been.",
            examples=[{"intervention": {"created": 3, "updated": 1, "unchanged": 0, "deleted": 0, "rejected": 1}}],
        ),
    ]
    removed: Annotated[int | None, Field(description="Of a snapshot: records that it ended.")]

    @staticmethod
    def fields(report: Report) -> dict[str, Any]:
        names = BatchSummary.model_fields
        return {name: getattr(report, name) for name in names}

    @classmethod
    def of(cls, report: Report) -> "BatchSummary":
        return cls.model_validate(cls.fields(report))


class BatchOut(BatchSummary):
    rejected: Annotated[list[RejectionOut], Field(description=f"The first {SHOWN}, in the order of their lines.")]
    more_rejected: Annotated[str | None, Field(description="Where the next ones are; null if these are all.")]

    @classmethod
    def reported(cls, report: Report, shown: list[Rejection], language: Language) -> "BatchOut":
        more = None
        if report.rejected > len(shown):
            more = f"/v1/sync/batches/{report.id}/rejections?after={shown[-1].line if shown else 0}"
        rejected = [RejectionOut.of(each, language) for each in shown]
        return cls.model_validate(cls.fields(report) | {"rejected": rejected, "more_rejected": more})


class RejectionPage(BaseModel):
    items: list[RejectionOut]
    next: Annotated[int | None, Field(description="Send it as `after` for the next page; null on the last.")]
