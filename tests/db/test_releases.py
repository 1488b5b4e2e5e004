"""Releases in the database: what they are made of, who may read and write them, and that their ledger cannot be wrong."""

import time
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.api import releasing
from app.api.register import Register
from app.db import releases, session
from app.db.embedded import EmbeddedServer
from app.db.reference import packaged
from app.db.scopes import RELEASER
from app.db.session import Database
from app.domain.actors import Actor, Role
from app.domain.calendar import Semester
from app.domain.deeds import Action, Deed
from app.domain.releases.contributions import Contribution, Sums
from app.domain.releases.release import Release
from app.domain.releases.sealing import Sealed
from app.domain.releases.tally import Tally
from app.settings import Settings
from tests.api.delivered import active_plan, consultation, recorded
from tests.api.plan_chain import moved, record_risk
from tests.api.releases import supported
from tests.factories import World, a_person, enrol, register_student

ADDED = (
    "INSERT INTO release (id, number, semester, sealed_on, rho, spent_before, spent, epsilon, delta, definition)"
    " VALUES (gen_random_uuid(), $1, '2020-1', '2021-02-01', $2, $3, $4, 3, 0.000001, '{}')"
)
PAST_THE_REGISTER = "SELECT statistics_rebuild()"
"""After what the owner writes, statistics are made anew: they are held against the records when the module ends."""
OF_STUDENTS = ("plan", "risk", "intervention", "outcome", "enrolment", "student", "statistics_plan", "statistics_cell")


@pytest.fixture
async def releaser(server: EmbeddedServer, database_name: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server.dsn("register_app", database_name))
    await connection.execute("SET ROLE register_releaser")
    yield connection
    await connection.close()


async def contributions(register: Register, semester: str = "2021-1") -> dict[str, Contribution]:
    found: list[Contribution] = []
    async with register.database.transaction(RELEASER, snapshot=True) as connection:
        codes = packaged().code_lists
        async for part in releases.contributions.of_semester(connection, Semester.parse(semester), codes):
            found += part
    assert [each.student_id for each in found] == sorted({each.student_id for each in found})
    return {str(each.student_id): each for each in found}


@pytest.fixture
def register(app: FastAPI) -> Register:
    return app.state.register  # type: ignore[no-any-return]


async def test_a_student_gives_one_contribution(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, register: Register
) -> None:
    plan = await supported(http, world, owner)
    assert (await contributions(register))[plan["student_id"]] == Contribution(
        student_id=UUID(plan["student_id"]),
        municipality="0038000",
        institution_kind="GENERAL",
        grade=7,
        continued=False,
        school_year_result="LEFT_EARLY",
        minority_programme=False,
        special_need=None,
        returned_emigrant=False,
        risks={"LEARNING_DIFFICULTY": "REDUCED"},
        delivered={
            ("LEARNING", "SUBJECT_CONSULTATION"): Sums(centihours=150, consultations=1),
            ("LEARNING", "MEALS"): Sums(cents=2250),
        },
    )
    assert await contributions(register, "2020-2") == {}


async def test_what_is_open_still_has_no_result(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, register: Register
) -> None:
    plan = await active_plan(http, world, owner)
    found = (await contributions(register))[plan["student_id"]]
    assert (found.risks, found.delivered) == ({"LEARNING_DIFFICULTY": None}, {})


async def test_of_two_plans_the_first_one_counts(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, register: Register
) -> None:
    person = a_person()
    student = await register_student(http, world, world.other_school, person)
    assert await register_student(http, world, world.school, person) == student
    for school, day in ((world.other_school, "2021-10-18"), (world.school, "2021-09-06")):
        enrolment = await enrol(
            http, world, student, school, **{"from": day, "grade": 5 if school == world.school else 6}
        )
        risk = await record_risk(http, world, student, school)
        body = {"enrolment_id": enrolment["id"], "semester": "2021-1", "from": day, "risk_ids": [risk["id"]]}
        made = await http.post("/v1/plans", json=body, headers=world.coordinator(school))
        assert made.status_code == httpx.codes.CREATED, made.text
        await owner.execute(
            "UPDATE plan SET state = 'COMPLETED', activated_on = valid_from, ended_on = valid_from WHERE id = $1::text::uuid",
            made.json()["id"],
        )
    await owner.execute(PAST_THE_REGISTER)
    assert (await contributions(register))[student].grade == 5


async def test_what_never_came_into_force_is_not_counted(
    http: httpx.AsyncClient, world: World, owner: asyncpg.Connection, register: Register
) -> None:
    plan = await active_plan(http, world, owner)
    await recorded(http, "/v1/interventions", consultation(plan), world.coordinator(world.school))
    await moved(http, plan, "completion", world.coordinator(world.school))
    before = len(await contributions(register))
    await owner.execute(
        "UPDATE plan SET state = 'DISCONTINUED', activated_on = NULL WHERE id = $1::text::uuid", plan["id"]
    )
    await owner.execute(PAST_THE_REGISTER)
    assert len(await contributions(register)) == before - 1


async def test_noise_may_be_drawn_for_longer_than_others_may_say_nothing(
    owner: asyncpg.Connection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = releasing._drawn  # noqa: SLF001 - to be slower than it is

    def slowly(tally: Tally) -> Sealed:
        time.sleep(1)
        return draw(tally)

    monkeypatch.setattr(releasing, "_drawn", slowly)
    monkeypatch.setitem(session.LIMITS, "idle_in_transaction_session_timeout", "300ms")
    await owner.execute("INSERT INTO semester_closing (semester, closed_on) VALUES ('2019-1', '2020-02-01')")
    database = Database(settings.database_url.get_secret_value(), pool_size=1)
    order = releasing.Order(semester=Semester.parse("2019-1"), today=date(2021, 2, 1), ceiling=Decimal(1))
    try:
        made = await releasing.build(database, packaged(), order, _deed)
        assert made.number == 1
    finally:
        await database.close()
        await owner.execute("DELETE FROM release_cell; DELETE FROM release; DELETE FROM semester_closing")


def _deed(made: Release) -> Deed:
    actor = Actor(subject="authority", role=Role.PROGRAMME_AUTHORITY)
    return Deed(actor=actor, action=Action.SEAL, noun="release", correlation_id="a-request", record_id=str(made.id))


async def test_the_ledger_leaves_no_release_out(owner: asyncpg.Connection) -> None:
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute(ADDED, 1, "0.2", "0", "0.2")
        await owner.execute(ADDED, 2, "0.1", "0.2", "0.3")
        for wrong, error in {
            (3, "0.1", "0", "0.1"): asyncpg.ForeignKeyViolationError,  # as if nothing had been spent
            (3, "0.1", "0.2", "0.3"): asyncpg.ForeignKeyViolationError,  # as if the last one had cost nothing
            (4, "0.1", "0.3", "0.4"): asyncpg.ForeignKeyViolationError,  # one is missing
            (2, "0.1", "0.2", "0.3"): asyncpg.UniqueViolationError,
            (3, "0.1", "0.3", "0.3"): asyncpg.CheckViolationError,
            (3, "-0.1", "0.3", "0.2"): asyncpg.CheckViolationError,
            (0, "0.1", "0", "0.1"): asyncpg.CheckViolationError,
            (1, "0.1", "0.2", "0.3"): asyncpg.CheckViolationError,
        }.items():
            with pytest.raises(error):
                async with owner.transaction():
                    await owner.execute(ADDED, *wrong)
        await owner.execute(ADDED, 3, "0.1", "0.3", "0.4")
    finally:
        await transaction.rollback()


async def test_nobody_changes_what_was_sealed(releaser: asyncpg.Connection) -> None:
    for statement in (
        "UPDATE release SET rho = 0.1",
        "UPDATE release SET spent = 0.1",
        "DELETE FROM release",
        "UPDATE release_cell SET value = 0",
        "DELETE FROM release_cell",
        "SELECT * FROM release_cell",
        "SELECT staff_member FROM intervention",
        "SELECT evaluation FROM outcome",
        "SELECT * FROM person.person",
        "UPDATE plan SET state = 'DRAFT'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await releaser.execute(statement)


async def test_an_analyst_reads_releases_that_stand_and_writes_none(
    releaser: asyncpg.Connection, owner: asyncpg.Connection
) -> None:
    await owner.execute(ADDED, 1, "0.2", "0", "0.2")
    await owner.execute(
        "INSERT INTO release_cell (release_id, figure, level, attributes, position, codes, value, standard_error, small)"
        " SELECT id, 'STUDENTS', 'STATE', '', 0, '{}', 7, 20, false FROM release"
    )
    await releaser.execute("RESET ROLE; SET ROLE register_analyst")
    assert await releaser.fetchval("SELECT count(*) FROM release_cell") == 1
    for statement in (
        "UPDATE release_cell SET value = 0",
        "UPDATE release SET withdrawn_on = NULL",
        "DELETE FROM release",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await releaser.execute(statement)
    for table in OF_STUDENTS:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedTableError)):
            await releaser.fetch(f"SELECT FROM {table}")
    await owner.execute("UPDATE release SET withdrawn_on = '2021-03-01', withdrawal_reason = 'x'")
    assert await releaser.fetchval("SELECT count(*) FROM release_cell") == 0
    assert await releaser.fetchval("SELECT count(*) FROM release") == 1
    await owner.execute("DELETE FROM release_cell; DELETE FROM release")
