"""Who lifts a restriction of processing, and what those are told whom it stops."""

from datetime import date
from uuid import UUID

import pytest

from app.domain.actors import Role
from app.domain.errors import Refused
from app.domain.ids import InstitutionId, StudentId
from app.domain.restrictions import RestrictedBy, Restriction, check_lifting, processing_restricted, restricting
from tests.domain.examples import actor

STUDENT = StudentId(UUID(int=1))


def restriction(by: RestrictedBy, institution: int = 1) -> Restriction:
    return Restriction(student_id=STUDENT, institution_id=InstitutionId(institution), by=by, since=date(2021, 10, 1))


def test_a_head_restricts_for_the_institution_and_the_authority_for_itself() -> None:
    assert restricting(actor(Role.SCHOOL_HEAD)) is RestrictedBy.INSTITUTION
    assert restricting(actor(Role.PROGRAMME_AUTHORITY)) is RestrictedBy.AUTHORITY


def test_what_is_not_restricted_is_not_lifted() -> None:
    for by in RestrictedBy:
        with pytest.raises(Refused) as refused:
            check_lifting([], by)
        assert refused.value.code == "not-restricted"


@pytest.mark.parametrize("standing", list(RestrictedBy))
def test_the_authority_lifts_whatever_stands(standing: RestrictedBy) -> None:
    check_lifting([restriction(standing)], RestrictedBy.AUTHORITY)


def test_an_institution_lifts_what_it_has_set_and_not_what_the_authority_has() -> None:
    check_lifting([restriction(RestrictedBy.INSTITUTION)], RestrictedBy.INSTITUTION)
    with pytest.raises(Refused) as refused:
        check_lifting([restriction(RestrictedBy.AUTHORITY)], RestrictedBy.INSTITUTION)
    assert refused.value.code == "restricted-by-authority"


def test_whoever_is_stopped_learns_no_reason() -> None:
    assert processing_restricted().code == "processing-restricted"
