"""Every role, every operation, own, foreign and absent objects: nobody learns of a foreign record, not even that there is one."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.matrix.asking import Answer, Asked, ask
from tests.matrix.cast import Player, Stage
from tests.matrix.judgement import leaks, refused_at_once, status_of_own
from tests.matrix.rows import Row
from tests.matrix.sides import absent
from tests.matrix.table import ROWS, missing, operations

CARELESS: tuple[dict[str, Any], ...] = (
    {"if_match": None},
    {"if_match": '"7"'},
    {"if_match": "1"},
    {"body": {}},
    {"body": {"nonsense": 1}},
)
"""A request that is wrong in itself tells no more of a foreign object than a good one."""


def test_every_operation_has_a_row(app: FastAPI) -> None:
    assert not missing(app), "\n\n".join(missing(app))


def test_an_operation_without_a_row_is_found(app: FastAPI) -> None:
    without = [row for row in ROWS if row.operation != "GET /v1/plans/{plan_id}"]
    (message,) = missing(app, without)
    assert "GET /v1/plans/{plan_id} has no row" in message
    assert 'at=("plan", )' in message


def test_every_row_has_an_operation(app: FastAPI) -> None:
    assert {row.operation for row in ROWS} <= set(operations(app))


def test_every_operation_succeeds_for_somebody(players: list[Player]) -> None:
    """Else its rows would prove nothing."""
    succeed = {
        row.operation
        for row in ROWS
        for player in players
        if refused_at_once(row, player) is None and (row.public or player.own is not None)
        if row.always_refused or (player.role is None) or status_of_own(row, player) < httpx.codes.MULTIPLE_CHOICES
    }
    assert succeed == {row.operation for row in ROWS}


def test_only_these_are_refused_to_everybody() -> None:
    others = {row.operation for row in ROWS if not row.always_refused}
    assert {row.operation for row in ROWS} - others == {
        "DELETE /v1/institutions/{institution_id}",
        "DELETE /v1/students/{student_id}",
    }


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_the_matrix(http: httpx.AsyncClient, stage: Stage, players: list[Player], row: Row) -> None:
    flaws = [flaw async for flaw in flaws_of(http, stage, players, row)]
    assert not flaws, "\n".join(flaws)


async def flaws_of(http: httpx.AsyncClient, stage: Stage, players: list[Player], row: Row) -> AsyncIterator[str]:
    """What is wrong with this row, for whoever plays."""
    stage.database.lasting = row.lasts
    for player in players:
        async for flaw in _flaws(http, stage, player, row):
            yield f"{row}: {player}, {flaw}"
    stage.database.lasting = False


async def _flaws(http: httpx.AsyncClient, stage: Stage, player: Player, row: Row) -> AsyncIterator[str]:
    base = (player.own or stage.school).ids
    keys = row.keys(base)
    refused = refused_at_once(row, player)
    if refused is not None:
        answers = [
            await ask(http, player, Asked(row=row, base=base, swapped=each)) for each in _everywhere(stage, keys)
        ]
        if {(each.status, each.kind) for each in answers} != {refused} or len({each.plain for each in answers}) != 1:
            yield f"who may not ask: {[(each.status, each.kind) for each in answers]} instead of {refused}"
        for answer in answers:
            for leak in leaks(player, answer, _sent(base, keys)):
                yield f"who may not ask: {leak}"
        return
    if row.public or player.own is not None:
        async for flaw in _flaws_of_own(http, player, row, base):
            yield flaw
    for name, swap in _swaps(keys, alone=player.own is not None or row.public):
        careless = name == keys[0] and (row.seen or row.method == "POST")
        async for flaw in _flaws_of_hidden(http, player, row, base, swap, careless=careless):
            yield f"{name}: {flaw}"


async def _flaws_of_own(
    http: httpx.AsyncClient, player: Player, row: Row, base: Mapping[str, Any]
) -> AsyncIterator[str]:
    answer = await ask(http, player, Asked(row=row, base=base))
    wanted = row.own if player.role is None else status_of_own(row, player)
    if answer.status != wanted:
        yield f"own: {answer.status} instead of {wanted}: {answer.plain}"
    elif player.role not in row.unseen_by and str(base.get(row.shows or "", "")) not in answer.whole:
        yield f"own: does not tell of {row.shows}"
    for leak in leaks(player, answer, ()):
        yield f"own: {leak}"


async def _flaws_of_hidden(
    http: httpx.AsyncClient, player: Player, row: Row, base: Mapping[str, Any], keys: list[str], *, careless: bool
) -> AsyncIterator[str]:
    """Of what is not there, and, for everybody but the authority, of what is another's."""
    nothing = {key: absent(key) for key in keys}
    of_absent = await ask(http, player, Asked(row=row, base=base, swapped=nothing))
    wanted = row.status_of_hidden(keys[0])
    if of_absent.status != wanted:
        yield f"absent: {of_absent.status} instead of {wanted}: {of_absent.plain}"
    whole = keys == row.keys(base)
    for side in () if row.public else player.foreign if whole else player.foreign[:1]:
        if row.counts and side in player.counted:
            continue
        theirs = {key: side.ids[key] for key in keys}
        sent = {str(each) for each in theirs.values()}
        pseudonyms = [value for key, value in side.ids.items() if key.startswith("student")] if row.pseudonyms else []
        answer = await ask(http, player, Asked(row=row, base=base, swapped=theirs))
        for flaw in _differences(of_absent, answer):
            yield f"foreign ({side}): {flaw}"
        for leak in leaks(player, answer, sent, but=pseudonyms):
            yield f"foreign ({side}): {leak}"
        for wrong in CARELESS if careless and side is player.foreign[0] else ():
            both = [
                await ask(http, player, Asked(row=row, base=base, swapped=each, **wrong)) for each in (nothing, theirs)
            ]
            for flaw in _differences(*both):
                yield f"foreign ({side}), {wrong}: {flaw}"


def _differences(of_absent: Answer, of_foreign: Answer) -> Iterator[str]:
    if of_absent.plain != of_foreign.plain:
        yield f"absent answers\n{of_absent.plain}\nand foreign\n{of_foreign.plain}"


def _everywhere(stage: Stage, keys: list[str]) -> Iterator[dict[str, Any]]:
    """All objects of one side, of another, and none."""
    for side in stage.sides:
        yield {key: side.ids[key] for key in keys}
    yield {key: absent(key) for key in keys}


def _swaps(keys: list[str], *, alone: bool) -> Iterator[tuple[str, list[str]]]:
    """Which objects are another's: each one alone among the player's own, and all of them together."""
    if alone:
        yield from ((key, [key]) for key in keys)
    if keys and (len(keys) > 1 or not alone):
        yield "all", keys


def _sent(base: Mapping[str, Any], keys: list[str]) -> set[str]:
    return {str(base[key]) for key in keys}
