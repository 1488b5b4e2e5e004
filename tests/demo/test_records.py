"""One block made in full: its shape, and what the database would refuse or a reader would wonder at."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise

from app.db.reference import packaged
from app.demo.blocks import Block, Scale, blocks
from app.demo.network import Network
from app.demo.records import records
from app.domain.calendar import Semester
from app.domain.code_lists import DeliveryMode
from app.domain.interventions import Attendance
from app.domain.plans import Plan, PlanState
from tests.demo.conftest import TODAY, Made, made

MADONA_2020 = (Semester.parse("2020-1"), Semester.parse("2020-2"))


def in_force(plans: list[Plan]) -> list[Plan]:
    return [plan for plan in plans if plan.activated_on is not None]


def test_madona_made_286_plans_for_181_students_in_2020_21(madona: Made) -> None:
    published = {school.id for school in madona.block.schools if school.published}
    plans = [each for each in in_force(madona.records.plans) if each.institution_id in published]
    of_year = [each for each in plans if each.semester in MADONA_2020]
    assert Counter(str(each.semester) for each in of_year) == {"2020-1": 145, "2020-2": 141}
    assert len({each.student_id for each in of_year}) == 181
    grades = {each.id: each.grade for each in madona.records.enrolments}
    assert {grades[each.enrolment_id] for each in of_year} <= set(range(5, 13))
    assert sum(str(each.semester) == "2019-1" for each in plans) == 123


def test_every_institution_makes_as_many_plans_as_were_planned(madona: Made) -> None:
    assert (
        Counter((each.institution_id, each.semester) for each in in_force(madona.records.plans)) == madona.block.quota
    )


def test_attended_hours_are_what_was_planned_for_each_topic(madona: Made) -> None:
    semesters = {each.id: each.semester for each in madona.records.plans}
    hours: dict[tuple[Semester, str], Decimal] = defaultdict(Decimal)
    for each in madona.interventions:
        if each.attendance is Attendance.ATTENDED and each.support.subject in ("MATHEMATICS", "LATVIAN", "ENGLISH"):
            hours[semesters[each.plan_id], each.support.subject] += each.support.hours or Decimal(0)
    assert len(hours) == 27
    for (semester, subject), many in hours.items():
        quarters = {topic.subject: planned for topic, planned in madona.block.targets[semester].quarters.items()}
        assert many * 4 == quarters[subject]


def test_a_student_has_one_plan_in_force_at_a_time(madona: Made) -> None:
    by_student: dict[object, list[Plan]] = defaultdict(list)
    for plan in in_force(madona.records.plans):
        by_student[plan.student_id].append(plan)
    for plans in by_student.values():
        periods = sorted((each.delivery.start, each.delivery.end or TODAY) for each in plans if each.delivery)
        assert all(end < following for (_, end), (following, _) in pairwise(periods))


def test_transfers_end_the_plan_with_the_enrolment_and_link_a_new_one(neighbours: Made) -> None:
    by_id = {each.id: each for each in neighbours.records.plans}
    linked = [
        (by_id[each.continues], each)
        for each in neighbours.records.plans
        if each.continues and by_id[each.continues].semester == each.semester
    ]
    assert linked
    for old, new in linked:
        assert old.state is PlanState.DISCONTINUED
        assert old.institution_id != new.institution_id
        assert (new.student_id, old.institution_id, new.institution_id) in {
            (each.student_id, each.owner, each.institution)
            for each in neighbours.records.access
            if each.reason == "TRANSFER"
        }


def test_grades_1_to_4_have_plans_since_the_autumn_of_2021_only(madona: Made) -> None:
    grades = {each.id: each.grade for each in madona.records.enrolments}
    young = [each.semester for each in madona.records.plans if grades[each.enrolment_id] <= 4]
    assert set(map(str, young)) == {"2021-1"}


def test_most_plans_of_the_running_semester_are_active_and_some_are_on_their_way(madona: Made) -> None:
    states = Counter(each.state for each in madona.records.plans if str(each.semester) == "2021-1")
    assert states[PlanState.ACTIVE] > 0.85 * states.total()
    assert states[PlanState.SUBMITTED] + states[PlanState.DRAFT] + states[PlanState.SCHOOL_APPROVED] > 0


def test_a_third_of_the_plans_continues_an_earlier_one(madona: Made) -> None:
    share = sum(each.continues is not None for each in madona.records.plans) / len(madona.records.plans)
    assert 0.3 < share < 0.42


def test_nothing_lies_after_the_day_of_the_register(madona: Made) -> None:
    assert max(each.period.end or each.period.start for each in madona.interventions) <= TODAY
    assert all(step.on <= TODAY for _, steps in madona.records.steps for step in steps)


def test_remote_support_is_confirmed_and_begins_with_the_pandemic(madona: Made) -> None:
    remote = [each for each in madona.interventions if each.mode is DeliveryMode.REMOTE]
    assert min(each.period.start for each in remote) >= date(2020, 3, 23)
    assert all(each.confirmed_on == each.period.start for each in remote if each.attendance is Attendance.ATTENDED)


def test_demonstration_codes_begin_with_00_and_are_unique(madona: Made) -> None:
    of_students = {each.student_id: each.personal_code for each in madona.records.persons}
    codes = [code for code in of_students.values() if code is not None]
    assert all(code.startswith("00") for code in codes)
    assert len(codes) == len(set(codes)) < len(of_students)


def test_the_same_block_is_made_the_same_again(small: tuple[Block, ...]) -> None:
    smallest = min(small, key=lambda block: block.plans)
    first, again = made(smallest), made(smallest)
    assert first.interventions == again.interventions
    assert first.records.plans == again.records.plans
    assert first.records.persons == again.records.persons


def test_another_day_ends_the_register_on_that_day(country: Network) -> None:
    day = date(2021, 10, 20)
    block = min(
        blocks(country, scale=Scale.SMALL, seed=1, today=day, geography=packaged().geography),
        key=lambda each: each.plans,
    )
    written = records(block, packaged())
    assert max(each.period.start for each in written.interventions) <= day
