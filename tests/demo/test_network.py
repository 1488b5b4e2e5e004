"""The network holds the published numbers of institutions, by name where names are known."""

from collections import Counter
from datetime import date, timedelta

import pytest

from app.db.reference import packaged
from app.demo import figures
from app.demo.named_institutions import NAMED
from app.demo.network import Network, network
from app.domain.calendar import Semester
from app.domain.code_lists import InstitutionKind


def participating(country: Network, day: date) -> set[int]:
    return {school.id for school in country.schools.values() if school.participates(day)}


def test_the_same_seed_makes_the_same_network_and_another_seed_another(country: Network) -> None:
    assert network(2017, packaged()) == country
    assert network(2018, packaged()).quota != country.quota


def test_there_are_640_institutions_in_119_municipalities_then_in_43(country: Network) -> None:
    before = {each.municipality_on(date(2021, 6, 30)) for each in country.institutions.values()} - {None}
    after = {each.municipality_on(date(2021, 7, 1)) for each in country.institutions.values()} - {None}
    assert len(country.institutions) == 640
    assert (len(before), len(after)) == (119, 43)
    assert sum(each.kind is InstitutionKind.VOCATIONAL for each in country.institutions.values()) == 26


@pytest.mark.parametrize(
    ("old", "parts"), [("Aglonas novads", 2), ("Inčukalna novads", 2)], ids=["Aglona", "Inčukalns"]
)
def test_institutions_lie_on_both_sides_of_each_split(country: Network, old: str, parts: int) -> None:
    code = next(each.code for each in packaged().geography.valid_on(date(2021, 6, 30)) if each.name_lv == old)
    there = [each for each in country.institutions.values() if each.municipality_on(date(2021, 6, 30)) == code]
    assert len({each.municipality_on(date(2021, 7, 1)) for each in there} - {None}) == parts


def test_participation_grew_as_published(country: Network) -> None:
    autumn_2017 = {key for day in range(122) for key in participating(country, date(2017, 9, 1) + timedelta(days=day))}
    first = {school.id: min(period.start for period in school.periods) for school in country.schools.values()}
    assert len(autumn_2017) == 163
    assert len(participating(country, date(2019, 7, 1))) == len(participating(country, date(2019, 7, 31))) == 438
    assert sum(date(2019, 9, 1) <= day <= date(2019, 11, 30) for day in first.values()) == 90
    assert len(participating(country, date(2019, 12, 31))) == 528


def test_madona_is_carried_over_as_published(country: Network) -> None:
    named = {school.institution.name: school for school in country.schools.values() if school.id <= len(NAMED)}
    assert {name: school.periods for name, school in named.items()} == {
        each.name: (each.participation,) for each in NAMED
    }
    assert {
        name: tuple(entry.number for entry in school.institution.registration_numbers) for name, school in named.items()
    } == {each.name: (each.number,) if each.number else () for each in NAMED}


@pytest.mark.parametrize(
    ("day", "many", "in_place_of"),
    [(date(2021, 1, 15), 12, set()), (date(2021, 9, 1), 15, {"Ērgļu vidusskola"})],
)
def test_madona_has_12_participating_before_and_15_after_the_reform(
    country: Network, day: date, many: int, in_place_of: set[str]
) -> None:
    madona = country.schools[next(iter(country.schools))].institution.municipality_on(day)
    there = {
        school.institution.name
        for school in country.schools.values()
        if school.participates(day) and school.institution.municipality_on(day) == madona
    }
    assert len(there) == many
    assert in_place_of <= there
    assert "Meirānu Kalpaka pamatskola" not in there


def test_plans_per_school_year_are_the_published_ones(country: Network) -> None:
    plans: Counter[str] = Counter()
    for (_, semester), many in country.quota.items():
        plans[str(semester.school_year)] += many
    del plans["2021/22"]
    assert plans == {"2017/18": 6_834, "2018/19": 15_129, "2019/20": 21_732, "2020/21": 19_757}


def test_semesters_fit_what_was_said_of_them() -> None:
    plans = {str(semester): many for semester, many in figures.PLANS.items()}
    assert plans["2017-1"] + plans["2017-2"] + plans["2018-1"] + plans["2018-2"] + plans["2019-1"] > 30_000
    assert plans["2019-2"] > 11_000


def test_no_plans_where_an_institution_does_not_take_part(country: Network) -> None:
    for key, semester in country.quota:
        assert country.schools[key].part_of(semester) is not None
    vakara = next(key for key, school in country.schools.items() if "Vakara" in school.institution.name)
    assert (vakara, Semester.parse("2018-1")) not in country.quota


def test_ergli_begins_after_the_reform(country: Network) -> None:
    ergli = next(key for key, school in country.schools.items() if school.institution.name == "Ērgļu vidusskola")
    assert {str(semester) for key, semester in country.quota if key == ergli} == {"2021-1"}
