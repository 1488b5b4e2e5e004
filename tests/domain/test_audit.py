"""The chain that seals the audit: whatever is done to it afterwards is found."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actors import Actor, Role
from app.domain.audit import EMPTY, AuditEvent, Head, SealedEvent, Verification, as_reported_to, seal
from app.domain.ids import InstitutionId


def an_event(number: int = 1, **changed: object) -> AuditEvent:
    event = AuditEvent(
        id=UUID(int=number),
        at=datetime(2021, 11, 15, 8, 30, 0, number, tzinfo=UTC),
        subject="coordinator-17",
        role="SCHOOL_COORDINATOR",
        organisation="institution 1",
        action="READ",
        noun="plan",
        record_id=str(UUID(int=number + 100)),
        student_ids=(UUID(int=7),),
        institution_ids=(1,),
        outcome="DONE",
        reason=None,
        correlation_id="a-request.of_mine-1",
    )
    return replace(event, **changed)  # type: ignore[arg-type]  # fields of the class, by name


def a_chain(length: int) -> list[SealedEvent]:
    return list(seal((an_event(number) for number in range(1, length + 1)), after=EMPTY))


def flaws(entries: list[SealedEvent], kept: Head, noted: tuple[Head, ...] = ()) -> list[str]:
    verification = Verification(noted)
    return [*verification.walk(entries), *verification.end(kept)]


def test_a_chain_as_it_was_sealed_is_whole() -> None:
    chain = a_chain(5)
    assert [entry.position for entry in chain] == [1, 2, 3, 4, 5]
    assert flaws(chain, chain[-1].head, (chain[1].head, chain[4].head)) == []


def test_sealing_goes_on_where_it_ended() -> None:
    whole = a_chain(4)
    first = list(seal((each.event for each in whole[:2]), after=EMPTY))
    assert first + list(seal((each.event for each in whole[2:]), after=first[-1].head)) == whole


def test_an_empty_chain_is_whole() -> None:
    assert flaws([], EMPTY) == []


def test_a_changed_entry_is_found() -> None:
    chain = a_chain(3)
    chain[1] = replace(chain[1], event=replace(chain[1].event, subject="somebody else"))
    assert flaws(chain, chain[-1].head) == ["Changed: the entry at position 2 is not the one that was sealed."]


def test_a_removed_entry_is_found() -> None:
    chain = a_chain(4)
    assert flaws([chain[0], *chain[2:]], chain[-1].head) == ["Removed: nothing stands at position 2."]
    assert flaws([chain[0], chain[3]], chain[-1].head) == ["Removed: nothing stands at position 2 to 3."]


def test_a_cut_off_end_is_found() -> None:
    chain = a_chain(4)
    assert flaws(chain[:2], chain[-1].head) == ["Truncated: the chain ends at position 2, and its head says 4."]


def test_a_cut_that_takes_the_head_along_is_found_by_a_head_noted_elsewhere() -> None:
    chain = a_chain(4)
    assert flaws(chain[:2], chain[1].head) == []
    assert flaws(chain[:2], chain[1].head, (chain[3].head,)) == [
        "Truncated: a head was noted at position 4, and the chain does not reach it."
    ]


def test_a_chain_sealed_anew_after_a_change_is_found_by_a_head_noted_elsewhere() -> None:
    chain = a_chain(3)
    forged = list(seal([an_event(1), an_event(2, subject="somebody else"), an_event(3)], after=EMPTY))
    assert flaws(forged, forged[-1].head) == []
    assert flaws(forged, forged[-1].head, (chain[2].head,)) == [
        "Rewritten: position 3 has another hash than the head noted for it."
    ]


OTHER_VALUES: dict[str, object] = {
    "id": UUID(int=999),
    "at": datetime(2021, 11, 15, 8, 30, 0, 999, tzinfo=UTC),
    "subject": "x",
    "role": "x",
    "organisation": None,
    "action": "x",
    "noun": "x",
    "record_id": None,
    "student_ids": (),
    "institution_ids": (1, 2),
    "outcome": "x",
    "reason": "x",
    "correlation_id": None,
}


@pytest.mark.parametrize("name", AuditEvent.__dataclass_fields__)
def test_every_field_is_sealed(name: str) -> None:
    [entry] = a_chain(1)
    touched = replace(entry, event=an_event(1, **{name: OTHER_VALUES[name]}))
    assert len(flaws([touched], entry.head)) == 1


@given(st.lists(st.text(), min_size=1), st.data())
def test_no_two_entries_can_be_exchanged(reasons: list[str], data: st.DataObject) -> None:
    chain = list(seal((an_event(n, reason=reason) for n, reason in enumerate(reasons, start=1)), after=EMPTY))
    order = data.draw(st.permutations(range(len(chain))))
    shuffled = [replace(entry, event=chain[index].event) for entry, index in zip(chain, order, strict=True)]
    assert bool(flaws(shuffled, chain[-1].head)) is (shuffled != chain)


HEAD = Actor(subject="head-1", role=Role.SCHOOL_HEAD, institution_ids=frozenset({InstitutionId(1)}))
AUTHORITY = Actor(subject="authority", role=Role.PROGRAMME_AUTHORITY)


def test_the_state_is_told_the_whole_entry() -> None:
    event = an_event(organisation="institution 2")
    assert as_reported_to(AUTHORITY, event) == event


def test_a_school_is_told_who_of_its_own_and_of_its_partner_looked() -> None:
    for organisation in ("institution 1", "partner 3", "region PR-VIDZEME", None):
        event = an_event(organisation=organisation)
        assert as_reported_to(HEAD, event) == event


def test_a_reason_is_told_to_those_alone_who_stated_it_and_to_the_state() -> None:
    own = an_event(organisation="institution 1", reason="A reason.")
    assert as_reported_to(HEAD, own) == own
    for organisation in ("partner 3", "region PR-VIDZEME", None):
        # Whether the event is about one institution or several: otherwise its absence would tell of the others.
        for concerned in ((1,), (1, 2)):
            event = an_event(organisation=organisation, reason="So say 1 and 2.", institution_ids=concerned)
            assert as_reported_to(HEAD, event).reason is None
            assert as_reported_to(AUTHORITY, event) == event
