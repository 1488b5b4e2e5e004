"""What no release has is refused, all of it together, and the refusals name what there is."""

from datetime import date

import pytest

from app.domain.errors import Invalid
from app.domain.regions import RegionScheme
from app.domain.statistics.conditions import In
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Comparison, Query
from tests.domain.examples import found
from tests.domain.released import asked, question

D, M = Dimension, Measure
PSYCHOLOGISTS = In(dimension=D.SPECIALIST, codes=("PSYCHOLOGIST",), at="/where/specialists")
REFUSED: dict[str, tuple[Query, str, str]] = {
    "a measure": (question(M.STAFF_INVOLVED), "/measures", ", DELIVERED_HOURS, EUR, "),
    "a rate": (
        question(M.ATTENDANCE_RATE),
        "/measures",
        "no ATTENDANCE_RATE. They have CONSULTATIONS, CONTINUATION_RATE, ",
    ),
    "institutions": (question(M.PLANS, by=(D.INSTITUTION,)), "/by/0", "is by REGION, MUNICIPALITY, SEMESTER, "),
    "subjects": (question(M.CONSULTATIONS, by=(D.SUBJECT,)), "/by/0", "GRADE, RISK_GROUP, RISK, SUPPORT_MEASURE, "),
    "specialists": (question(M.PLANS, where=PSYCHOLOGISTS), "/where/specialists", "is by REGION, MUNICIPALITY, "),
    "other regions": (
        question(M.PLANS, scheme=RegionScheme.NUTS3_2024),
        "/regionScheme",
        "PLANNING), or by MUNICIPALITY",
    ),
    "a day's borders": (question(M.PLANS, as_of=date(2021, 9, 1)), "/asOf", "the municipalities of its own days"),
    "the period before": (
        question(M.PLANS, by=(D.SEMESTER,), comparison=Comparison.PREVIOUS_SEMESTER),
        "/comparison",
        "group by SEMESTER",
    ),
    "participations": (
        question(M.PLANS, participating_on=date(2021, 9, 1)),
        "/where/participatingOn",
        "/v1/participations",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_what_there_is_instead(name: str) -> None:
    query, pointer, instead = REFUSED[name]
    with pytest.raises(Invalid) as error:
        asked(query)
    assert found(error.value) == {(pointer, "not-in-releases")}
    assert len(error.value.violations) == 1
    assert instead in error.value.violations[0].message


def test_all_of_it_is_told_together() -> None:
    with pytest.raises(Invalid) as error:
        asked(question(M.STAFF_INVOLVED, by=(D.INSTITUTION,), as_of=date(2021, 9, 1)))
    assert {pointer for pointer, _ in found(error.value)} == {"/measures", "/by/0", "/asOf"}
