from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.personal_codes import (
    birth_date_of,
    check_digit,
    demonstration_personal_code,
    normalise_personal_code,
    written_personal_code,
)

serials = st.integers(0, 9_999_999)
# Any valid code may belong to somebody: these days are too long ago or yet to come.
nobodys_days = st.one_of(
    st.dates(date(1800, 1, 1), date(1903, 12, 31)),
    st.dates(date(2070, 1, 1), date(2099, 12, 31)),
)


def reason(text: str, *, allow_test_codes: bool = True) -> str:
    with pytest.raises(Invalid) as refused:
        normalise_personal_code(text, allow_test_codes=allow_test_codes, pointer="/personal_code")
    (violation,) = refused.value.violations
    assert violation.pointer == "/personal_code"
    return violation.code


def old_form(day: date, number: int) -> str | None:
    first_ten = f"{day:%d%m%y}{day.year // 100 - 18}{number:03}"
    digit = check_digit(first_ten)
    return None if digit is None else first_ten + digit


def test_the_hyphen_goes_after_the_sixth_digit() -> None:
    code = demonstration_personal_code(0)
    assert normalise_personal_code(written_personal_code(code), allow_test_codes=True) == code
    assert written_personal_code(code)[6] == "-"


@pytest.mark.parametrize(
    "text",
    [
        "0000000000",
        "000000000000",
        "00000-000000",
        "0000000-0000",
        "000000--00000",
        "-00000000000",
        "LV00000000000",
        "000000 00000",
        " 00000000000",
        "00000000000\n",
        "\u0660" * 11,  # digits, but not those of the register
        "",
    ],
)
def test_anything_else_than_eleven_digits_is_refused(text: str) -> None:
    assert reason(text) == "personal-code-format"


@pytest.mark.parametrize("text", ["40000000000", "90000000000", "50000000000"])
def test_numbers_of_legal_entities_are_not_personal_codes(text: str) -> None:
    assert reason(text) == "personal-code-birth-date"


@pytest.mark.parametrize("first_ten", ["3002992000", "3113991000", "1512993000", "3102011000"])
def test_a_birth_date_that_never_was_is_refused(first_ten: str) -> None:
    assert reason(first_ten + (check_digit(first_ten) or "0")) == "personal-code-birth-date"


@pytest.mark.parametrize(
    ("first_ten", "digit"),
    [
        ("0000000000", "1"),  # 1101 mod 11
        ("0011111111", "8"),  # (1101 - 48) mod 11
        ("0000000001", None),  # (1101 - 2) mod 11 is 10: no such code
    ],
)
def test_the_check_digit_follows_the_formula(first_ten: str, digit: str | None) -> None:
    assert check_digit(first_ten) == digit


def test_test_codes_are_refused_unless_allowed_and_need_their_check_digit() -> None:
    code = demonstration_personal_code(1234)
    assert reason(code, allow_test_codes=False) == "personal-code-test"
    wrong = code[:10] + str((int(code[10]) + 1) % 10)
    assert reason(wrong) == "personal-code-check-digit"


def test_the_message_does_not_repeat_the_code() -> None:
    with pytest.raises(Invalid) as refused:
        normalise_personal_code("LV00000012345")
    assert "12345" not in str(refused.value)


@given(serials, serials)
def test_demonstration_codes_are_valid_distinct_and_of_nobody(one: int, other: int) -> None:
    code = demonstration_personal_code(one)
    assert normalise_personal_code(code, allow_test_codes=True) == code
    assert code.startswith("00")
    assert birth_date_of(code) is None
    assert (code == demonstration_personal_code(other)) == (one == other)


@pytest.mark.parametrize("serial", [-1, 10_000_000])
def test_a_serial_beyond_seven_digits_has_no_code(serial: int) -> None:
    with pytest.raises(ValueError, match="seven digits"):
        demonstration_personal_code(serial)


@given(nobodys_days, st.integers(0, 999))
def test_the_old_form_tells_the_birth_date(day: date, number: int) -> None:
    code = old_form(day, number)
    assume(code is not None)
    assert code is not None
    assert normalise_personal_code(code) == normalise_personal_code(written_personal_code(code)) == code
    assert birth_date_of(code) == day


@given(serials, st.integers(0, 10), st.integers(1, 9))
def test_one_mistyped_digit_of_the_old_form_is_noticed(serial: int, position: int, shift: int) -> None:
    code = demonstration_personal_code(serial)
    digit = (int(code[position]) + shift) % 10
    mistyped = f"{code[:position]}{digit}{code[position + 1 :]}"
    assume(not (mistyped[0] == "3" and mistyped[1] in "23456789"))
    assert reason(mistyped).startswith("personal-code-")


@given(st.from_regex(r"3[3-9][0-9]{9}", fullmatch=True, alphabet="0123456789"))
@example("32000000000")
def test_the_new_form_needs_no_check_digit_and_tells_no_birth_date(code: str) -> None:
    assert normalise_personal_code(code) == code
    assert birth_date_of(code) is None


@given(st.text(alphabet="0123456789-LV ", max_size=14))
def test_what_is_accepted_is_eleven_digits(text: str) -> None:
    try:
        code = normalise_personal_code(text, allow_test_codes=True)
    except Invalid:
        return
    assert len(code) == 11
    assert code.isdigit()
