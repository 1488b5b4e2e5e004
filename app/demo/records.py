"""All records of a block of the synthetic register: made semester by semester, each passed by the register's own rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.demo.allotment import allot
from app.demo.blocks import Block
from app.demo.cases import Case, Ending
from app.demo.interventions import Deliverer
from app.demo.network import PROGRAMME
from app.demo.outcomes import plan_outcome, year_outcome
from app.demo.plans import live
from app.demo.roster import Roster
from app.demo.seeds import chance
from app.demo.students import Access, Pupil
from app.demo.timetable import Timetable
from app.domain.calendar import Semester
from app.domain.enrolments import Enrolment, check_enrolment
from app.domain.ids import RiskId
from app.domain.interventions import Intervention
from app.domain.outcomes import Outcome
from app.domain.periods import Period
from app.domain.plan_steps import StepTaken
from app.domain.plans import Plan
from app.domain.reference import ReferenceData
from app.domain.risks import Risk, check_risk
from app.domain.students import Person, Student, check_person


@dataclass(slots=True, kw_only=True)
class Records:
    """Everything of a block but its interventions, which are many: those are made when they are asked for, once."""

    students: list[Student] = field(default_factory=list)
    access: list[Access] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    steps: list[tuple[Plan, list[StepTaken]]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    interventions: Iterator[Intervention] = field(default_factory=lambda: iter(()))


def records(block: Block, reference: ReferenceData) -> Records:
    """Deterministic: the same block gives the same records, in whichever process and order. Raises Invalid if one breaks a rule."""
    return _Writer(block, reference).write()


class _Writer:
    def __init__(self, block: Block, reference: ReferenceData) -> None:
        self._block, self._reference = block, reference
        self._programme = reference.programmes[PROGRAMME]
        self._timetable = Timetable(reference.school_calendar, self._programme, block.kind)
        self._random = chance(block.seed, "block", block.number)
        self._records = Records()
        self._delivered: list[tuple[Case, dict[str, RiskId]]] = []

    def write(self) -> Records:
        roster = Roster(self._block, self._random)
        for semester in self._block.targets:
            self._semester(roster, semester)
        for pupil in roster.pupils:
            self._student(pupil)
        self._records.interventions = self._interventions()
        return self._records

    def _semester(self, roster: Roster, semester: Semester) -> None:
        cases = roster.semester(semester)
        in_force = [case for case in cases if case.ending is not Ending.ON_ITS_WAY]
        for case in in_force:
            within = Period(case.activated_on, min(case.last_day, self._block.today))
            case.days = self._timetable.school_days(semester, case.enrolment.grade, within)
            case.holidays = self._timetable.holidays(semester, case.enrolment.grade, within)
        allot(in_force, self._block.targets[semester], self._random)
        # A plan that is continued within the semester, after a transfer, must be written before the one that continues it.
        for case in sorted(cases, key=lambda each: each.period.start):
            self._plan(case)

    def _plan(self, case: Case) -> None:
        codes, today = self._reference.code_lists, self._block.today
        life = live(case, programme=self._programme, codes=codes, today=today, random=self._random)
        self._records.plans.append(life.plan)
        self._records.steps.append((life.plan, life.steps))
        self._delivered.append((case, {kind: risk.id for kind, risk in case.answered.items()}))
        for outcome in (
            plan_outcome(case, codes=codes, today=today, random=self._random),
            year_outcome(case, codes=codes, today=today, random=self._random),
        ):
            if outcome is not None:
                self._records.outcomes.append(outcome)

    def _student(self, pupil: Pupil) -> None:
        """What is complete only when everything has happened."""
        kept, reference, today = self._records, self._reference, self._block.today
        schools = {school.id: school.institution for school in self._block.schools}
        kept.students.append(Student(id=pupil.id))
        kept.access.extend(pupil.access)
        for person in pupil.persons:
            kept.persons.append(check_person(person, today=today, allow_test_codes=True))
        for at, enrolment in enumerate(pupil.enrolments):
            others = [each for each in pupil.enrolments[:at] if each.institution_id == enrolment.institution_id]
            kept.enrolments.append(
                check_enrolment(
                    enrolment,
                    institution=schools[enrolment.institution_id],
                    others=others,
                    geography=reference.geography,
                    codes=reference.code_lists,
                    today=today,
                )
            )
        for risk in (*pupil.resolved, *pupil.risks.values()):
            kept.risks.append(check_risk(risk, codes=reference.code_lists, today=today))

    def _interventions(self) -> Iterator[Intervention]:
        deliverer = Deliverer(
            self._timetable,
            self._programme,
            self._reference.code_lists,
            self._block.today,
            chance(self._block.seed, "deliveries", self._block.number),
        )
        for case, risk_ids in self._delivered:
            yield from deliverer.deliver(case, risk_ids)
