"""The plans of the tiny register. Every figure that the tests expect is counted from here by hand."""

from datetime import date
from uuid import UUID

from tests.graphql.tiny_register import AGLONA, COLLEGE, ERGLI, GRAVERI, MADONA, Delivered, Planned, Promised

AUTUMN, SPRING, LATE, NEXT = date(2020, 9, 14), date(2021, 1, 11), date(2021, 8, 2), date(2021, 9, 6)
ANNA, BERTA, CECILIA, DACE, ELZA = (UUID(int=number, version=4) for number in range(1, 6))

MATHEMATICS = Delivered(hours="2.00", subject="MATHEMATICS", staff_member="T-1")
PSYCHOLOGIST = Delivered(
    answers=1, hours="1.50", measure="CONSULTATIVE_SUPPORT", specialist="PSYCHOLOGIST", staff_member="T-2"
)
TICKETS = Delivered(answers=1, eur="12.30", measure="TRANSPORT_PUBLIC")
NOT_COME = Delivered(hours="1.00", subject="MATHEMATICS", attendance="DID_NOT_COME", staff_member="T-3")
REMOTE = Delivered(hours="1.00", subject="MATHEMATICS", mode="REMOTE", staff_member="T-1")

anna_at_madona = Planned(
    student=ANNA,
    institution=MADONA,
    first_day=AUTUMN,
    semester="2020-1",
    grade=9,
    risks=["LEARNING_DIFFICULTY", "FAMILY_CONFLICT"],
    delivered=[MATHEMATICS, PSYCHOLOGIST, TICKETS, NOT_COME],
    promised=[
        Promised(hours="10.00", subject="MATHEMATICS"),
        Promised(answers=1, eur="20.50", measure="TRANSPORT_PUBLIC"),
    ],
    results={0: "RESOLVED", 1: "REDUCED"},
    state="DISCONTINUED",
    year_result="TRANSFERRED",
)
anna_at_the_college = Planned(
    student=ANNA,
    institution=COLLEGE,
    first_day=SPRING,
    semester="2020-2",
    grade=1,
    risks=["LEARNING_DIFFICULTY"],
    delivered=[REMOTE],
    continues=anna_at_madona.id,
    year_result="LEFT_EARLY",
)
berta_in_autumn = Planned(
    student=BERTA,
    institution=MADONA,
    first_day=AUTUMN,
    semester="2020-1",
    grade=8,
    risks=["LOW_ACHIEVEMENT", "LEARNING_DIFFICULTY"],
    delivered=[Delivered(hours="1.00", subject="ENGLISH", attendance="ILL")],
    results={0: "RESOLVED", 1: "UNCHANGED"},
)
berta_in_spring = Planned(
    student=BERTA,
    institution=MADONA,
    first_day=SPRING,
    semester="2020-2",
    grade=8,
    risks=["LOW_ACHIEVEMENT"],
    delivered=[Delivered(hours="3.00", subject="ENGLISH")],
    promised=[Promised(hours="5.50", subject="ENGLISH")],
    results={0: "REDUCED"},
    continues=berta_in_autumn.id,
    year_result="PROMOTED",
)
cecilia_refused = Planned(
    student=CECILIA,
    institution=ERGLI,
    first_day=SPRING,
    semester="2020-2",
    grade=5,
    risks=["LOW_ACHIEVEMENT"],
    state="DISCONTINUED",
    put_into_force=False,
    year_result="PROMOTED",
)
elzas_draft = Planned(
    student=ELZA,
    institution=GRAVERI,
    first_day=NEXT,
    semester="2021-1",
    grade=8,
    risks=["INSUFFICIENT_MEANS"],
    state="DRAFT",
    put_into_force=False,
)
cecilia_after_the_reform = Planned(
    student=CECILIA,
    institution=ERGLI,
    first_day=NEXT,
    semester="2021-1",
    grade=6,
    risks=["LOW_ACHIEVEMENT"],
    returned=True,
    state="ACTIVE",
)
dace_before = Planned(
    student=DACE,
    institution=AGLONA,
    first_day=SPRING,
    semester="2020-2",
    grade=7,
    risks=["INSUFFICIENT_MEANS"],
    minority=True,
    year_result="PROMOTED",
)
dace_after = Planned(
    student=DACE, institution=AGLONA, first_day=NEXT, semester="2021-1", grade=8, risks=["INSUFFICIENT_MEANS"]
)
elza_late = Planned(
    student=ELZA,
    institution=GRAVERI,
    first_day=LATE,
    semester="2020-2",
    grade=7,
    risks=["INSUFFICIENT_MEANS"],
    special_need="56",
)

PLANS = (
    anna_at_madona,
    anna_at_the_college,
    berta_in_autumn,
    berta_in_spring,
    cecilia_refused,
    elzas_draft,
    cecilia_after_the_reform,
    dace_before,
    dace_after,
    elza_late,
)
