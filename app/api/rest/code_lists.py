"""Code lists over REST."""

from datetime import date

from pydantic import BaseModel, Field

from app.api.auth import MayReadReference
from app.api.problems import problems
from app.api.reference_route import reference_router
from app.api.rest.regions import On
from app.db import code_lists
from app.domain.code_lists import Code, CodeList, Unit

router = reference_router("code-lists")


class CodeListOut(BaseModel):
    name: str = Field(examples=["risks"])
    title_lv: str = Field(examples=["riski"])
    title_en: str = Field(examples=["risks"])
    parent: str | None = Field(description="The list that groups these codes.", examples=["risk-groups"])

    @classmethod
    def of(cls, each: CodeList) -> "CodeListOut":
        return cls.model_validate(each, from_attributes=True)


class CodeOut(BaseModel):
    code: str = Field(examples=["LANGUAGE_BARRIER"])
    name_lv: str
    name_en: str
    parent: str | None = Field(description="A code of the parent list.")
    unit: Unit | None = Field(description="Of a support measure: in what it is given.")
    first_day: date = Field(alias="from")
    last_day: date | None = Field(alias="to", description="Null: valid until further notice.")

    @classmethod
    def of(cls, each: Code) -> "CodeOut":
        return cls.model_validate(
            {
                "code": each.code,
                "name_lv": each.name_lv,
                "name_en": each.name_en,
                "parent": each.parent,
                "unit": each.unit,
                "from": each.period.start,
                "to": each.period.end,
            }
        )


class CodeListWithCodes(CodeListOut):
    codes: list[CodeOut] = Field(description="In the order in which people expect them.")


@router.get("", operation_id="list_code_lists")
async def list_code_lists(_actor: MayReadReference) -> list[CodeListOut]:
    """The closed vocabularies of the register."""
    return [CodeListOut.of(each) for each in code_lists.find()]


@router.get("/{name}", operation_id="get_code_list", responses=problems(404))
async def get_code_list(_actor: MayReadReference, name: str, on: On = None) -> CodeListWithCodes:
    """One list with its codes, in Latvian and English."""
    found = code_lists.get(name, on=on)
    codes = [CodeOut.of(each) for each in found]
    return CodeListWithCodes.model_validate({**CodeListOut.of(found).model_dump(), "codes": codes})
