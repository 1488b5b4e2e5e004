from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.reference import packaged
from app.domain.municipalities import Municipality
from app.domain.regions import RegionScheme

GEOGRAPHY = packaged().geography
LAST_OLD_DAY, REFORM, LATEST_MERGER = date(2021, 6, 30), date(2021, 7, 1), date(2025, 7, 1)
programme_days = st.dates(date(2017, 1, 1), date(2030, 12, 31))
municipalities = st.sampled_from(GEOGRAPHY.municipalities)


def successor(code: str, day: date) -> str | None:
    found = GEOGRAPHY.successor_on(code, day)
    return None if found is None else found.name_lv


def predecessor(code: str, day: date) -> str | None:
    found = GEOGRAPHY.predecessor_on(code, day)
    return None if found is None else found.code


def region(code: str, scheme: RegionScheme, day: date) -> str | None:
    found = GEOGRAPHY.region_of(code, scheme, day)
    return None if found is None else found.code


@pytest.mark.parametrize(
    ("day", "number"),
    [(LAST_OLD_DAY, 119), (REFORM, 43), (LATEST_MERGER - timedelta(days=1), 43), (LATEST_MERGER, 42)],
)
def test_the_reforms_leave_fewer_municipalities(day: date, number: int) -> None:
    assert len(GEOGRAPHY.valid_on(day)) == number


def test_municipalities_come_in_latvian_order() -> None:
    names = [municipality.name_lv for municipality in GEOGRAPHY.valid_on(LAST_OLD_DAY)]
    assert names.index("Ādažu novads") == names.index("Auces novads") + 1
    assert names.index("Cēsu novads") < names.index("Ciblas novads") < names.index("Dagdas novads")
    assert names.index("Ķeguma novads") > names.index("Kuldīgas novads")


def test_varaklani_kept_its_name_in_2021_and_joined_madona_in_2025() -> None:
    assert successor("0701800", LAST_OLD_DAY) == "Varakļānu novads"
    kept = GEOGRAPHY.successor_on("0701800", REFORM)
    assert kept is not None
    assert kept.code == "0055000"
    assert successor("0701800", LATEST_MERGER) == "Madonas novads"


@pytest.mark.parametrize(
    ("old", "main", "other"),
    [("0604300", "Preiļu novads", "0032000"), ("0801800", "Siguldas novads", "0044000")],
)
def test_what_was_split_has_one_main_successor_and_another(old: str, main: str, other: str) -> None:
    assert successor(old, REFORM) == main
    successors = {each.successor for each in GEOGRAPHY.successions if each.predecessor == old}
    assert len(successors) == 2
    assert other in successors


def test_the_order_of_successions_decides_nothing() -> None:
    turned = replace(GEOGRAPHY, successions=GEOGRAPHY.successions[::-1])
    for each in GEOGRAPHY.municipalities:
        assert turned.successor_on(each.code, REFORM) == GEOGRAPHY.successor_on(each.code, REFORM)
        assert turned.predecessor_on(each.code, LAST_OLD_DAY) == GEOGRAPHY.predecessor_on(each.code, LAST_OLD_DAY)


@pytest.mark.parametrize("day", [date(2009, 7, 1), LAST_OLD_DAY])
def test_nothing_succeeds_before_its_time(day: date) -> None:
    assert successor("0038000", day) is None


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("0038000", "0700200"),  # Madona, enlarged under its name
        ("0055000", "0701800"),  # Varakļāni, unchanged
        ("0022000", "0440200"),  # Augšdaugava, continues Daugavpils municipality under a new name
        ("0027000", None),  # Dienvidkurzeme, of eight that merged as equals
        ("0054000", None),  # Valmiera, of a city and seven municipalities
    ],
)
def test_before_the_reform_a_municipality_is_the_one_whose_life_it_continues(new: str, old: str | None) -> None:
    assert predecessor(new, LAST_OLD_DAY) == old
    assert predecessor(new, REFORM) == new


def test_an_unknown_code_leads_nowhere() -> None:
    assert GEOGRAPHY.municipality("9999999") is None
    assert successor("9999999", REFORM) is None
    assert region("9999999", RegionScheme.PLANNING, REFORM) is None


def test_the_same_place_changes_its_region_by_scheme_and_by_date() -> None:
    jekabpils, madona = "0031000", "0038000"
    assert region("0700200", RegionScheme.NUTS3_2021, LAST_OLD_DAY) == "LV008"
    assert region(madona, RegionScheme.PLANNING, REFORM) == "PR-VIDZEME"
    assert region(jekabpils, RegionScheme.NUTS3_2024, date(2024, 1, 1)) == "LV009"


@pytest.mark.parametrize(
    ("scheme", "day"),
    [(RegionScheme.NUTS3_2021, date(2024, 1, 1)), (RegionScheme.NUTS3_2024, date(2023, 12, 31))],
)
def test_a_scheme_outside_its_dates_assigns_no_region(scheme: RegionScheme, day: date) -> None:
    assert all(GEOGRAPHY.region_of(each.code, scheme, day) is None for each in GEOGRAPHY.valid_on(day))


def test_a_municipality_that_has_ended_is_in_no_region() -> None:
    assert region("0701800", RegionScheme.PLANNING, LAST_OLD_DAY) is not None
    assert region("0701800", RegionScheme.PLANNING, REFORM) is None


@given(programme_days)
def test_planning_regions_reach_every_municipality_on_every_day(day: date) -> None:
    for each in GEOGRAPHY.valid_on(day):
        assert GEOGRAPHY.region_of(each.code, RegionScheme.PLANNING, day) is not None


@given(municipalities, programme_days)
def test_every_municipality_leads_to_one_that_lives_on_that_day(municipality: Municipality, day: date) -> None:
    found = GEOGRAPHY.successor_on(municipality.code, day)
    if day < municipality.period.start:
        assert found is None
    else:
        assert found is not None
        assert day in found.period


def test_there_is_one_region_at_a_time_and_it_exists_then() -> None:
    for each in GEOGRAPHY.memberships:
        known = GEOGRAPHY.region(each.scheme, each.code)
        assert known is not None
        assert each.period.within(known.period)
        same = [
            other
            for other in GEOGRAPHY.memberships
            if (other.municipality, other.scheme) == (each.municipality, each.scheme)
        ]
        assert [other for other in same if other.period.overlaps(each.period)] == [each]


def test_every_end_has_a_main_successor_from_the_next_day() -> None:
    for municipality in GEOGRAPHY.municipalities:
        ends = [each for each in GEOGRAPHY.successions if each.predecessor == municipality.code]
        assert sum(each.is_main_successor for each in ends) == (municipality.period.end is not None)
        for each in ends:
            assert municipality.period.end == each.effective_on - timedelta(days=1)
            heir = GEOGRAPHY.municipality(each.successor)
            assert heir is not None
            assert each.effective_on in heir.period
