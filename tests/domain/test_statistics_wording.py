"""A filter in words, in both languages."""

import pytest

from app.db.reference import packaged
from app.domain.regions import UNASSIGNED, RegionScheme
from app.domain.statistics.conditions import All, Any_, Between, Condition, In, Not
from app.domain.statistics.definitions import Dimension
from app.domain.statistics.names import Name, Names
from app.domain.statistics.wording import in_words

NAMES = Names(reference=packaged(), scheme=RegionScheme.PLANNING)
KIND = In(dimension=Dimension.INSTITUTION_KIND, codes=("VOCATIONAL",))
GRADES = Between(dimension=Dimension.GRADE, low=5, high=9)
SEMESTERS = In(dimension=Dimension.SEMESTER, codes=("2020-1", "2020-2"))
VOCATIONAL_EN = "kind of institution: vocational educational institution"

WORDS: list[tuple[Condition | None, str]] = [
    (None, "everything"),
    (KIND, VOCATIONAL_EN),
    (GRADES, "grade or course: from 5 to 9"),
    (Between(dimension=Dimension.SEMESTER, low="2020-1"), "semester: from 2020-1"),
    (Between(dimension=Dimension.GRADE, high=4), "grade or course: to 4"),
    (SEMESTERS, "semester: 2020-1 or 2020-2"),
    (Not(condition=GRADES), "not (grade or course: from 5 to 9)"),
    (All(conditions=(SEMESTERS, KIND)), f"(semester: 2020-1 or 2020-2) and {VOCATIONAL_EN}"),
    (
        Any_(conditions=(KIND, All(conditions=(GRADES, Not(condition=KIND))))),
        f"{VOCATIONAL_EN} or (grade or course: from 5 to 9 and not ({VOCATIONAL_EN}))",
    ),
    (In(dimension=Dimension.MINORITY_PROGRAMME, codes=(True,)), "minority education programme: yes"),
    (In(dimension=Dimension.INSTITUTION, codes=(7,)), "institution: 7"),
]


@pytest.mark.parametrize(("condition", "words"), WORDS, ids=[words for _, words in WORDS])
def test_in_english(condition: Condition | None, words: str) -> None:
    assert in_words(condition, NAMES).en == words


def test_in_latvian() -> None:
    condition = All(conditions=(Not(condition=SEMESTERS), In(dimension=Dimension.MINORITY_PROGRAMME, codes=(False,))))
    told = in_words(condition, NAMES).lv
    assert told.startswith("nav (semestris: 2020-1 vai 2020-2) un ")
    assert told.endswith(": nē")
    assert in_words(None, NAMES).lv == "viss"
    assert in_words(GRADES, NAMES).lv == "klase vai kurss: no 5 līdz 9"


def test_codes_are_called_by_their_names() -> None:
    assert NAMES.of(Dimension.REGION, UNASSIGNED) == Name(lv="bez reģiona", en="no region")
    assert NAMES.of(Dimension.MUNICIPALITY, "0038000").lv == "Madonas novads"
    assert NAMES.of(Dimension.DELIVERY_MODE, "REMOTE").lv != "REMOTE"
    # What is not known is called as it is written.
    assert NAMES.of(Dimension.RISK, "NONE") == Name(lv="NONE", en="NONE")
