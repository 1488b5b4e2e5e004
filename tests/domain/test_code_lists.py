from dataclasses import replace
from datetime import date
from enum import StrEnum

import pytest

from app.db.reference import packaged
from app.domain.actors import Level, Role
from app.domain.code_lists import CodeList, CodeLists, DeliveryMode, Founder, InstitutionKind, Unit
from app.domain.enrolments import EndReason
from app.domain.errors import NotFound
from app.domain.interventions import Attendance, Purpose
from app.domain.municipalities import MunicipalityKind
from app.domain.outcomes import NextStep, Result, YearResult
from app.domain.periods import Period
from app.domain.plans import PlanState
from app.domain.regions import RegionScheme
from app.domain.risks import IdentifiedBy, Severity

LISTS = packaged().code_lists
DAY = date(2020, 10, 1)

CLOSED: dict[str, type[StrEnum]] = {
    "access-levels": Level,
    "attendances": Attendance,
    "delivery-modes": DeliveryMode,
    "enrolment-end-reasons": EndReason,
    "founders": Founder,
    "identified-by": IdentifiedBy,
    "institution-kinds": InstitutionKind,
    "municipality-kinds": MunicipalityKind,
    "next-steps": NextStep,
    "plan-states": PlanState,
    "purposes": Purpose,
    "region-schemes": RegionScheme,
    "results": Result,
    "severities": Severity,
    "year-results": YearResult,
}


@pytest.mark.parametrize("name", CLOSED)
def test_lists_that_rules_branch_on_have_exactly_the_codes_of_the_rules(name: str) -> None:
    assert [code.code for code in LISTS[name]] == [member.value for member in CLOSED[name]]


def test_every_role_of_the_register_is_listed_with_its_level() -> None:
    with_access = {code.code for code in LISTS["roles"] if code.parent is not None}
    assert with_access == {role.value for role in Role}


@pytest.mark.parametrize("code_list", LISTS.lists, ids=lambda code_list: code_list.name)
def test_codes_and_numbers_are_unique_and_labelled_in_both_languages(code_list: CodeList) -> None:
    codes = code_list.codes
    assert len({code.code for code in codes}) == len({code.id for code in codes}) == len(codes) > 0
    for code in codes:
        assert 0 < code.id <= 32767
        assert code.name_lv.strip() == code.name_lv != ""
        assert code.name_en.strip() == code.name_en != ""
        assert code.period.end is None or code.period.start <= code.period.end


@pytest.mark.parametrize("code_list", LISTS.lists, ids=lambda code_list: code_list.name)
def test_a_parent_is_a_code_of_the_list_above(code_list: CodeList) -> None:
    for code in code_list:
        assert code.parent is None or (code_list.parent is not None and code.parent in LISTS[code_list.parent])


def test_large_tables_keep_numbers_so_these_never_change() -> None:
    numbers = {code.code: code.id for code in LISTS["support-measures"]}
    assert numbers == {
        "SUBJECT_CONSULTATION": 1,
        "CONSULTATIVE_SUPPORT": 2,
        "CRISIS_SUPPORT": 3,
        "HOLIDAY_SUPPORT": 4,
        "TRANSPORT_PUBLIC": 5,
        "TRANSPORT_SPECIAL": 6,
        "ACCOMMODATION": 7,
        "MEALS": 8,
        "LEARNING_MATERIALS": 9,
        "PERSONAL_ITEMS": 10,
    }
    assert [code.id for code in LISTS["attendances"]] == [1, 2, 3, 4, 5]
    assert LISTS["delivery-modes"].by_id(2).code == "REMOTE"
    assert LISTS["subjects"].by_id(14).code == "OTHER"


def test_risks_are_in_four_groups() -> None:
    assert LISTS.risk("LANGUAGE_BARRIER").group == "LEARNING"
    assert {risk.group for risk in LISTS["risks"]} == {"LEARNING", "SOCIAL_HEALTH", "ECONOMIC", "FAMILY"}


def test_consultations_are_counted_in_hours_and_economic_support_in_eur() -> None:
    for measure in LISTS["support-measures"]:
        assert measure.unit is (Unit.EUR if measure.group == "ECONOMIC" else Unit.HOUR)


def test_special_needs_are_the_programme_codes_51_to_59() -> None:
    assert [code.code for code in LISTS["special-needs"]] == [str(number) for number in range(51, 60)]


def test_an_unknown_code_is_not_found() -> None:
    with pytest.raises(NotFound):
        LISTS.code("subjects", "ASTROLOGY")
    assert not LISTS.valid("subjects", "ASTROLOGY", DAY)
    assert LISTS.find("horoscopes") is None


def test_a_code_counts_only_between_its_dates() -> None:
    sport = replace(LISTS["subjects"].codes[0], code="SPORT", period=Period(date(2019, 9, 1), date(2020, 8, 31)))
    lists = CodeLists((replace(LISTS["subjects"], codes=(sport,)),))
    assert lists.valid("subjects", "SPORT", date(2020, 8, 31))
    assert not lists.valid("subjects", "SPORT", date(2020, 9, 1))
    assert lists["subjects"].valid_on(date(2020, 9, 1)) == ()
    assert lists.code("subjects", "SPORT") == lists.code("subjects", "SPORT", on=date(2019, 9, 1)) == sport
    with pytest.raises(NotFound):
        lists.code("subjects", "SPORT", on=date(2019, 8, 31))


def test_a_code_without_a_group_says_so() -> None:
    with pytest.raises(ValueError, match="subjects"):
        _ = LISTS.code("subjects", "SPORT").group
