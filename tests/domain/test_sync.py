"""What a batch may ask, in which order it is applied, and when a snapshot has to be confirmed."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sync import (
    ONCE,
    OPERATIONS,
    PHASES,
    ItemType,
    ManyRemovals,
    Operation,
    Tally,
    Verdict,
    demand_confirmed,
    source_of,
)


def test_what_is_referred_to_is_there_first_and_goes_last() -> None:
    upserts = [item_type for operation, item_type in PHASES if operation is Operation.UPSERT]
    deletes = [item_type for operation, item_type in PHASES if operation is Operation.DELETE]
    assert upserts == list(ItemType)
    assert deletes == upserts[::-1]
    assert len(set(PHASES)) == len(PHASES)


def test_a_plan_is_submitted_before_support_is_delivered_and_ended_after_its_outcome() -> None:
    def place(operation: Operation, item_type: ItemType) -> int:
        return PHASES.index((operation, item_type))

    drafted, submitted = place(Operation.UPSERT, ItemType.PLAN), place(Operation.SUBMIT, ItemType.PLAN)
    assert drafted < submitted < place(Operation.UPSERT, ItemType.INTERVENTION)
    for end in (Operation.COMPLETE, Operation.DISCONTINUE):
        assert place(end, ItemType.PLAN) > place(Operation.UPSERT, ItemType.OUTCOME)


def test_only_plans_take_steps() -> None:
    assert {each for each in ItemType if set(OPERATIONS[each]) > {Operation.UPSERT, Operation.DELETE}} == {
        ItemType.PLAN
    }
    assert ONCE.keys() == set(Operation)


@pytest.mark.parametrize(
    ("removed", "of", "confirmed", "taken"),
    [
        (5, 5, None, True),  # few, whatever the share
        (6, 6, None, False),
        (6, 30, None, True),  # a fifth, and not more
        (6, 29, None, False),
        (6, 29, 6, True),
        (6, 29, 7, False),  # another state of things was confirmed
        (0, 0, None, True),
    ],
)
def test_many_removals_are_confirmed_by_their_number(removed: int, of: int, confirmed: int | None, taken: bool) -> None:  # noqa: FBT001 - a column of the table
    if taken:
        demand_confirmed(removed, of, confirmed)
        return
    with pytest.raises(ManyRemovals) as refused:
        demand_confirmed(removed, of, confirmed)
    assert refused.value.facts == {"count": removed, "removals": []}


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_what_was_confirmed_is_taken(removed: int, of: int) -> None:
    demand_confirmed(removed, of, removed)


def test_a_client_is_its_own_source() -> None:
    client = UUID("0197a1c2-0000-7000-8000-000000000001")
    assert source_of(str(client)) == client
    assert source_of("demo") == source_of("demo") != source_of("another")


def test_a_tally_is_told_by_type_in_the_order_of_dependence() -> None:
    tally = Tally()
    tally.add(None, Verdict.REJECTED)
    tally.add(ItemType.OUTCOME, Verdict.CREATED, times=2)
    tally.add(ItemType.RISK, Verdict.REJECTED)
    assert list(tally.by_type()) == ["risk", "outcome", "unreadable"]
    assert tally.by_type()["outcome"] == {"created": 2, "updated": 0, "unchanged": 0, "deleted": 0, "rejected": 0}
    assert tally.of(Verdict.REJECTED) == 2
