"""New ids: of version 7, by time, and each there once however many are asked for."""

import time
from itertools import islice

from app.api.ids import time_ordered_id, time_ordered_ids


def test_ids_begin_with_their_millisecond_and_are_of_version_7() -> None:
    before = time.time_ns() // 1_000_000
    found = [time_ordered_id(), *islice(time_ordered_ids(at_once=3), 10)]
    after = time.time_ns() // 1_000_000
    assert {(each.version, each.variant) for each in found} == {(7, "specified in RFC 4122")}
    assert all(before <= each.int >> 80 <= after for each in found)
    assert len(set(found)) == len(found)
    assert len({each.int & (2**62 - 1) for each in found}) == len(found), "chance alone tells them apart, too"
