"""Who reads and writes clients: the gate, which asks who is calling, and the operator. Nobody else, and neither of them more."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from app.db.embedded import EmbeddedServer
from app.db.scopes import DatabaseRole

TABLES = ("client", "client_credential", "client_grant", "client_assertion")
READERS = {
    DatabaseRole.GATE: set(TABLES),
    DatabaseRole.OPERATOR: {"client", "client_credential", "client_grant"},
}
CLIENT = uuid4()


@pytest.fixture
async def login(server: EmbeddedServer, database_name: str) -> AsyncIterator[asyncpg.Connection]:
    """The runtime login, before it takes a role."""
    connection = await asyncpg.connect(server.dsn("register_app", database_name))
    yield connection
    await connection.close()


async def readable(connection: asyncpg.Connection) -> set[str]:
    found = set()
    for table in TABLES:
        try:
            await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608 - from the list above
        except asyncpg.InsufficientPrivilegeError:
            continue
        found.add(table)
    return found


@pytest.mark.parametrize("role", [None, *DatabaseRole])
async def test_nobody_reads_clients_but_the_gate_and_the_operator(
    login: asyncpg.Connection, role: DatabaseRole | None
) -> None:
    if role is not None:
        await login.execute(f"SET ROLE {role}")
    assert await readable(login) == (READERS.get(role, set()) if role else set())


async def test_the_gate_changes_nothing_of_clients(login: asyncpg.Connection) -> None:
    await login.execute("SET ROLE register_gate")
    for statement in (
        "INSERT INTO client (id, name) VALUES (gen_random_uuid(), 'x')",
        "UPDATE client SET revoked_at = NULL",
        "UPDATE client_credential SET valid_to = NULL",
        "DELETE FROM client_grant",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.execute(statement)


async def test_the_operator_changes_no_proof_and_forgets_no_client(login: asyncpg.Connection) -> None:
    await login.execute("SET ROLE register_operator")
    for statement in (
        "UPDATE client_credential SET secret_hash = NULL",
        "UPDATE client_credential SET client_id = gen_random_uuid()",
        "UPDATE client SET name = 'x'",
        "DELETE FROM client",
        "DELETE FROM client_credential",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.execute(statement)


async def test_an_assertion_that_could_be_used_again_is_not_forgotten(
    login: asyncpg.Connection, owner: asyncpg.Connection
) -> None:
    await login.execute("SET ROLE register_gate")
    add = "INSERT INTO client_assertion VALUES ($1, $2, now() + $3::text::interval)"
    await login.execute(add, CLIENT, "expired", "-1 second")
    await login.execute(add, CLIENT, "good", "1 minute")
    assert await login.execute("DELETE FROM client_assertion") == "DELETE 1"
    assert [row["jti"] for row in await owner.fetch("SELECT jti FROM client_assertion")] == ["good"]
    assert await login.execute("UPDATE client_assertion SET expires_at = now() - interval '1 day'") == "UPDATE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await login.execute("UPDATE client_assertion SET jti = 'other'")


PROVED = (
    "INSERT INTO client_credential (id, client_id, valid_from, secret_hash, kid, algorithm, public_key)"
    " VALUES (gen_random_uuid(), $1, now(), {})"
)


@pytest.mark.parametrize(
    ("proof", "broken"),
    [
        ("NULL, NULL, NULL, NULL", "ck_client_credential_secret_or_key"),
        ("'\\x00', NULL, NULL, NULL", "ck_client_credential_secret_hash"),
        ("NULL, NULL, 'ES256', '\\x00'", "ck_client_credential_key"),
        ("NULL, 'kid', 'HS256', '\\x00'", "ck_client_credential_algorithm"),
    ],
)
async def test_a_credential_is_a_secret_or_a_key(owner: asyncpg.Connection, proof: str, broken: str) -> None:
    await owner.execute("INSERT INTO client (id, name) VALUES ($1, 'A system') ON CONFLICT DO NOTHING", CLIENT)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute(PROVED.format(proof), CLIENT)
    assert refused.value.constraint_name == broken
