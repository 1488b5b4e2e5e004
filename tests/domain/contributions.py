"""A country small enough to see through, and students who could live in it."""

from uuid import UUID

from hypothesis import strategies as st

from app.domain.calendar import Semester
from app.domain.releases.attributes import Attribute
from app.domain.releases.contributions import Contribution, Sums
from app.domain.releases.lattice import Lattice
from tests.domain.examples import REFERENCE

SEMESTER = Semester.parse("2021-1")
NATIONAL = Lattice.of(SEMESTER, REFERENCE)

RISKS = {
    "BACKLOG": "LEARNING",
    "ABSENCE": "LEARNING",
    "POVERTY": "ECONOMIC",
    "ILLNESS": "HEALTH",
    "ADDICTION": "FAMILY",
}
TINY = Lattice(
    semester=SEMESTER,
    regions={"NORTH": ("N1", "N2", "N3"), "SOUTH": ("S1",), "UNASSIGNED": ("UNASSIGNED",)},
    codes={
        Attribute.RISK: tuple(RISKS),
        Attribute.RISK_GROUP: ("LEARNING", "ECONOMIC", "HEALTH", "FAMILY"),
        Attribute.SUPPORT_MEASURE: ("LESSONS", "MEALS", "TRANSPORT"),
        Attribute.RISK_RESULT: ("BETTER", "SAME", None),
        Attribute.INSTITUTION_KIND: ("GENERAL", "VOCATIONAL"),
        Attribute.GRADE: (1, 2, 3),
        Attribute.CONTINUED: (False, True),
        Attribute.SCHOOL_YEAR_RESULT: ("PROMOTED", "LEFT", None),
        Attribute.MINORITY_PROGRAMME: (False, True),
        Attribute.SPECIAL_NEED: ("56", None),
        Attribute.RETURNED_EMIGRANT: (False, True),
    },
    groups=RISKS,
)


def _of(attribute: Attribute) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None if code is None else str(code) for code in TINY.codes[attribute]])


_amounts = st.builds(
    Sums, centihours=st.integers(0, 9_000), consultations=st.integers(0, 90), cents=st.integers(0, 200_000)
)
_parts = st.tuples(st.sampled_from(sorted(set(RISKS.values()))), st.sampled_from(["LESSONS", "MEALS", "TRANSPORT"]))
contributions = st.builds(
    Contribution,
    student_id=st.uuids(),
    municipality=st.sampled_from([*TINY.places, "LONG_GONE", None]),
    institution_kind=st.sampled_from(["GENERAL", "VOCATIONAL"]),
    grade=st.sampled_from([1, 2, 3]),
    continued=st.booleans(),
    school_year_result=_of(Attribute.SCHOOL_YEAR_RESULT),
    minority_programme=st.booleans(),
    special_need=_of(Attribute.SPECIAL_NEED),
    returned_emigrant=st.booleans(),
    risks=st.dictionaries(st.sampled_from(sorted(RISKS)), _of(Attribute.RISK_RESULT), min_size=1),
    delivered=st.dictionaries(_parts, _amounts),
)

somebody = Contribution(
    student_id=UUID(int=1),
    municipality="N2",
    institution_kind="GENERAL",
    grade=2,
    continued=True,
    school_year_result="PROMOTED",
    minority_programme=False,
    special_need=None,
    returned_emigrant=False,
    risks={"BACKLOG": "BETTER", "POVERTY": None},
    delivered={
        ("LEARNING", "LESSONS"): Sums(centihours=1_200, consultations=9),
        ("ECONOMIC", "MEALS"): Sums(cents=4_500),
    },
)
