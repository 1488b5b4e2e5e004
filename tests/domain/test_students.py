"""The person behind a student: what a statement of names, birth date and personal code must be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.personal_codes import check_digit, demonstration_personal_code, written_personal_code
from app.domain.students import Person, check_person
from tests.domain.examples import STUDENT, TODAY, found, person

# A code that tells 17 May 1903: of nobody who goes to school.
STEM = "1705031000"
LONG_AGO = date(1903, 5, 17)
CODE_OF_LONG_AGO = STEM + (check_digit(STEM) or "no such code")


def wrong(changed: Person, *, today: date = TODAY, pointer: str = "", allow: bool = True) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        check_person(changed, today=today, allow_test_codes=allow, pointer=pointer)
    return found(invalid.value)


def test_a_sound_person_is_accepted_with_the_code_normalised() -> None:
    code = demonstration_personal_code(1)
    stated = person(personal_code=written_personal_code(code))
    assert check_person(stated, today=TODAY, allow_test_codes=True) == person(personal_code=code)


def test_a_person_from_abroad_may_have_no_code() -> None:
    abroad = person(personal_code=None)
    assert check_person(abroad, today=TODAY, allow_test_codes=False) == abroad


@pytest.mark.parametrize("field", ["given_names", "family_name"])
@pytest.mark.parametrize(
    ("name", "code"), [("", "empty"), (" ", "empty"), ("B3rziņš", "format"), ("a@b", "format"), ("A\nB", "format")]
)
def test_a_name_has_letters_and_what_stands_between_them(field: str, name: str, code: str) -> None:
    assert wrong(person(**{field: name})) == {(f"/{field}", code)}


@pytest.mark.parametrize("name", ["Žanete", "O'Brien", "D\u2019Arc", "Anna-Marija", "Jānis jr.", "Łukasz", "Мария"])
def test_names_of_many_languages_are_names(name: str) -> None:
    check_person(person(given_names=name, family_name=name), today=TODAY, allow_test_codes=True)


def test_nobody_is_born_tomorrow() -> None:
    assert wrong(person(birth_date=TODAY + timedelta(days=1))) == {("/birth_date", "in-the-future")}


@pytest.mark.parametrize(
    ("birth_date", "plausible"),
    [
        (date(2017, 3, 16), False),  # 3 years, 4 tomorrow
        (date(2017, 3, 15), True),  # 4 today
        (date(1960, 3, 16), True),  # 60, 61 tomorrow
        (date(1960, 3, 15), False),  # 61 today
        (TODAY, False),  # born today: not in the future, but no student
    ],
)
def test_a_student_is_between_4_and_60(birth_date: date, plausible: bool) -> None:  # noqa: FBT001 - a column of the examples
    if plausible:
        check_person(person(birth_date=birth_date), today=TODAY, allow_test_codes=True)
    else:
        assert wrong(person(birth_date=birth_date)) == {("/birth_date", "implausible-age")}


def test_a_code_that_is_no_code_is_refused_where_it_stands() -> None:
    assert wrong(person(personal_code="1")) == {("/personal_code", "personal-code-format")}


def test_a_test_code_is_refused_where_test_codes_are_not_allowed() -> None:
    assert wrong(person(), allow=False) == {("/personal_code", "personal-code-test")}


def test_the_code_tells_the_same_birth_date() -> None:
    assert wrong(person(personal_code=CODE_OF_LONG_AGO)) == {("/personal_code", "birth-date-differs")}
    child = person(birth_date=LONG_AGO, personal_code=CODE_OF_LONG_AGO)
    assert check_person(child, today=date(1915, 9, 1), allow_test_codes=False) == child


def test_a_code_of_the_new_form_tells_no_birth_date_to_differ_from() -> None:
    check_person(person(personal_code="32000000000"), today=TODAY, allow_test_codes=False)


def test_every_field_that_is_wrong_is_named_by_where_it_was_sent() -> None:
    changed = person(given_names="", family_name="1", birth_date=date(2090, 1, 1), personal_code="1")
    assert wrong(changed, pointer="/person") == {
        ("/person/given_names", "empty"),
        ("/person/family_name", "format"),
        ("/person/birth_date", "in-the-future"),
        ("/person/personal_code", "personal-code-format"),
    }
    differing = person(personal_code=CODE_OF_LONG_AGO)
    assert wrong(differing, pointer="/person") == {("/person/personal_code", "birth-date-differs")}


def test_a_person_is_never_printed() -> None:
    shown = repr(person())
    for secret in ("Anna", "Bērziņa", "2006", demonstration_personal_code(1)):
        assert secret not in shown
    assert person().id == STUDENT


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2024, 5, 16), 17), (date(2024, 5, 17), 18), (date(2006, 5, 17), 0), (date(2024, 12, 31), 18)],
)
def test_a_year_of_age_is_completed_on_the_birthday(day: date, age: int) -> None:
    assert person().age_on(day) == age


def test_a_leap_day_s_child_is_a_year_older_on_the_first_of_march() -> None:
    child = person(birth_date=date(2004, 2, 29))
    assert (child.age_on(date(2022, 2, 28)), child.age_on(date(2022, 3, 1))) == (17, 18)


births = st.dates(date(1950, 1, 1), date(2020, 12, 31))


@given(births, st.integers(0, 25_000))
def test_age_counts_the_birthdays_passed(birth_date: date, lived: int) -> None:
    day = birth_date + timedelta(days=lived)
    passed = sum(
        (year, birth_date.month, birth_date.day) <= (day.year, day.month, day.day)
        for year in range(birth_date.year + 1, day.year + 1)
    )
    assert person(birth_date=birth_date).age_on(day) == passed


@given(births, st.integers(0, 25_000))
def test_age_never_falls_and_grows_by_one(birth_date: date, lived: int) -> None:
    born = person(birth_date=birth_date)
    day = birth_date + timedelta(days=lived)
    assert born.age_on(day + timedelta(days=1)) - born.age_on(day) in (0, 1)
