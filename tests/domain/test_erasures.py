"""When something may be erased on request."""

import pytest

from app.domain.erasures import Erasable, check_erasure
from app.domain.errors import NotFound, Refused


@pytest.mark.parametrize("what", list(Erasable))
def test_what_is_restricted_is_kept(what: Erasable) -> None:
    with pytest.raises(Refused) as refused:
        check_erasure(what, has_person=True, is_restricted=True)
    assert refused.value.code == "processing-restricted"


def test_a_person_is_erased_once_and_the_records_still_after() -> None:
    check_erasure(Erasable.PERSON, has_person=True, is_restricted=False)
    check_erasure(Erasable.RECORDS, has_person=False, is_restricted=False)
    with pytest.raises(NotFound) as absent:
        check_erasure(Erasable.PERSON, has_person=False, is_restricted=False)
    assert absent.value.noun == "person"
