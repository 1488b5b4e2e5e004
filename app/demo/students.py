"""Students of the synthetic register: persons who do not exist, what an institution states of them, and where they are enrolled."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from app.demo.names import full_name
from app.demo.schools import School
from app.demo.seeds import dated_id, random_id
from app.domain.calendar import SchoolYear, Semester
from app.domain.code_lists import InstitutionKind
from app.domain.enrolments import EndReason, Enrolment
from app.domain.ids import EnrolmentId, InstitutionId, StudentId
from app.domain.periods import Period
from app.domain.personal_codes import demonstration_personal_code
from app.domain.risks import Risk
from app.domain.students import Person

if TYPE_CHECKING:
    from app.demo.cases import Case

GRADES_1_TO_4_SINCE: Final = date(2021, 9, 1)
_WITHOUT_CODE = 0.02
_OTHER_HOME = 0.07
_MINORITY = 0.18
_RETURNED = 0.02
_SPECIAL_NEED = 0.07
SERIALS_PER_BLOCK = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """`institution` sees what `owner` wrote of the student: since it registered the student itself, or the student came over."""

    student_id: StudentId
    owner: InstitutionId
    institution: InstitutionId
    since: date

    @property
    def reason(self) -> str:
        return "OWN" if self.owner == self.institution else "TRANSFER"


@dataclass(slots=True, kw_only=True, eq=False)
class Pupil:
    """A student while the register is being made. `risks` are those not yet resolved, by institution and type; `resolved` the others."""

    id: StudentId
    given_names: str
    family_name: str
    birth_date: date
    personal_code: str | None
    school: School
    grade: int
    minority_programme: bool
    returned_emigrant: bool
    special_need: str | None
    home_municipality: str | None
    enrolments: list[Enrolment] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    access: list[Access] = field(default_factory=list)
    risks: dict[tuple[InstitutionId, str], Risk] = field(default_factory=dict)
    resolved: list[Risk] = field(default_factory=list)
    last: "Case | None" = None
    repeats: bool = False

    @property
    def enrolment(self) -> Enrolment:
        return self.enrolments[-1]

    @property
    def is_enrolled(self) -> bool:
        return bool(self.enrolments) and self.enrolment.period.end is None

    def enrol(self, school: School, since: date, random: Random) -> None:
        """Raises nothing: whether it is allowed is checked when the records are complete."""
        known = {each.owner for each in self.access}
        self.school = school
        self.enrolments.append(
            Enrolment(
                id=EnrolmentId(dated_id(random, since)),
                student_id=self.id,
                institution_id=school.id,
                grade=self.grade,
                period=Period(since),
                home_municipality=self.home_municipality if since < GRADES_1_TO_4_SINCE else None,
                minority_programme=self.minority_programme,
                returned_emigrant=self.returned_emigrant,
                special_need=self.special_need,
            )
        )
        if school.id in known:
            return
        self.persons.append(
            Person(
                student_id=self.id,
                institution_id=school.id,
                given_names=self.given_names,
                family_name=self.family_name,
                birth_date=self.birth_date,
                personal_code=self.personal_code,
            )
        )
        self.access.append(Access(student_id=self.id, owner=school.id, institution=school.id, since=since))
        self.access.extend(
            Access(student_id=self.id, owner=owner, institution=school.id, since=since) for owner in known
        )

    def leave(self, on: date, reason: EndReason) -> None:
        self.enrolments[-1] = self.enrolment.end(on, reason)

    def end_school_year(self, year: SchoolYear) -> None:
        closed = self.school.institution.closed_on
        self.leave(min(year.end, closed or year.end), EndReason.COMPLETED)

    def next_grade(self) -> int:
        return self.grade if self.repeats else self.grade + 1


def new_pupil(school: School, semester: Semester, serial: int, homes: tuple[str, ...], random: Random) -> Pupil:
    """Enrolled since the first day of the school year. `homes`: municipalities in which students of the block live."""
    year = semester.school_year
    grade = _grade(school, year, random)
    given, family = full_name(random)
    starting_age = 15 if school.kind is InstitutionKind.VOCATIONAL else 6
    born_in = year.first_year - starting_age - grade - (random.random() < 0.15)
    at_home = school.institution.municipality_on(year.start)
    pupil = Pupil(
        id=StudentId(random_id(random)),
        given_names=given,
        family_name=family,
        birth_date=date(born_in, 1, 1) + timedelta(days=random.randrange(365)),
        personal_code=None if random.random() < _WITHOUT_CODE else demonstration_personal_code(serial),
        school=school,
        grade=grade,
        minority_programme=random.random() < _MINORITY,
        returned_emigrant=random.random() < _RETURNED,
        special_need=random.choice(("51", "53", "54", "55", "56", "57", "58"))
        if random.random() < _SPECIAL_NEED
        else None,
        home_municipality=random.choice(homes) if homes and random.random() < _OTHER_HOME else at_home,
    )
    pupil.enrol(school, max(year.start, school.institution.opened_on), random)
    return pupil


def _grade(school: School, year: SchoolYear, random: Random) -> int:
    if school.kind is InstitutionKind.VOCATIONAL:
        return random.choices((1, 2, 3, 4), (5, 4, 3, 1))[0]
    lowest = school.lowest_grade if year.start >= GRADES_1_TO_4_SINCE else max(school.lowest_grade, 5)
    grades = range(lowest, school.highest_grade + 1)
    return random.choices(grades, [{5: 6, 6: 8, 7: 12, 8: 14, 9: 12}.get(each, 4) for each in grades])[0]
