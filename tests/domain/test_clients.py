"""School information systems: how they prove themselves, how a proof is replaced, and for whom they act on which day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clients import (
    Algorithm,
    Client,
    Credential,
    Grant,
    PublicKey,
    Secret,
    check_active,
    check_client,
    check_grant,
    proved_by,
    revoked,
    rotated,
    usable,
    withdrawn,
)
from app.domain.errors import Invalid, Refused
from app.domain.ids import ClientId, CredentialId, GrantId, InstitutionId
from app.domain.periods import Period
from tests.domain.examples import SCHOOL, found

NOW = datetime(2021, 11, 15, 9, 30, tzinfo=UTC)
CLIENT = Client(id=ClientId(UUID(int=1)), name="Skolas sistēma")
REVOKED = Client(id=CLIENT.id, name=CLIENT.name, revoked_at=NOW - timedelta(days=1))
OTHER = InstitutionId(2)
DAYS = st.dates(date(2021, 1, 1), date(2021, 12, 31))
MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2022, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given below
OVERLAPS = st.timedeltas(timedelta(0), timedelta(days=30))


def credential(number: int = 1, **changes: Any) -> Credential:
    sound: dict[str, Any] = {
        "id": CredentialId(UUID(int=number)),
        "client_id": CLIENT.id,
        "proof": Secret.of(f"secret {number}"),
        "valid_from": NOW - timedelta(days=30),
    }
    return Credential(**{**sound, **changes})


def grant(start: date, end: date | None = None, *, institution_id: InstitutionId = SCHOOL) -> Grant:
    return Grant(
        id=GrantId(UUID(int=start.toordinal())),
        client_id=CLIENT.id,
        institution_id=institution_id,
        period=Period(start, end),
    )


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    return Period(start, draw(st.none() | st.dates(start, date(2022, 12, 31))))


GRANTS = st.lists(
    st.builds(
        lambda period, at: grant(period.start, period.end, institution_id=at),
        periods(),
        st.sampled_from([SCHOOL, OTHER]),
    )
)


@st.composite
def credentials(draw: st.DrawFn) -> Credential:
    start = draw(MOMENTS)
    end = draw(st.none() | st.timedeltas(timedelta(0), timedelta(days=400)))
    return credential(
        draw(st.integers(1, 99)),
        valid_from=start,
        valid_to=None if end is None else start + end,
        revoked_at=draw(st.none() | MOMENTS),
    )


def test_a_credential_is_good_from_its_first_moment_until_before_its_last() -> None:
    short = credential(valid_from=NOW, valid_to=NOW + timedelta(hours=1))
    moments = (NOW - timedelta(seconds=1), NOW, NOW + timedelta(minutes=59), NOW + timedelta(hours=1))
    assert [short.is_usable(each) for each in moments] == [False, True, True, False]
    assert credential().is_usable(NOW + timedelta(days=10_000))


def test_a_revoked_credential_is_good_for_nothing() -> None:
    assert not credential(revoked_at=NOW + timedelta(days=1)).is_usable(NOW)


@pytest.mark.parametrize("client", [None, REVOKED])
def test_no_credential_of_an_unknown_or_a_revoked_client_is_good(client: Client | None) -> None:
    assert usable(client, [credential()], NOW) == ()
    assert usable(CLIENT, [credential()], NOW) == (credential(),)


def test_a_secret_proves_the_credential_it_was_issued_with() -> None:
    key = credential(3, proof=PublicKey(kid="secret 3", algorithm=Algorithm.ES256, der=b"secret 3"))
    known = [credential(1), credential(2), key]
    assert proved_by("secret 1", known) == credential(1)
    assert proved_by("secret 2", known) == credential(2)
    assert [proved_by(each, known) for each in ("secret 3", "", "secret", "SECRET 1")] == [None] * 4
    assert proved_by("secret 1", []) is None


def test_a_secret_is_kept_as_a_hash_that_does_not_show_it() -> None:
    assert "secret 1" not in repr(Secret.of("secret 1"))
    assert len(Secret.of("secret 1").hash) == 32


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_client_has_a_name(name: str) -> None:
    with pytest.raises(Invalid) as invalid:
        check_client(Client(id=CLIENT.id, name=name))
    assert found(invalid.value) == {("/name", "name")}
    assert check_client(CLIENT) == CLIENT


def test_nothing_is_done_to_a_revoked_client() -> None:
    with pytest.raises(Refused, match="revoked on 2021-11-14") as refused:
        check_active(REVOKED)
    assert refused.value.code == "client-revoked"
    assert check_active(CLIENT) == CLIENT


def test_a_credential_is_revoked_once() -> None:
    gone = revoked(credential(), NOW)
    assert gone.revoked_at == NOW
    with pytest.raises(Refused) as refused:
        revoked(gone, NOW)
    assert refused.value.code == "credential-revoked"


def test_a_grant_does_not_end_before_it_starts() -> None:
    with pytest.raises(Invalid) as invalid:
        check_grant(grant(date(2021, 9, 1), date(2021, 8, 31)), [])
    assert found(invalid.value) == {("/to", "ends-before-start")}
    check_grant(grant(date(2021, 9, 1), date(2021, 9, 1)), [])


def test_an_institution_is_granted_once_at_a_time() -> None:
    before = grant(date(2021, 1, 1), date(2021, 8, 31))
    with pytest.raises(Invalid) as invalid:
        check_grant(grant(date(2021, 8, 31)), [before])
    assert found(invalid.value) == {("/from", "overlap")}
    check_grant(grant(date(2021, 9, 1)), [before])
    check_grant(grant(date(2021, 8, 31), institution_id=OTHER), [before])


def granted_on(grants: list[Grant], day: date) -> set[InstitutionId]:
    return {each.institution_id for each in grants if day in each.period}


@given(GRANTS, DAYS, DAYS)
def test_what_is_withdrawn_lasts_no_longer_and_the_days_before_stay(grants: list[Grant], last: date, day: date) -> None:
    ended, gone = withdrawn(grants, last)
    untouched = [each for each in grants if each.period.end is not None and each.period.end <= last]
    left = [*untouched, *ended]
    assert len(left) + len(gone) == len(grants)
    assert granted_on(left, day) == (granted_on(grants, day) if day <= last else set())


@given(st.lists(credentials()), MOMENTS, OVERLAPS, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_a_rotation_lengthens_nothing_and_ends_everything_after_the_overlap(
    known: list[Credential], now: datetime, overlap: timedelta, later: timedelta
) -> None:
    changed = {id(old): old for old in known}
    after = [*rotated(known, now=now, overlap=overlap)]
    unchanged = [each for each in known if rotated([each], now=now, overlap=overlap) == []]
    assert len(after) + len(unchanged) == len(changed)
    for each in (*after, *unchanged):
        assert not each.is_usable(now + overlap + later)
    for old in known:
        (new,) = rotated([old], now=now, overlap=overlap) or [old]
        assert new.is_usable(now) == (old.is_usable(now) and overlap > timedelta(0))
        if new.is_usable(now + later):
            assert old.is_usable(now + later)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=30, seconds=1)])
def test_an_overlap_is_no_longer_than_a_month(overlap: timedelta) -> None:
    with pytest.raises(Invalid) as invalid:
        rotated([], now=NOW, overlap=overlap)
    assert found(invalid.value) == {("/overlap", "overlap-out-of-range")}
