"""Which keys of persons a service may not seal with."""

import pytest

from app.domain.key_checks import HASH_KEY, UnfitKeys, check_complete, check_proved, check_same

ONE, TWO, HASH = b"one", b"two", b"hash"
HELD = {1: ONE, 2: TWO, HASH_KEY: HASH}


def test_the_same_keys_and_new_ones_are_fit() -> None:
    for kept in ({}, {1: ONE}, HELD, {**HELD, 7: b"of others"}):
        check_same(held=HELD, kept=kept, sealing=2)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (1, "Key 1 of REGISTER_PERSON_FORMER_KEYS"),
        (2, "Key 2 of REGISTER_PERSON_KEY"),
        (HASH_KEY, "REGISTER_PERSON_HASH_KEY"),
    ],
)
def test_another_key_under_a_known_id_is_named_with_its_variable(wrong: int, named: str) -> None:
    with pytest.raises(UnfitKeys, match=f"^{named} is not the key"):
        check_same(held=HELD, kept={**HELD, wrong: b"another"}, sealing=2)


def test_a_new_key_opens_one_of_the_statements_that_are_there() -> None:
    check_proved(1, looked_at=0, proved=False, sealing=1)
    check_proved(1, looked_at=20, proved=True, sealing=1)
    with pytest.raises(UnfitKeys, match="Key 1 of REGISTER_PERSON_KEY does not fit"):
        check_proved(1, looked_at=20, proved=False, sealing=1)


def test_a_key_in_use_is_not_missing() -> None:
    check_complete(held={1, 2}, in_use=[2])
    with pytest.raises(UnfitKeys, match=r"under key 3, 4, which is not here: REGISTER_PERSON_FORMER_KEYS"):
        check_complete(held={1, 2}, in_use=[4, 2, 3])
