"""What our executor is measured against: strawberry as its guide has it, types with fields and resolvers that return them."""

from decimal import Decimal
from typing import Any

import strawberry
from strawberry.extensions import ParserCache, ValidationCache


@strawberry.type
class PlainCode:
    code: str


@strawberry.type
class PlainKey:
    municipality: PlainCode | None
    semester: PlainCode | None


@strawberry.type
class PlainGroup:
    key: PlainKey
    students: int
    plans: int
    interventions: int
    consultations: int
    delivered_hours: Decimal
    eur: Decimal


@strawberry.type
class PlainStatistics:
    groups: list[PlainGroup]


@strawberry.type
class Query:
    @strawberry.field
    async def statistics(self, info: strawberry.Info) -> PlainStatistics:
        """Of rows that lie in memory."""
        return PlainStatistics(groups=[_group(row) for row in info.context])


def _group(row: dict[str, Any]) -> PlainGroup:
    key = row["key"]
    return PlainGroup(
        key=PlainKey(
            municipality=PlainCode(code=key["municipality"]["code"]), semester=PlainCode(code=key["semester"]["code"])
        ),
        students=row["students"],
        plans=row["plans"],
        interventions=row["interventions"],
        consultations=row["consultations"],
        delivered_hours=row["deliveredHours"],
        eur=row["eur"],
    )


# With documents parsed and validated once, as ours are.
schema = strawberry.Schema(query=Query, extensions=[ParserCache, ValidationCache])
