"""`risk-register clients`, as an operator types it, on a real database."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typer.testing import CliRunner

from app.cli.main import cli
from app.domain.clients import Algorithm
from app.settings import Settings
from tests.api.clients import a_key, pem
from tests.factories import World

Run = Callable[..., Awaitable[tuple[int, str]]]
BY = ("--by", "operator-1")


@pytest.fixture
def run(settings: Settings) -> Run:
    """The exit code of `risk-register clients` with these words, and what it said."""
    environment = {
        "REGISTER_DATABASE_URL": settings.database_url.get_secret_value(),
        "REGISTER_DEVELOPMENT": "true",
        "REGISTER_TODAY": "2021-11-15",
        "COLUMNS": "80",
    }

    async def run(*words: object) -> tuple[int, str]:
        # In a thread: the command brings a loop of its own.
        said = await asyncio.to_thread(CliRunner().invoke, cli, ["clients", *map(str, words)], env=environment)
        return said.exit_code, said.output

    return run


async def told(run: Run, *words: object, by: str = "operator-1") -> dict[str, str]:
    """What a command tells of a new credential, by name."""
    code, said = await run(*words, "--by", by)
    assert code == 0, said
    return dict(
        line.split(maxsplit=1) for line in said.splitlines() if line.split()[0].isidentifier() and line[0] != "T"
    )


async def test_a_client_from_its_first_day_to_its_last(run: Run, world: World, owner: asyncpg.Connection) -> None:
    made = await told(run, "create", "E-klase [test]", "--institution", world.school, "--institution", world.college)
    assert len(made["client_secret"]) == 43
    stored = await owner.fetchrow("SELECT * FROM client_credential WHERE id = $1", made["credential"])
    assert made["client_secret"] not in str(stored)

    replaced = await told(run, "rotate", made["client_id"], "--overlap", "7d")
    assert replaced["client_secret"] != made["client_secret"]
    assert await run("grant", made["client_id"], "--institution", world.other_school, "--from", "2022-01-01", *BY) == (
        0,
        f"E-klase [test] acts for {world.other_school}.\n",
    )
    assert await run("withdraw", made["client_id"], "--institution", world.college, *BY) == (
        0,
        f"The client acts for institution {world.college} until 2021-11-14, and no longer.\n",
    )
    code, said = await run("list")
    assert code == 0
    for shown in ("E-klase [test]", made["credential"], f"{world.school}  from 2021-11-15", "2022-01-01", "until"):
        assert shown in said
    # Granted today and withdrawn today: it never was.
    assert f"institution  {world.college}" not in said
    assert all(f" {each}  secret" in said for each in (made["credential"], replaced["credential"]))

    assert await run("revoke", made["client_id"], "--credential", made["credential"], *BY) == (
        0,
        f"E-klase [test] goes on without credential {made['credential']}.\n",
    )
    assert await run("revoke", made["client_id"], *BY) == (0, "E-klase [test] is revoked.\n")
    lines = block_of(made["client_id"], (await run("list"))[1])
    assert [line.count("revoked 20") for line in lines] == [1, 0, 1, 1, 0, 0]
    assert lines[3].endswith(" UTC with the client")
    code, said = await run("rotate", made["client_id"], *BY)
    assert (code, "E-klase [test] was revoked on 20" in said) == (1, True)


def block_of(client_id: str, said: str) -> list[str]:
    """The lines of one client in the list."""
    (block,) = [each for each in re.split(r"\n(?! )", said.rstrip()) if client_id in each]
    return block.splitlines()


async def test_an_end_is_shown_and_nothing_is_shortened(run: Run, world: World) -> None:
    made = await told(run, "create", "n" * 200, "--institution", world.school, "--from", "2021-09-01")
    await run("withdraw", made["client_id"], "--institution", world.school, "--last-day", "2021-10-31", *BY)
    await run("grant", made["client_id"], "--institution", world.school, "--from", "2022-01-01", *BY)
    assert block_of(made["client_id"], (await run("list"))[1]) == [
        "n" * 200,
        f"  client       {made['client_id']}",
        f"  credential   {made['credential']}  secret",
        f"  institution  {world.school}  2021-09-01 to 2021-10-31, ended",
        f"  institution  {world.school}  from 2022-01-01, not yet",
    ]
    (known,) = [each for each in json.loads((await run("list", "--json"))[1]) if each["client_id"] == made["client_id"]]
    assert [each["usable"] for each in known["credentials"]] == [True]
    assert known["grants"] == [
        {"institution_id": world.school, "from": "2021-09-01", "to": "2021-10-31", "usable": False},
        {"institution_id": world.school, "from": "2022-01-01", "to": None, "usable": False},
    ]


async def test_institutions_are_named_by_their_registration_numbers_too(
    run: Run, world: World, owner: asyncpg.Connection
) -> None:
    statement = "INSERT INTO institution_registration VALUES ($1, $2, $3, $4)"
    await owner.execute(statement, world.school, "4400900001", date(2010, 9, 1), date(2021, 11, 14))
    await owner.execute(statement, world.school, "4400900002", date(2021, 11, 15), None)
    made = await told(run, "create", "A system", "--registration-number", "4400900002", "--institution", world.school)
    shown = block_of(made["client_id"], (await run("list"))[1])
    assert shown[3:] == [f"  institution  {world.school}  from 2021-11-15"]
    code, said = await run("grant", made["client_id"], "--registration-number", "4400900001", *BY)
    assert (code, said) == (1, "No one institution has the registration number 4400900001 today.\n")


async def test_every_act_is_kept_in_the_operator_s_name(run: Run, world: World, owner: asyncpg.Connection) -> None:
    made = await told(run, "create", "A system", "--institution", world.school, by="jana.k")
    await told(run, "rotate", made["client_id"], by="jana.k")
    await run("withdraw", made["client_id"], "--institution", world.school, "--by", "jana.k")
    await run("revoke", made["client_id"], "--by", "jana.k")
    query = "SELECT role, action, noun, institution_ids FROM audit_event WHERE subject = 'jana.k' ORDER BY id"
    kept = await owner.fetch(query)
    assert {each["role"] for each in kept} == {"ADMINISTRATOR"}
    assert [(each["action"], each["noun"], each["institution_ids"]) for each in kept] == [
        ("CREATE", "client", []),
        ("GRANT", "client grant", [world.school]),
        ("CREATE", "client credential", []),
        ("CHANGE", "client credential", []),
        ("CREATE", "client credential", []),
        ("WITHDRAW", "client grant", [world.school]),
        ("REVOKE", "client", []),
    ]


async def test_what_is_refused_changes_nothing(run: Run, world: World, owner: asyncpg.Connection) -> None:
    before = await owner.fetchval("SELECT count(*) FROM client")
    code, said = await run("create", "A system", "--institution", 999_999, *BY)
    assert (code, said) == (1, "There is no institution with the register's id 999999.\n")
    code, said = await run("create", "A system", "--registration-number", "4400900099", *BY)
    assert (code, said) == (1, "No one institution has the registration number 4400900099 today.\n")
    assert await owner.fetchval("SELECT count(*) FROM client") == before
    code, said = await run("create", " ", *BY)
    assert (code, said) == (1, "/name: A client has a name of 1 to 200 characters.\n")
    made = await told(run, "create", "A system", "--institution", world.school)
    for words, expected in {
        ("grant", made["client_id"], "--institution", world.school): "granted to this client in some of these days",
        ("withdraw", made["client_id"], "--institution", world.college): "Nothing of institution",
        ("rotate", made["client_id"], "--overlap", "31d"): "0 to 30 days",
        ("rotate", made["client_id"], "--overlap", "soon"): "Say it as 30m, 24h, 7d, or 0",
        ("revoke", made["client_id"], "--credential", uuid4()): "no such credential of this client",
        ("revoke", uuid4()): "There is no such client.",
        ("grant", made["client_id"]): "Name what is granted",
        ("grant", made["client_id"], "--institution", world.college, "--to", "2021-11-14"): "cannot end before",
    }.items():
        code, said = await run(*words, *BY)
        assert code in {1, 2}, words
        assert expected in " ".join(said.replace("│", "").split()), said
    assert await owner.fetchval("SELECT count(*) FROM client_credential WHERE client_id = $1", made["client_id"]) == 1


def jwk(key: Any, **more: str) -> str:
    algorithm = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPublicKey) else jwt.algorithms.ECAlgorithm
    return json.dumps({**json.loads(algorithm.to_jwk(key)), **more})


EC, RSA = a_key(Algorithm.ES256), a_key(Algorithm.RS256)


@pytest.mark.parametrize(
    ("text", "kid", "algorithm", "words"),
    [
        (pem(EC), None, "ES256", ()),
        (pem(a_key(Algorithm.EDDSA)), None, "EdDSA", ()),
        (pem(RSA), None, "RS256", ()),
        (pem(RSA), None, "PS256", ("--algorithm", "PS256")),
        (jwk(EC.public_key(), kid="2021-11"), "2021-11", "ES256", ()),
        (jwk(RSA.public_key(), kid="2021-11", alg="PS256"), "2021-11", "PS256", ()),
    ],
)
async def test_a_client_brings_a_public_key(
    run: Run, world: World, tmp_path: Path, text: str, kid: str | None, algorithm: str, words: tuple[str, ...]
) -> None:
    file = tmp_path / "key"
    file.write_text(text)
    made = await told(run, "create", "A system", "--institution", world.school, "--public-key", file, *words)
    assert "client_secret" not in made
    assert (made["kid"], made["algorithm"]) == (kid or made["credential"], algorithm)


PRIVATE = EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
SMALL = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - to be refused
P384 = ec.generate_private_key(ec.SECP384R1())


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("garbage", (), "This is no public key"),
        ("{", (), "This is no public key"),
        ('{"kty": "EC"}', (), "This is no public key"),
        ('{"kty": "oct", "k": "c2VjcmV0"}', (), "This is a private key: keep it"),
        (PRIVATE, (), "This is a private key: keep it"),
        (json.dumps({**json.loads(jwk(EC.public_key())), "d": "AQ"}), (), "This is a private key: keep it"),
        (pem(SMALL), (), "RSA of 2048 bits or more"),
        (pem(P384), (), "on the curve P-256"),
        (pem(EC), ("--algorithm", "RS256"), "signs with ES256"),
        (jwk(RSA.public_key(), alg="HS256"), (), "signs with RS256 or PS256"),
    ],
)
async def test_a_key_that_is_none(
    run: Run, tmp_path: Path, owner: asyncpg.Connection, text: str, words: tuple[str, ...], expected: str
) -> None:
    before = await owner.fetchval("SELECT count(*) FROM client")
    file = tmp_path / "key"
    file.write_text(text)
    code, said = await run("create", "A system", "--public-key", file, *words, *BY)
    assert (code, expected in said) == (1, True), said
    assert await owner.fetchval("SELECT count(*) FROM client") == before


async def test_one_kid_is_one_key(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(jwk(EC.public_key(), kid="only"))
    made = await told(run, "create", "A system", "--public-key", file)
    code, said = await run("rotate", made["client_id"], "--public-key", file, *BY)
    assert (code, "has a key of this kid already" in said) == (1, True)


async def test_a_database_that_does_not_answer_is_said() -> None:
    nowhere = {"REGISTER_DATABASE_URL": "postgresql+asyncpg://register_app@127.0.0.1:1/register"}
    said = await asyncio.to_thread(CliRunner().invoke, cli, ["clients", "list"], env=nowhere)
    assert (said.exit_code, said.output) == (1, "The database of REGISTER_DATABASE_URL does not answer.\n")
