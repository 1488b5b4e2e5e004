"""Whose institutions an actor reaches: today's partner and today's borders decide."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta

import asyncpg
import pytest

from app.db import reach
from app.db.reference import packaged
from app.db.scopes import DatabaseRole, Scope
from app.db.session import Database
from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId, PartnerId
from app.settings import Settings
from tests.factories import BORDERS_MOVE, make_institution, make_participation, make_partner

BEFORE, AFTER = date(2021, 6, 30), date(2021, 7, 1)


@dataclass(frozen=True, kw_only=True)
class Country:
    database: Database
    institutions: dict[str, InstitutionId]
    partners: dict[str, PartnerId]

    async def coordinator(self, partner: str, today: date) -> set[str]:
        """Names of the institutions that the partner's coordinator reaches on that day."""
        actor = Actor(subject="c", role=Role.MUNICIPALITY_COORDINATOR, partner_id=self.partners[partner])
        return self.names(await self.records(actor, today))

    async def region(self, code: str, today: date) -> set[str]:
        return self.names(await self.records(a_regional_coordinator(code), today))

    async def records(self, actor: Actor, today: date) -> Scope:
        return await reach.for_records(self.database, actor, geography=packaged().geography, today=today)

    async def statistics(self, actor: Actor, today: date) -> Scope:
        return await reach.for_statistics(self.database, actor, geography=packaged().geography, today=today)

    def names(self, scope: Scope) -> set[str]:
        return {name for name, institution_id in self.institutions.items() if institution_id in scope.institution_ids}


def a_regional_coordinator(code: str) -> Actor:
    return Actor(subject="r", role=Role.REGIONAL_COORDINATOR, region_code=code)


PLACES = {
    "Madona": ("0700200", "0038000"),
    "Ērgļi": ("0705500", "0038000"),
    "Aglona": ("0604300", "0042000"),
    "Grāveri": ("0604300", "0032000"),
    "College": ("0250000", "0054000"),
}
PARTNERS = {
    "old Madona": "0700200",
    "new Madona": "0038000",
    "Ērgļi": "0705500",
    "Aglona": "0604300",
    "Preiļi": "0042000",
    "Krāslava": "0032000",
    "Valmiera": "0054000",
}


@pytest.fixture(scope="module")
async def country(owner: asyncpg.Connection, settings: Settings) -> AsyncIterator[Country]:
    institutions = {name: await make_institution(owner, name, places=places) for name, places in PLACES.items()}
    partners = {name: await make_partner(owner, municipality=code) for name, code in PARTNERS.items()}
    partners["College"] = await make_partner(owner, institution_id=institutions["College"])
    for name, partner in (
        ("Madona", "old Madona"),
        ("Ērgļi", "Ērgļi"),
        ("Aglona", "Aglona"),
        ("Grāveri", "Aglona"),
        ("College", "College"),
    ):
        await make_participation(owner, institutions[name], partners[partner])
    database = Database(settings.database_url.get_secret_value(), pool_size=1)
    yield Country(database=database, institutions=institutions, partners=partners)
    await database.close()


async def test_before_the_reform_each_municipality_has_its_own(country: Country) -> None:
    assert await country.coordinator("old Madona", BEFORE) == {"Madona"}
    assert await country.coordinator("Ērgļi", BEFORE) == {"Ērgļi"}
    assert await country.coordinator("new Madona", BEFORE) == set()


async def test_after_the_reform_the_successor_inherits(country: Country) -> None:
    assert await country.coordinator("new Madona", AFTER) == {"Madona", "Ērgļi"}


async def test_a_split_municipality_passes_each_institution_to_the_part_in_which_it_lies(country: Country) -> None:
    assert await country.coordinator("Aglona", BEFORE) == {"Aglona", "Grāveri"}
    assert await country.coordinator("Preiļi", AFTER) == {"Aglona"}
    assert await country.coordinator("Krāslava", AFTER) == {"Grāveri"}


async def test_its_own_partner_is_reached_by_itself_and_not_by_where_it_lies(country: Country) -> None:
    assert await country.coordinator("College", AFTER) == {"College"}
    assert await country.coordinator("Valmiera", AFTER) == set()


async def test_a_region_has_what_lies_in_it(country: Country) -> None:
    for today in (BEFORE, AFTER):
        assert await country.region("PR-LATGALE", today) == {"Aglona", "Grāveri"}
        assert await country.region("PR-VIDZEME", today) == {"Madona", "Ērgļi", "College"}
    assert await country.region("PR-KURZEME", AFTER) == set()


async def test_nothing_is_reached_under_an_agreement_that_begins_tomorrow(
    country: Country, owner: asyncpg.Connection
) -> None:
    first_day = date(2022, 9, 1)
    later = await make_institution(owner, "Later", places=("0700200", "0038000"))
    await make_participation(owner, later, country.partners["new Madona"], start=first_day)
    actor = Actor(subject="c", role=Role.MUNICIPALITY_COORDINATOR, partner_id=country.partners["new Madona"])
    assert later not in (await country.records(actor, first_day - timedelta(days=1))).institution_ids
    assert later in (await country.records(actor, first_day)).institution_ids


async def test_the_latest_agreement_counts_also_after_it_ended(country: Country, owner: asyncpg.Connection) -> None:
    moved = await make_institution(owner, "Moved", places=("0700200", "0038000"))
    first, second = country.partners["Valmiera"], country.partners["Krāslava"]
    await make_participation(owner, moved, first, start=date(2021, 9, 1), end=date(2022, 5, 31))
    await make_participation(owner, moved, second, start=date(2022, 9, 1), end=date(2023, 5, 31))
    for today, partner in ((date(2022, 8, 31), first), (date(2022, 9, 1), second), (date(2023, 12, 1), second)):
        for each in (first, second):
            actor = Actor(subject="c", role=Role.MUNICIPALITY_COORDINATOR, partner_id=each)
            assert (moved in (await country.records(actor, today)).institution_ids) is (each == partner)


async def test_an_unknown_partner_reaches_nothing(country: Country) -> None:
    actor = Actor(subject="c", role=Role.MUNICIPALITY_COORDINATOR, partner_id=PartnerId(99999))
    assert await country.records(actor, AFTER) == Scope(role=DatabaseRole.PARTNER)


@pytest.mark.parametrize(
    ("role", "records", "statistics"),
    [
        (Role.SCHOOL_HEAD, DatabaseRole.SCHOOL, DatabaseRole.STATISTICS),
        (Role.SUPPORT_PROVIDER, DatabaseRole.PROVIDER, DatabaseRole.STATISTICS),
        (Role.SYNC_CLIENT, DatabaseRole.SYNC, DatabaseRole.ANALYST),
        (Role.PROGRAMME_AUTHORITY, DatabaseRole.AUTHORITY, DatabaseRole.AUTHORITY),
        (Role.ANALYST, DatabaseRole.ANALYST, DatabaseRole.ANALYST),
        (Role.ADMINISTRATOR, DatabaseRole.ANALYST, DatabaseRole.ANALYST),
    ],
)
async def test_roles_of_the_other_levels(
    country: Country, role: Role, records: DatabaseRole, statistics: DatabaseRole
) -> None:
    actor = Actor(subject="a", role=role, institution_ids=frozenset({InstitutionId(1)}), staff_member="T-1")
    found = await country.records(actor, AFTER)
    assert found.role == records
    assert (found.staff_member == "T-1") is (role is Role.SUPPORT_PROVIDER)
    assert (await country.statistics(actor, AFTER)).role == statistics


async def test_the_more_institutions_the_wider_the_scope(country: Country, owner: asyncpg.Connection) -> None:
    actor = a_regional_coordinator("PR-KURZEME")

    async def roles_with(count: int) -> tuple[DatabaseRole, DatabaseRole]:
        while len((await country.records(actor, AFTER)).institution_ids) < count:
            await make_institution(
                owner, "Kurzeme", places=("0170000", "0005000"), opened_on=BORDERS_MOVE - timedelta(days=2)
            )
        return (await country.records(actor, AFTER)).role, (await country.statistics(actor, AFTER)).role

    assert await roles_with(reach.WIDE_RECORDS) == (DatabaseRole.PARTNER, DatabaseRole.STATISTICS)
    assert await roles_with(reach.WIDE_RECORDS + 1) == (DatabaseRole.PARTNER_WIDE, DatabaseRole.STATISTICS)
    assert await roles_with(reach.WIDE_STATISTICS) == (DatabaseRole.PARTNER_WIDE, DatabaseRole.STATISTICS)
    assert await roles_with(reach.WIDE_STATISTICS + 1) == (DatabaseRole.PARTNER_WIDE, DatabaseRole.STATISTICS_WIDE)


async def test_who_stands_above_an_institution_is_who_reaches_it(country: Country) -> None:
    for today in (BEFORE, AFTER):
        for institution_id in country.institutions.values():
            async with country.database.connect() as connection:
                above = await reach.organisations_above(
                    connection, institution_id, geography=packaged().geography, today=today
                )
            expected = {f"institution {institution_id}"}
            for partner_id in country.partners.values():
                actor = Actor(subject="c", role=Role.MUNICIPALITY_COORDINATOR, partner_id=partner_id)
                if institution_id in (await country.records(actor, today)).institution_ids:
                    expected.add(f"partner {partner_id}")
            for code in ("PR-LATGALE", "PR-VIDZEME", "PR-RIGA"):
                if institution_id in (await country.records(a_regional_coordinator(code), today)).institution_ids:
                    expected.add(f"region {code}")
            assert set(above) == expected
