from collections.abc import Callable
from datetime import date

import pytest

from app.db import code_lists, municipalities, programmes, regions, semesters
from app.db.reference import reference_version
from app.db.reference.files import content_hash
from app.domain.calendar import SchoolYear
from app.domain.errors import NotFound
from app.domain.municipalities import MunicipalityKind
from app.domain.regions import RegionScheme

LAST_OLD_DAY = date(2021, 6, 30)


def test_municipalities_are_those_of_the_day_and_without_a_day_all() -> None:
    assert len(municipalities.find(on=LAST_OLD_DAY)) == 119
    assert len(municipalities.find()) == 162
    assert len(municipalities.find(on=LAST_OLD_DAY, kind=MunicipalityKind.STATE_CITY)) == 9


def test_a_municipality_tells_its_regions_and_what_became_of_it() -> None:
    assert municipalities.get("0604300").name_lv == "Aglonas novads"
    assert {scheme: region.code for scheme, region in municipalities.regions("0604300", LAST_OLD_DAY).items()} == {
        RegionScheme.PLANNING: "PR-LATGALE",
        RegionScheme.NUTS3_2021: "LV005",
    }
    assert {each.successor for each in municipalities.successions("0604300")} == {"0032000", "0042000"}


def test_regions_are_found_by_scheme_and_day() -> None:
    assert len(regions.find()) == 16
    assert len(regions.find(scheme=RegionScheme.NUTS3_2021, on=LAST_OLD_DAY)) == 6
    assert regions.find(scheme=RegionScheme.NUTS3_2024, on=LAST_OLD_DAY) == ()
    assert regions.get(RegionScheme.NUTS3_2024, "LV00A").name_en == "Riga"


def test_a_day_lies_in_one_semester() -> None:
    assert [str(semester) for semester in semesters.find(on=LAST_OLD_DAY)] == ["2020-2"]
    assert len(semesters.find(school_year=SchoolYear(2020))) == 2
    assert semesters.find(on=date(2015, 1, 1)) == ()
    assert len(semesters.calendar(SchoolYear(2020))) == 6


def test_a_code_list_shows_the_codes_of_the_day() -> None:
    assert [code.code for code in code_lists.get("region-schemes", on=date(2024, 1, 1))] == ["PLANNING", "NUTS3_2024"]
    assert len(code_lists.get("region-schemes")) == 3
    assert "risks" in {each.name for each in code_lists.find()}


def test_programmes_are_those_of_the_day() -> None:
    assert [programme.code for programme in programmes.find(on=date(2023, 12, 31))] == ["PUMPURS"]
    assert programmes.find(on=date(2024, 1, 1)) == ()
    assert programmes.get("PUMPURS").period.start == date(2017, 3, 15)


@pytest.mark.parametrize(
    ("noun", "ask"),
    [
        ("region", lambda: regions.get(RegionScheme.NUTS3_2024, "LV007")),
        ("municipality", lambda: municipalities.get("0000000")),
        ("semester", lambda: semesters.get("2050-1")),
        ("semester", lambda: semesters.get("next")),
        ("code list", lambda: code_lists.get("horoscopes")),
        ("programme", lambda: programmes.get("PUMPURS-2")),
    ],
)
def test_what_is_absent_is_not_found(noun: str, ask: Callable[[], object]) -> None:
    with pytest.raises(NotFound) as refused:
        ask()
    assert refused.value.noun == noun


def test_the_version_is_of_the_content() -> None:
    assert reference_version() == content_hash()
    assert len(reference_version()) == 16
