"""Students with several plans at a time, and on the move. Every figure that the tests expect is counted from here by hand.

student   autumn 2020                        spring 2021             autumn 2021
ANNA      Madona, and then Aglona            -                       -
BERTA     Madona                             Ērgļi                   -
CECILIA   Madona, and then Ērgļi             -                       Ērgļi
DACE      Grāveri                            Grāveri                 Grāveri (in Krāslava by then)
ELZA      Aglona, Grāveri and the college    the college             -
"""

from datetime import date
from uuid import UUID

from tests.graphql.tiny_register import AGLONA, COLLEGE, ERGLI, GRAVERI, MADONA, Delivered, Planned, Promised

AUTUMN, LATER, LATEST = date(2020, 9, 14), date(2020, 10, 19), date(2020, 11, 23)
SPRING, NEXT = date(2021, 1, 11), date(2021, 9, 6)
ANNA, BERTA, CECILIA, DACE, ELZA = (UUID(int=number, version=4) for number in range(11, 16))
LOW, CONFLICT, MEANS = "LOW_ACHIEVEMENT", "FAMILY_CONFLICT", "INSUFFICIENT_MEANS"
MATHEMATICS = Delivered(hours="2.00", subject="MATHEMATICS", staff_member="t-1")
ENGLISH = Delivered(hours="1.00", subject="ENGLISH", staff_member="t-2")
ILL = Delivered(hours="1.00", subject="ENGLISH", attendance="ILL", staff_member="t-3")


def planned(student: UUID, institution: int, day: date, semester: str, *risks: str, **more: object) -> Planned:
    fields = {"grade": 7, "state": "COMPLETED", **more}
    return Planned(student=student, institution=institution, first_day=day, semester=semester, risks=risks, **fields)  # type: ignore[arg-type] # as given


MOVES = (
    planned(
        ANNA, MADONA, AUTUMN, "2020-1", LOW, CONFLICT, delivered=[MATHEMATICS], results={0: "RESOLVED", 1: "REDUCED"}
    ),
    planned(ANNA, AGLONA, LATER, "2020-1", LOW, delivered=[MATHEMATICS, ENGLISH], results={0: "UNCHANGED"}),
    planned(BERTA, MADONA, AUTUMN, "2020-1", CONFLICT, year_result="LEFT_EARLY"),
    planned(BERTA, ERGLI, SPRING, "2020-2", CONFLICT, LOW, delivered=[ENGLISH, ILL], year_result="PROMOTED"),
    planned(CECILIA, MADONA, AUTUMN, "2020-1", LOW, year_result="PROMOTED", delivered=[MATHEMATICS]),
    planned(CECILIA, ERGLI, LATER, "2020-1", LOW, MEANS, delivered=[MATHEMATICS]),
    planned(CECILIA, ERGLI, NEXT, "2021-1", MEANS, state="ACTIVE", promised=[Promised(eur="50.00", measure="MEALS")]),
    planned(DACE, GRAVERI, AUTUMN, "2020-1", MEANS, year_result="PROMOTED"),
    planned(DACE, GRAVERI, SPRING, "2020-2", MEANS, year_result="PROMOTED"),
    planned(DACE, GRAVERI, NEXT, "2021-1", MEANS, state="ACTIVE"),
    planned(ELZA, AGLONA, AUTUMN, "2020-1", LOW),
    planned(ELZA, GRAVERI, LATER, "2020-1", LOW, CONFLICT),
    planned(ELZA, COLLEGE, LATEST, "2020-1", CONFLICT),
    planned(ELZA, COLLEGE, SPRING, "2020-2", CONFLICT, LOW),
)
