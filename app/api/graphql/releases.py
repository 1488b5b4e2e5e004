"""Sealed releases in GraphQL: which there are, and what they are made of. Their figures are those of `statistics`."""

from datetime import date
from decimal import Decimal

import strawberry

from app.api.graphql.context import Info
from app.api.graphql.enums import Attribute, Figure, Level
from app.api.graphql.labels import Semester, semester
from app.db import releases as kept
from app.db.scopes import OUTSIDE
from app.domain.permissions import Permission, demand
from app.domain.releases import release as domain


@strawberry.type(description="A table of a release: each combination of codes at each place of the level.")
class ReleaseTable:
    figure: Figure
    level: Level
    attributes: list[Attribute]
    deviation: int = strawberry.field(
        description="Standard deviation of the noise in each measured number, before all of them were brought into line. Of hours and EUR"
        " in hundredths."
    )


@strawberry.type(description="What one student adds to a sum at most, and with how many risks a student counts.")
class ReleaseBounds:
    hours: Decimal
    consultations: int
    eur: Decimal
    risks: int


@strawberry.type(description="A sealed release: figures of one closed semester with noise that was drawn once.")
class Release:
    id: strawberry.ID
    number: int
    semester: Semester
    sealed_on: date
    rho: Decimal = strawberry.field(
        description="What it tells of one student at most (zero-concentrated differential privacy)."
    )
    spent: Decimal = strawberry.field(description="What all releases up to it cost together.")
    epsilon: Decimal = strawberry.field(description="The same cost as (epsilon, delta)-differential privacy.")
    delta: Decimal
    withdrawn_on: date | None = strawberry.field(description="Since when nothing is answered from it.")
    withdrawal_reason: str | None
    bounds: ReleaseBounds
    tables: list[ReleaseTable]

    @classmethod
    def of(cls, each: domain.Release) -> "Release":
        said = each.definition
        return cls(
            id=strawberry.ID(str(each.id)),
            number=each.number,
            semester=semester(each.semester),
            sealed_on=each.sealed_on,
            rho=each.rho,
            spent=each.spent,
            epsilon=each.epsilon,
            delta=each.delta,
            withdrawn_on=each.withdrawn_on,
            withdrawal_reason=each.withdrawal_reason,
            bounds=ReleaseBounds(
                hours=Decimal(said["bounds"]["HOURS"]),
                consultations=int(said["bounds"]["CONSULTATIONS"]),
                eur=Decimal(said["bounds"]["EUR"]),
                risks=said["risks_of_a_student"],
            ),
            tables=[
                ReleaseTable(
                    figure=Figure(table["figure"]),
                    level=Level(table["level"]),
                    attributes=[Attribute(attribute) for attribute in table["attributes"]],
                    deviation=table["deviation"],
                )
                for table in said["tables"]
            ],
        )


async def _releases(info: Info) -> list[Release]:
    demand(info.context.actor, Permission.READ_RELEASES)
    async with info.context.database.transaction(OUTSIDE, read_only=True) as connection:
        return [Release.of(each) for each in await kept.ledger.all_of_them(connection)]


@strawberry.type
class ReleasesQuery:
    releases: list[Release] = strawberry.field(
        resolver=_releases,
        description="All there are, in the order in which they were sealed. `statistics` answers from the last one of each semester that was"
        " not withdrawn.",
    )
