"""Schemas of items for tests of tables: of the kinds that fields of the register have."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from app.client import Schema, TypeSchema


class Purpose(StrEnum):
    PREVENTIVE = "PREVENTIVE"
    REMEDIAL = "REMEDIAL"


class RecordId(BaseModel):
    id: str


class Number(BaseModel):
    registration_number: str


class Person(BaseModel):
    family_name: str
    birth_date: date


class Student(BaseModel):
    institution: int | str | Number | None = None
    person: Person
    grade: int = 1
    returned_emigrant: bool = False


class Intervention(BaseModel):
    plan: str | RecordId
    purpose: Purpose
    hours: Annotated[Decimal, Field(ge=0)] | None = None
    first_day: date = Field(alias="on")


class Measure(BaseModel):
    risk: str
    hours: Decimal


class Plan(BaseModel):
    enrolment: str
    risks: list[str | RecordId] = []
    planned_measures: list[Measure] = []


class Reason(BaseModel):
    reason: str


def schema_of(type_: str, order: int, model: type[BaseModel]) -> TypeSchema:
    whole = {
        "$defs": {
            "upsert": model.model_json_schema(ref_template="#/$defs/upsert/$defs/{model}"),
            "submit": Reason.model_json_schema(),
        },
        "properties": {"op": {"enum": ["upsert", "submit"]}, "data": {}},
        "allOf": [
            {
                "if": {"properties": {"op": {"const": op}}},
                "then": {"properties": {"data": {"$ref": f"#/$defs/{op}"}}},
            }
            for op in ("upsert", "submit")
        ],
    }
    return TypeSchema(type=type_, order=order, operations=("upsert",), schema=whole, references={}, code_lists={})


SCHEMA = Schema(
    types=(schema_of("student", 2, Student), schema_of("plan", 5, Plan), schema_of("intervention", 6, Intervention)),
    limits={},
)
