"""Are the keys of persons the ones under which the register was sealed? A name sealed under a wrong key, or a code hashed with one,
would be lost to everybody who has the right one.
"""

from collections.abc import Iterable, Mapping

HASH_KEY = 0
"""Stands for the key that finds personal codes, where those that seal stand by their ids, from 1 on."""


class UnfitKeys(Exception):
    """With these keys nothing may be sealed here."""


def check_same(*, held: Mapping[int, bytes], kept: Mapping[int, bytes], sealing: int) -> None:
    """`held` and `kept`: check values by key id, of the keys here and of those the register knows; `sealing`: the id of the key that
    seals here. Raises UnfitKeys.
    """
    wrong = sorted(key_id for key_id, value in held.items() if kept.get(key_id, value) != value)
    if wrong:
        raise UnfitKeys("; ".join(f"{_named(each, sealing)} is not the key that this register knows" for each in wrong))


def check_proved(key_id: int, *, looked_at: int, proved: bool, sealing: int) -> None:
    """Of a key that the register does not know yet: it may be the first, but not beside statements of which it opens none.

    Raises UnfitKeys.
    """
    if looked_at and not proved:
        raise UnfitKeys(f"{_named(key_id, sealing)} does not fit what is sealed in this register already")


def check_complete(*, held: Iterable[int], in_use: Iterable[int]) -> None:
    """Whoever lacks a key that seals statements cannot answer for their persons. Raises UnfitKeys."""
    missing = sorted(set(in_use) - set(held))
    if missing:
        named = ", ".join(map(str, missing))
        raise UnfitKeys(f"Statements are sealed under key {named}, which is not here: REGISTER_PERSON_FORMER_KEYS")


def _named(key_id: int, sealing: int) -> str:
    if key_id == HASH_KEY:
        return "REGISTER_PERSON_HASH_KEY"
    return f"Key {key_id} of {'REGISTER_PERSON_KEY' if key_id == sealing else 'REGISTER_PERSON_FORMER_KEYS'}"
