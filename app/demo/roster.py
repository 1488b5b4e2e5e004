"""Semester by semester: who continues, who is new, who changes the institution, and who leaves."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from app.demo import figures
from app.demo.apportionment import shared
from app.demo.blocks import Block
from app.demo.cases import Case, Ending, new_case
from app.demo.places import LAST_OLD_DAY
from app.demo.schools import School
from app.demo.students import SERIALS_PER_BLOCK, Pupil, new_pupil
from app.domain.calendar import Semester
from app.domain.enrolments import EndReason
from app.domain.ids import InstitutionId
from app.domain.plans import PlanState

TRANSFERS = 0.02
_LEFT, _EMIGRATED, _DISCONTINUED = 0.008, 0.011, 0.036
_REASONS = ("CONSENT_WITHDRAWN", "NO_PROVIDER", "RISK_RESOLVED", "RISK_RESOLVED", "OTHER")
_ON_THEIR_WAY = 0.035
_WAY = (
    PlanState.DRAFT,
    PlanState.SUBMITTED,
    PlanState.SUBMITTED,
    PlanState.SCHOOL_APPROVED,
    PlanState.PARTNER_APPROVED,
)
_LATEST = 12
_SETTLING = 9


class Roster:
    """The students of a block. `pupils` is everybody it has ever had, in the order in which they came."""

    def __init__(self, block: Block, random: Random) -> None:
        self.block = block
        self.pupils: list[Pupil] = []
        self._random = random
        self._schools = {school.id: school for school in block.schools}
        places = {school.institution.locations[0].municipality for school in block.schools}
        self._homes = tuple(sorted(places))

    def semester(self, semester: Semester) -> list[Case]:
        """All cases of a semester. Call it for each semester in turn."""
        if semester.number == 1:
            self._begin_school_year(semester)
        pools = self._pools(semester)
        continued = self._continued(semester, pools)
        quota = {key: plans for (key, at), plans in self.block.quota.items() if at == semester and plans}
        incoming = {key: self._incoming(self._schools[key], plans) for key, plans in quota.items()}
        cases: list[Case] = []
        for key, plans in quota.items():
            school = self._schools[key]
            again = pools.get(key, [])[: min(continued.get(key, 0), plans - incoming[key])]
            cases.extend(self._open(pupil, semester) for pupil in again)
            cases.extend(
                self._open(self._new(school, semester), semester) for _ in range(plans - len(again) - incoming[key])
            )
        for case in cases:
            self._perhaps_cut(case)
        cases.extend(self._transfers(semester, incoming, list(cases)))
        if semester == figures.LAST:
            cases.extend(self._on_their_way(semester, quota))
        elif semester.number == 2:
            for pupil in self.pupils:
                if pupil.is_enrolled:
                    pupil.end_school_year(semester.school_year)
        return cases

    def _begin_school_year(self, semester: Semester) -> None:
        for pupil in self.pupils:
            if pupil.last is not None and pupil.last.semester == semester.previous() and not self._is_gone(pupil):
                pupil.grade = pupil.next_grade()
                pupil.repeats = False

    def _pools(self, semester: Semester) -> dict[InstitutionId, list[Pupil]]:
        """Students with a plan in the semester before who can have one now, by the institution they would attend."""
        pools: dict[InstitutionId, list[Pupil]] = {}
        for pupil in self.pupils:
            if pupil.last is None or pupil.last.semester != semester.previous() or self._is_gone(pupil):
                continue
            school = self._next_school(pupil, semester)
            if school is not None and school.part_of(semester) is not None and pupil.grade <= school.highest_grade:
                pools.setdefault(school.id, []).append(pupil)
        for pool in pools.values():
            self._random.shuffle(pool)
        return pools

    @staticmethod
    def _is_gone(pupil: Pupil) -> bool:
        return pupil.enrolment.end_reason in (EndReason.LEFT, EndReason.EMIGRATED)

    def _next_school(self, pupil: Pupil, semester: Semester) -> School | None:
        closed, heir = pupil.school.institution.closed_on, pupil.school.institution.merged_into
        if closed is None or closed >= semester.start:
            return pupil.school
        return None if heir is None else self._schools.get(heir)

    def _continued(self, semester: Semester, pools: dict[InstitutionId, list[Pupil]]) -> dict[InstitutionId, int]:
        quota = {key: self.block.quota.get((key, semester), 0) for key in pools}
        able = {key: min(len(pool), quota[key]) for key, pool in pools.items()}
        many = {key: min(able[key], round(quota[key] * figures.CONTINUED[semester] / 100)) for key in pools}
        published = {key: count for key, count in able.items() if self._schools[key].published}
        if str(semester) == "2020-2" and published:
            many |= shared(figures.MADONA_CONTINUED_2020_2, published)
        return many

    def _incoming(self, school: School, plans: int) -> int:
        alone = school.published or sum(not each.published for each in self.block.schools) < 2
        return 0 if alone else sum(self._random.random() < TRANSFERS for _ in range(plans))

    def _new(self, school: School, semester: Semester) -> Pupil:
        serial = self.block.number * SERIALS_PER_BLOCK + len(self.pupils)
        homes = self._homes if semester.school_year.start <= LAST_OLD_DAY else ()
        pupil = new_pupil(school, semester, serial, homes, self._random)
        self.pupils.append(pupil)
        return pupil

    def _open(self, pupil: Pupil, semester: Semester, since: date | None = None) -> Case:
        school = pupil.school if since is not None else self._next_school(pupil, semester)
        assert school is not None  # noqa: S101 - only those who have one are in a pool
        if not pupil.is_enrolled:
            pupil.enrol(school, semester.school_year.start, self._random)
        case = new_case(pupil, semester, self._random, self.block.today, since=since)
        case.continues, pupil.last = pupil.last, case
        return case

    def _perhaps_cut(self, case: Case) -> None:
        """Some leave school, some emigrate, some plans are given up: on a day that has come by now."""
        draw = self._random.random()
        first = case.activated_on + timedelta(days=_LATEST)
        last = min(case.last_day - timedelta(days=_LATEST), self.block.today - timedelta(days=2))
        if draw >= _DISCONTINUED or first >= last:
            return
        on = first + timedelta(days=self._random.randrange((last - first).days))
        if draw < _EMIGRATED:
            reason = EndReason.LEFT if draw < _LEFT else EndReason.EMIGRATED
            case.pupil.leave(on, reason)
            case.cut(on, Ending.ENROLMENT_ENDED)
        else:
            case.cut(on, Ending.DISCONTINUED, self._random.choice(_REASONS))

    def _transfers(self, semester: Semester, incoming: dict[InstitutionId, int], cases: list[Case]) -> Iterator[Case]:
        self._random.shuffle(cases)
        for key, many in incoming.items():
            school = self._schools[key]
            for _ in range(many):
                case = next((each for each in cases if self._may_move(each, school)), None)
                if case is None:
                    yield self._open(self._new(school, semester), semester)
                    continue
                cases.remove(case)
                yield self._move(case, school, semester)

    def _may_move(self, case: Case, school: School) -> bool:
        part = school.part_of(case.semester)
        return (
            case.school is not school
            and not case.school.published
            and case.is_whole
            and part is not None
            and part.start <= case.activated_on
            and part.end is not None
            and part.end >= case.last_day
            and school.lowest_grade <= case.pupil.grade <= school.highest_grade
            and school.id not in {each.owner for each in case.pupil.access}
            and self._days_left(case) > 4 * _LATEST
        )

    def _days_left(self, case: Case) -> int:
        """While lessons last, for whoever moves begins to learn elsewhere."""
        lessons_end = date(case.semester.end.year, *((5, 25) if case.semester.number == 2 else (12, 15)))
        return (min(case.last_day, self.block.today, lessons_end) - case.activated_on).days

    def _move(self, case: Case, school: School, semester: Semester) -> Case:
        """The enrolment ends, and the plan with it; a linked plan begins at the new institution a little later."""
        on = case.activated_on + timedelta(days=_LATEST + self._random.randrange(self._days_left(case) - 3 * _LATEST))
        case.cut(on, Ending.ENROLMENT_ENDED)
        case.pupil.leave(on, EndReason.TRANSFERRED)
        case.pupil.enrol(school, on + timedelta(days=1), self._random)
        return self._open(case.pupil, semester, since=on + timedelta(days=_SETTLING))

    def _on_their_way(self, semester: Semester, quota: dict[InstitutionId, int]) -> Iterator[Case]:
        """Plans of the running semester that have not come into force yet, of students who are new."""
        for key, plans in quota.items():
            for _ in range(sum(self._random.random() < _ON_THEIR_WAY for _ in range(plans))):
                pupil = self._new(self._schools[key], semester)
                since = self.block.today - timedelta(days=self._random.randrange(1, 6))
                case = self._open(pupil, semester, since=since)
                case.ending, case.way = Ending.ON_ITS_WAY, self._random.choice(_WAY)
                yield case
