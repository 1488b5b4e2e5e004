"""What is reached is worked out once, and anew as soon as a fact that it rests on is another."""

from datetime import date

import asyncpg
import pytest

from app.db import known_reach, reach
from app.db.known_reach import Derived, KnownReach
from app.db.reference import packaged
from app.db.session import Database
from app.domain.actors import Actor, Role
from app.domain.ids import PartnerId
from tests.factories import make_institution, make_participation, make_partner

TODAY = date(2021, 11, 15)
MADONA = "0038000"


@pytest.fixture(autouse=True)
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[PartnerId | str | None]:
    """For whom it has been, from now on."""
    monkeypatch.setattr(reach, "_KNOWN", KnownReach())
    whose: list[PartnerId | str | None] = []
    for name in ("_under_agreement", "_in_region"):
        original = getattr(reach, name)

        async def spy(connection: object, who: PartnerId | str | None, *others: object, original=original) -> object:  # type: ignore[no-untyped-def]  # noqa: ANN001
            whose.append(who)
            return await original(connection, who, *others)

        monkeypatch.setattr(reach, name, spy)
    return whose


async def reached(database: Database, *, partner: int | None = None, region: str | None = None) -> tuple[int, ...]:
    role = Role.REGIONAL_COORDINATOR if partner is None else Role.MUNICIPALITY_COORDINATOR
    actor = Actor(
        subject="c", role=role, partner_id=None if partner is None else PartnerId(partner), region_code=region
    )
    scope = await reach.for_statistics(database, actor, geography=packaged().geography, today=TODAY)
    return scope.institution_ids


async def test_each_fact_is_asked_after_each_time(
    database: Database, owner: asyncpg.Connection, worked_out: list[PartnerId | str | None]
) -> None:
    school = await make_institution(owner, "Skola", places=("0700200", MADONA))
    madona, riga = [await make_partner(owner, municipality=code) for code in (MADONA, "0001000")]
    assert await reached(database, partner=madona) == ()
    await make_participation(owner, school, madona)
    for _ in range(3):
        assert await reached(database, partner=madona) == (school,)
        assert await reached(database, region="PR-VIDZEME") == (school,)
        assert await reached(database, partner=riga) == ()
    assert worked_out == [madona, madona, "PR-VIDZEME", riga]
    await owner.execute("UPDATE participation SET partner_id = $1", riga)
    assert await reached(database, partner=riga) == (school,)
    assert await reached(database, partner=madona) == ()
    await owner.execute("UPDATE institution_location SET municipality = '0001000' WHERE municipality = $1", MADONA)
    assert await reached(database, region="PR-VIDZEME") == ()
    # What has been before is known still, and is right once more.
    await owner.execute("UPDATE institution_location SET municipality = $1 WHERE municipality = '0001000'", MADONA)
    worked_out.clear()
    assert await reached(database, partner=riga) == (school,)
    assert worked_out == []


async def test_what_changes_while_it_is_worked_out_is_not_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch, worked_out: list[PartnerId | str | None]
) -> None:
    told = iter(["before", "after", "after", "after"])

    async def facts(_connection: object) -> str:
        return next(told)

    monkeypatch.setattr(known_reach, "facts", facts)
    await reached(database, region="PR-LATGALE")
    await reached(database, region="PR-LATGALE")
    assert worked_out == ["PR-LATGALE"] * 2


def test_few_are_known_and_each_within_its_borders() -> None:
    known, borders = KnownReach(remembered=2), packaged().geography
    everything = [Derived("facts", number, None, TODAY) for number in range(3)]
    for each in everything:
        known.keep(each, borders, (each.partner_id or 0,))
    assert [known.find(each, borders) for each in everything] == [None, (1,), (2,)]
    others = type(borders)(regions=(), municipalities=(), memberships=(), successions=())
    assert known.find(everything[2], others) is None


def test_who_asked_least_recently_is_forgotten_first() -> None:
    known, borders = KnownReach(remembered=2), packaged().geography
    often, once, new = [Derived("facts", number, None, TODAY) for number in range(3)]
    known.keep(often, borders, (1,))
    known.keep(once, borders, (2,))
    assert known.find(often, borders) == (1,)
    known.keep(new, borders, (3,))
    assert [known.find(each, borders) for each in (often, once, new)] == [(1,), None, (3,)]
