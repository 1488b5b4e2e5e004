"""Who may sign a cooperation agreement, and what an agreement demands of the institution's life."""

from dataclasses import replace
from datetime import date

import pytest

from app.db.reference import packaged
from app.domain.errors import Invalid, Refused
from app.domain.ids import InstitutionId, PartnerId
from app.domain.participations import Partner, check_life, check_partner, check_signatory
from app.domain.periods import Period
from app.domain.regions import UNASSIGNED, RegionScheme
from tests.domain.examples import found, institution, participation

SCHOOL, OTHER = InstitutionId(1), InstitutionId(2)


def a_partner(municipality: str | None = None, institution_id: InstitutionId | None = None) -> Partner:
    return Partner(id=PartnerId(1), municipality=municipality, institution_id=institution_id)


@pytest.mark.parametrize("partner", [a_partner("0038000"), a_partner("0700200"), a_partner(institution_id=SCHOOL)])
def test_a_municipality_of_any_time_or_an_institution_signs(partner: Partner) -> None:
    assert check_partner(partner, geography=packaged().geography) == partner


@pytest.mark.parametrize(
    ("partner", "broken"),
    [
        (a_partner(), ("", "one-signatory")),
        (a_partner("0038000", SCHOOL), ("", "one-signatory")),
        (a_partner("9999999"), ("/municipality", "unknown-code")),
    ],
)
def test_exactly_one_signs_and_it_exists(partner: Partner, broken: tuple[str, str]) -> None:
    with pytest.raises(Invalid) as invalid:
        check_partner(partner, geography=packaged().geography)
    assert found(invalid.value) == {broken}


def test_an_institution_signs_for_itself_alone() -> None:
    check_signatory(a_partner(institution_id=SCHOOL), SCHOOL)
    check_signatory(a_partner("0038000"), SCHOOL)
    with pytest.raises(Invalid) as invalid:
        check_signatory(a_partner(institution_id=OTHER), SCHOOL)
    assert found(invalid.value) == {("/partner_id", "another-institution")}


def test_an_institution_closes_after_its_participations_have_ended() -> None:
    ended = replace(participation(), period=Period(date(2018, 9, 1), date(2021, 5, 31)))
    check_life(replace(institution(), closed_on=date(2021, 5, 31)), [ended])
    for closed_on, each in (
        (date(2021, 5, 30), ended),
        (date(2021, 5, 31), replace(ended, period=Period(date(2018, 9, 1)))),
    ):
        with pytest.raises(Refused) as refused:
            check_life(replace(institution(), closed_on=closed_on), [each])
        assert refused.value.code == "participation-outside-life"


def test_municipalities_of_a_region_follow_the_day_and_the_scheme() -> None:
    geography = packaged().geography
    before = geography.municipalities_of(RegionScheme.PLANNING, "PR-VIDZEME", date(2021, 6, 30))
    after = geography.municipalities_of(RegionScheme.PLANNING, "PR-VIDZEME", date(2021, 7, 1))
    assert "0700200" in before
    assert "0038000" in after
    assert not before & after
    nowhere = geography.municipalities_of(RegionScheme.NUTS3_2024, UNASSIGNED, date(2021, 7, 1))
    assert len(nowhere) == len(geography.valid_on(date(2021, 7, 1)))
