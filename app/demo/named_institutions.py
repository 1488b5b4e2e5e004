"""The institutions of Madona municipality that took part in the programme, with their published periods: facts, not inventions."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.periods import Period

MADONA: Final = "Madonas novads"
MADONA_AGREEMENT: Final = ("P6-13/51", date(2017, 9, 26))


@dataclass(frozen=True, slots=True)
class NamedInstitution:
    """`number` is the registration number of 2020, None where none is known any more. `municipality` is that of before the reform."""

    name: str
    number: str | None
    municipality: str
    participation: Period
    closed_on: date | None = None
    lowest_grade: int = 1

    @property
    def highest_grade(self) -> int:
        return 12 if "vidusskola" in self.name else 9


_FROM_2017, _FROM_2018, _FROM_2019 = date(2017, 11, 1), date(2018, 9, 1), date(2019, 1, 1)
_FROM_AUTUMN_2019, _REFORM = date(2019, 9, 1), date(2021, 6, 30)

NAMED: Final = (
    NamedInstitution("Madonas pilsētas vidusskola", "4413903190", MADONA, Period(_FROM_2017)),
    NamedInstitution(
        "Madonas Vakara un neklātienes vidusskola", None, MADONA, Period(_FROM_2017, date(2018, 5, 31)), lowest_grade=7
    ),
    NamedInstitution("Kalsnavas pamatskola", "4412900122", MADONA, Period(_FROM_2017)),
    NamedInstitution("Lazdonas pamatskola", "4412900119", MADONA, Period(date(2017, 12, 1))),
    NamedInstitution("Degumnieku pamatskola", "4412900124", MADONA, Period(_FROM_2017)),
    NamedInstitution("Bērzaunes pamatskola", "4412900125", MADONA, Period(_FROM_2018)),
    NamedInstitution("Vestienas pamatskola", "4412900106", MADONA, Period(_FROM_2018)),
    NamedInstitution("Kusas pamatskola", "4412900120", MADONA, Period(_FROM_2019)),
    NamedInstitution("Lubānas vidusskola", "4413900130", "Lubānas novads", Period(_FROM_2019)),
    NamedInstitution("Andreja Eglīša Ļaudonas vidusskola", "4413900129", MADONA, Period(_FROM_2019)),
    NamedInstitution("Mētrienas pamatskola", None, MADONA, Period(_FROM_2019, date(2019, 5, 31))),
    NamedInstitution("Barkavas pamatskola", "4412900126", MADONA, Period(_FROM_2019)),
    NamedInstitution("Praulienas pamatskola", "4412900111", MADONA, Period(_FROM_AUTUMN_2019)),
    NamedInstitution("Liezēres pamatskola", "4412900117", MADONA, Period(_FROM_AUTUMN_2019)),
    NamedInstitution("Dzelzavas pamatskola", "4412900123", MADONA, Period(_FROM_AUTUMN_2019)),
    NamedInstitution("Cesvaines vidusskola", "4413900133", "Cesvaines novads", Period(_FROM_AUTUMN_2019)),
    NamedInstitution(
        "Meirānu Kalpaka pamatskola",
        "4412900115",
        "Lubānas novads",
        Period(_FROM_AUTUMN_2019, _REFORM),
        closed_on=_REFORM,
    ),
    NamedInstitution("Ērgļu vidusskola", "4413900131", "Ērgļu novads", Period(date(2021, 9, 1))),
)
