"""Two institutions with a row in every table about students, and the runtime login before it takes a role."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import httpx
import pytest

from app.db.embedded import EmbeddedServer
from tests.factories import World
from tests.matrix.sides import Side, make_side

SEALED = """
SELECT c.oid::regclass::text FROM pg_class AS c
WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1
"""
VIEWS = """
SELECT c.oid::regclass::text FROM pg_class AS c
WHERE c.relkind = 'v' AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """`tables`: every sealed table; `views`: every view of ours."""

    mine: Side
    foreign: Side
    tables: tuple[str, ...]
    views: tuple[str, ...]


@pytest.fixture
async def login(server: EmbeddedServer, database_name: str) -> AsyncIterator[asyncpg.Connection]:
    """The runtime login, before it takes a role."""
    connection = await asyncpg.connect(server.dsn("register_app", database_name))
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def planted(http: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> AsyncIterator[Planted]:
    """Where a table has no row, no test could see that it is open: a new one is filled here or in `tests/matrix/sides.py`."""
    mine = await make_side(http, world, owner, "Madona", world.school, world.madona)
    foreign = await make_side(http, world, owner, "Riga", world.other_school, world.riga)
    await owner.execute(
        "INSERT INTO person.stated_code SELECT institution_id, 'stated', student_id FROM person.person ON CONFLICT DO NOTHING;"
        "INSERT INTO student_alias SELECT gen_random_uuid(), student_id FROM student;"
        "INSERT INTO audit_log (subject, role, action, noun, student_ids, institution_ids, position, hash)"
        " SELECT subject, role, action, noun, student_ids, institution_ids, -row_number() OVER (), 'x' FROM audit_inbox;"
        "INSERT INTO change_log (position, institution_id, owner_id, noun, op, record_ids, student_ids)"
        " SELECT -row_number() OVER (), institution_id, owner_id, noun, op, record_ids, student_ids FROM change_inbox;"
        "INSERT INTO erasure_tombstone (student_id, what, erased_on, reason) VALUES (gen_random_uuid(), 'PERSON', '2021-11-15', 'request');"
        "INSERT INTO client (id, name) VALUES (gen_random_uuid(), 'A system');"
        "INSERT INTO client_credential (id, client_id, secret_hash, valid_from)"
        " SELECT gen_random_uuid(), id, sha256('secret'), now() FROM client;"
        "INSERT INTO client_grant (id, client_id, institution_id, valid_from)"
        " SELECT gen_random_uuid(), client.id, institution.id, '2021-09-01' FROM client, institution;"
        "INSERT INTO client_assertion SELECT id, 'one', now() + interval '1 minute' FROM client;"
        "INSERT INTO source_key SELECT gen_random_uuid(), 'risk', id::text, id, institution_id FROM risk;"
        "INSERT INTO sync_batch SELECT gen_random_uuid(), gen_random_uuid(), 'key', 'hash', 'commit', 'item', 'APPLIED', 1, '{}', 1,"
        " NULL, now(), now() FROM institution;"
        "INSERT INTO sync_rejection SELECT id, 1, source, 'upsert', 'risk', 'R-1', '[]' FROM sync_batch;"
        "INSERT INTO release_cell (release_id, figure, level, attributes, position, codes, value, standard_error, small)"
        " SELECT id, 'STUDENTS', 'STATE', '', 0, '{}', 7.5, 20, false FROM release;"
        "INSERT INTO statistics_pending SELECT 0, plan_id, risk_id, institution_id, 1, 1, 0, 1, NULL, 1, 0, 1, 100, 0 FROM plan_risk;"
        "INSERT INTO statistics_several"
        " SELECT category, false, term, code, institution_id, place_id, gen_random_uuid(), 1 FROM statistics_cell"
    )
    tables = tuple(row[0] for row in await owner.fetch(SEALED))
    empty = [each for each in tables if not await owner.fetchval(f"SELECT EXISTS (SELECT FROM {each})")]  # noqa: S608
    assert empty == [], "fill these in tests/db/conftest.py, else the tests of who sees them prove nothing"
    views = tuple(row[0] for row in await owner.fetch(VIEWS))
    yield Planted(mine=mine, foreign=foreign, tables=tables, views=views)
    # Neither student has a second plan: this is the one thing planted here that the figures would be found to contradict.
    await owner.execute("SELECT statistics_rebuild()")
