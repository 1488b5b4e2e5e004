from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.reference import packaged
from app.domain.calendar import SchoolYear, Semester, school_year_of, semester_of
from app.domain.errors import Invalid

days = st.dates(date(1901, 9, 1), date(2198, 8, 31))
semesters = st.builds(Semester, st.builds(SchoolYear, st.integers(1901, 2198)), st.sampled_from([1, 2]))


def test_the_first_semester_runs_from_september_to_the_end_of_december() -> None:
    semester = Semester.parse("2020-1")
    assert (semester.start, semester.end) == (date(2020, 9, 1), date(2020, 12, 31))


def test_the_second_semester_lies_in_the_next_calendar_year_and_takes_in_the_summer() -> None:
    semester = Semester.parse("2020-2")
    assert (semester.start, semester.end) == (date(2021, 1, 1), date(2021, 8, 31))
    assert str(semester.school_year) == "2020/21"


def test_a_school_year_is_its_two_semesters() -> None:
    year = SchoolYear.parse("1999/00")
    first, second = year.semesters
    assert (first.start, second.end) == (year.start, year.end) == (date(1999, 9, 1), date(2000, 8, 31))


@pytest.mark.parametrize(
    "text", ["2020", "2020-0", "2020-3", "20-1", "2020-1\n", " 2020-1", "2020/1", "٢٠٢٠-1", "1899-1", ""]
)
def test_what_is_not_a_semester_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Semester.parse(text)
    assert [each.code for each in refused.value.violations] in (["not-a-semester"], ["not-a-school-year"])


@pytest.mark.parametrize("text", ["2020/22", "2020/2021", "2020-21", "2020", "1899/00", "2020/21\n"])
def test_what_is_not_a_school_year_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        SchoolYear.parse(text)
    assert [each.code for each in refused.value.violations] == ["not-a-school-year"]


def test_a_school_year_has_no_third_semester() -> None:
    with pytest.raises(Invalid):
        Semester(SchoolYear(2020), 3)


@given(days)
def test_every_day_lies_in_exactly_one_semester(day: date) -> None:
    semester = semester_of(day)
    assert day in semester.period
    assert day not in semester.next().period
    assert day not in semester.previous().period
    assert day in school_year_of(day).period


@given(semesters)
def test_semesters_follow_one_another_without_a_gap(semester: Semester) -> None:
    assert semester.next().start == semester.end + timedelta(days=1)
    assert semester.next().previous() == semester
    assert semester < semester.next()


@given(semesters)
def test_a_semester_is_read_as_it_is_written(semester: Semester) -> None:
    assert Semester.parse(str(semester)) == semester
    assert SchoolYear.parse(str(semester.school_year)) == semester.school_year


@given(semesters, semesters)
def test_semesters_are_ordered_by_time(one: Semester, other: Semester) -> None:
    assert (one < other) == (one.start < other.start)


def test_the_register_knows_the_semesters_from_2016_to_2035() -> None:
    known = packaged().semesters
    assert (str(known[0]), str(known[-1]), len(known)) == ("2016-1", "2034-2", 38)
    assert list(known) == sorted(set(known))


@pytest.mark.parametrize(("grade", "last_day"), [(1, 31), (8, 31), (10, 31), (11, 31)])
def test_most_grades_finish_at_the_end_of_may(grade: int, last_day: int) -> None:
    lessons = packaged().school_calendar.lessons(Semester.parse("2020-2"), grade)
    assert lessons is not None
    assert (lessons.start, lessons.end) == (date(2021, 1, 4), date(2021, 5, last_day))


@pytest.mark.parametrize(("grade", "last_day"), [(9, date(2021, 6, 11)), (12, date(2021, 6, 18))])
def test_grades_with_examinations_finish_in_june(grade: int, last_day: date) -> None:
    lessons = packaged().school_calendar.lessons(Semester.parse("2020-2"), grade)
    assert lessons is not None
    assert lessons.end == last_day


def test_the_calendar_of_other_years_is_not_invented() -> None:
    calendar = packaged().school_calendar
    assert calendar.lessons(Semester.parse("2030-1"), 5) is None
    assert calendar.winter_holidays(SchoolYear(2030)) is None


def test_lessons_and_holidays_do_not_meet() -> None:
    calendar = packaged().school_calendar
    for year in {entry.school_year for entry in calendar.entries}:
        holidays = calendar.winter_holidays(year)
        assert holidays is not None
        for semester in year.semesters:
            for grade in range(1, 13):
                lessons = calendar.lessons(semester, grade)
                assert lessons is not None
                assert lessons.within(semester.period)
                assert not lessons.overlaps(holidays)
