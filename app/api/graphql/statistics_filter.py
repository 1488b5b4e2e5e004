"""The filter of a statistics question as GraphQL input."""

from datetime import date
from typing import Any

import strawberry

from app.api.graphql.enums import DeliveryMode, InstitutionKind
from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.conditions import All, Condition, In
from app.domain.statistics.definitions import Dimension


def listed(dimension: Dimension) -> Any:  # noqa: ANN401 - a field of the type that its annotation says
    definition = DIMENSIONS[dimension]
    return strawberry.field(
        name=definition.filter_name, default=None, description=f"Any of these. {definition.definition_en}"
    )


@strawberry.input(
    description="Each list keeps what has any of its codes; several lists keep what is in all of them. By what was delivered, one and"
    " the same intervention must be in all of them."
)
class StatisticsFilter:
    regions: list[str] | None = listed(Dimension.REGION)
    municipalities: list[str] | None = listed(Dimension.MUNICIPALITY)
    institutions: list[int] | None = listed(Dimension.INSTITUTION)
    semesters: list[str] | None = listed(Dimension.SEMESTER)
    school_years: list[str] | None = listed(Dimension.SCHOOL_YEAR)
    kinds: list[InstitutionKind] | None = listed(Dimension.INSTITUTION_KIND)
    grades: list[int] | None = listed(Dimension.GRADE)
    risk_groups: list[str] | None = listed(Dimension.RISK_GROUP)
    risks: list[str] | None = listed(Dimension.RISK)
    support_measures: list[str] | None = listed(Dimension.SUPPORT_MEASURE)
    subjects: list[str] | None = listed(Dimension.SUBJECT)
    specialists: list[str] | None = listed(Dimension.SPECIALIST)
    delivery_modes: list[DeliveryMode] | None = listed(Dimension.DELIVERY_MODE)
    participating_on: date | None = strawberry.field(
        default=None, description="The day that institutionsParticipating asks about. It concerns no other measure."
    )

    def where(self) -> Condition:
        lists: dict[Dimension, list[Any] | None] = {
            Dimension.REGION: self.regions,
            Dimension.MUNICIPALITY: self.municipalities,
            Dimension.INSTITUTION: self.institutions,
            Dimension.SEMESTER: self.semesters,
            Dimension.SCHOOL_YEAR: self.school_years,
            Dimension.INSTITUTION_KIND: self.kinds,
            Dimension.GRADE: self.grades,
            Dimension.RISK_GROUP: self.risk_groups,
            Dimension.RISK: self.risks,
            Dimension.SUPPORT_MEASURE: self.support_measures,
            Dimension.SUBJECT: self.subjects,
            Dimension.SPECIALIST: self.specialists,
            Dimension.DELIVERY_MODE: self.delivery_modes,
        }
        conditions = (
            In(dimension=each, codes=tuple(codes), at=f"/where/{DIMENSIONS[each].filter_name}")
            for each, codes in lists.items()
            if codes is not None
        )
        return All(conditions=tuple(conditions))
