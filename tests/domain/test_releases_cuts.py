"""Of which cells a figure is made: the least that have it, or a refusal that tells what there is."""

import pytest

from app.domain.errors import Invalid
from app.domain.statistics.conditions import In
from app.domain.statistics.definitions import Dimension, Measure
from app.domain.statistics.query import Query
from tests.domain.examples import found
from tests.domain.released import IN_AUTUMN, SPRING, asked, question

D, M = Dimension, Measure
REFUSED: dict[str, tuple[Query, tuple[str, str]]] = {
    "too much of a municipality": (
        question(M.PLANS, by=(D.MUNICIPALITY, D.GRADE, D.INSTITUTION_KIND)),
        ("/by", "not-in-releases"),
    ),
    "EUR of a municipality": (question(M.EUR, by=(D.MUNICIPALITY,)), ("/by", "not-in-releases")),
    "several risks": (
        question(M.PLANS, where=In(dimension=D.RISK_GROUP, codes=("LEARNING", "ECONOMIC"))),
        ("/by", "not-in-releases"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_releases_do_not_have_is_refused(name: str) -> None:
    query, wrong = REFUSED[name]
    with pytest.raises(Invalid) as error:
        asked(query)
    assert wrong in found(error.value)


def test_a_refusal_tells_what_there_is() -> None:
    with pytest.raises(Invalid) as error:
        asked(question(M.EUR, by=(D.MUNICIPALITY,)))
    assert error.value.violations[0].message == (
        "EUR of a MUNICIPALITY would need EUR as a whole, which are not told. They are told of STATE, REGION."
    )
    with pytest.raises(Invalid) as error:
        asked(question(M.DELIVERED_HOURS, by=(D.REGION, D.GRADE)))
    assert error.value.violations[0].message == (
        "DELIVERED_HOURS of a REGION would need DELIVERED_HOURS by GRADE, which are not told."
        " They are told as a whole, by RISK_GROUP, by SUPPORT_MEASURE."
    )
    with pytest.raises(Invalid, match=r"Released are: 2020-2\."):
        asked(question(M.PLANS, where=IN_AUTUMN), SPRING)
