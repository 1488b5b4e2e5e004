"""GET /v1/sync/schema: what items may say, for programs that make them."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from app.api.auth import MaySendBatches
from app.api.problems import problems
from app.api.register import register_of
from app.api.sync.body import MEDIA_TYPES
from app.api.sync.items import EXTERNAL_ID
from app.api.sync.kinds.table import KINDS
from app.domain.sync import OPERATIONS, REMOVABLE, ItemType, Operation

router = APIRouter(prefix="/v1/sync", tags=["sync"])

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
REFERRED: Final = {
    "institution": ItemType.INSTITUTION,
    "student": ItemType.STUDENT,
    "enrolment": ItemType.ENROLMENT,
    "risk": ItemType.RISK,
    "risks": ItemType.RISK,
    "plan": ItemType.PLAN,
    "continues": ItemType.PLAN,
}
"""Which type a member of this name refers to, wherever it stands."""


class TypeSchema(BaseModel, validate_by_name=True):
    type: ItemType
    order: Annotated[int, Field(description="Lower ones are applied first: those refer to nothing that stands higher.")]
    operations: list[Operation]
    has_snapshots: bool
    item_schema: Annotated[dict[str, Any], Field(alias="schema", description="JSON Schema of an item (draft 2020-12).")]
    references: Annotated[
        dict[str, ItemType], Field(description="Members of `data` that refer to other records, and to which type.")
    ]
    code_lists: Annotated[
        dict[str, str],
        Field(description="Members of `data` that hold a code, and of which list (`GET /v1/code-lists/{name}`)."),
    ]


class BatchLimitsOut(BaseModel):
    body_bytes: Annotated[int, Field(description="Of a batch, after decompression.")]
    items: int
    item_bytes: int
    report_days: Annotated[
        int, Field(description="For how long reports are kept, and an Idempotency-Key is recognised.")
    ]
    media_types: list[str]
    content_encodings: list[str] = ["identity", "gzip"]


class SyncSchema(BaseModel):
    types: Annotated[list[TypeSchema], Field(description="In the order in which they are applied.")]
    limits: BatchLimitsOut


@router.get("/schema", operation_id="get_sync_schema", responses=problems())
async def get_sync_schema(_actor: MaySendBatches, request: Request) -> SyncSchema:
    """What a batch may hold: the types of items with their JSON Schema, references, code lists and order, and the limits."""
    limits = register_of(request).batches
    return SyncSchema(
        types=TYPES,
        limits=BatchLimitsOut(
            body_bytes=limits.size,
            items=limits.items,
            item_bytes=limits.item_size,
            report_days=limits.report_days,
            media_types=list(MEDIA_TYPES),
        ),
    )


def _of(order: int, item_type: ItemType) -> TypeSchema:
    data = {operation: _data(item_type, operation) for operation in OPERATIONS[item_type]}
    said = data[Operation.UPSERT] or {}
    return TypeSchema(
        type=item_type,
        order=order,
        operations=list(OPERATIONS[item_type]),
        has_snapshots=item_type in REMOVABLE,
        item_schema=_item(item_type, data),
        references={name: REFERRED[name] for name, _ in _members(said) if name in REFERRED},
        code_lists={name: code_list for name, member in _members(said) for code_list in _lists(member)},
    )


def _data(item_type: ItemType, operation: Operation) -> dict[str, Any] | None:
    model = KINDS[item_type].model(operation)
    return None if model is None else model.json_schema(ref_template=f"#/$defs/{operation}/$defs/{{model}}")


def _item(item_type: ItemType, data: dict[Operation, dict[str, Any] | None]) -> dict[str, Any]:
    """Which operation it is decides what `data` says."""
    return {
        "$schema": DRAFT,
        "type": "object",
        "required": ["type", "external_id"],
        "properties": {
            "op": {"enum": list(data), "default": Operation.UPSERT},
            "type": {"const": item_type},
            "external_id": EXTERNAL_ID.json_schema(),
            "data": {},
        },
        "additionalProperties": False,
        "allOf": [
            {"if": _is(operation), "then": _says(operation) if schema else {"properties": {"data": {"const": None}}}}
            for operation, schema in data.items()
        ],
        "$defs": {operation: schema for operation, schema in data.items() if schema},
    }


def _is(operation: Operation) -> dict[str, Any]:
    told = {"properties": {"op": {"const": operation}}}
    return told if operation is Operation.UPSERT else told | {"required": ["op"]}


def _says(operation: Operation) -> dict[str, Any]:
    return {"required": ["data"], "properties": {"data": {"$ref": f"#/$defs/{operation}"}}}


def _members(schema: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any part of a JSON Schema
    """Every member of every object in it."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for each in schema.values():
            yield from _members(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _members(each)


def _lists(member: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a JSON Schema
    """The code list of a member, also where it may be null, or is a list of codes; not what its own members have."""
    if isinstance(member, dict):
        if "x-code-list" in member:
            yield member["x-code-list"]
        for name in ("anyOf", "items"):
            yield from _lists(member.get(name))
    elif isinstance(member, list):
        for each in member:
            yield from _lists(each)


TYPES: Final = [_of(order, item_type) for order, item_type in enumerate(ItemType)]
