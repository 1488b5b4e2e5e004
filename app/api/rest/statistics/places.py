"""Where a fault of a question stands in an address: rules know the parts of a question, and people their parameters."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.api.rest.statistics.parameters import NOT
from app.domain.errors import Invalid, Violation

_OF_A_LIST: Final = re.compile(r"^/(by|orderBy|having)/(\d+)")
_PLACES: Final = (
    (re.compile(r"^/orderBy/(\d+)/by$"), r"/query/order/\1"),
    (re.compile(r"^/orderBy"), r"/query/order"),
    (re.compile(r"^/having/(\d+)/measure$"), r"/query/having/\1"),
    (re.compile(r"^/where/participatingOn$"), r"/query/participatingOn"),
    (re.compile(r"^/subtotals/by(/\d+)?$"), r"/query/subtotals"),
    (re.compile(r"^/query/not/"), f"/query/{NOT}"),
    (re.compile(r"^(?!/query)"), r"/query"),
)


def at_their_parameters(error: Invalid, sent: Mapping[str, Sequence[int]] | None = None) -> Invalid:
    """The same faults, each at the parameter that says it. `sent`: of lists of which not every item could be read, where those that could
    stand in the address.
    """
    return Invalid(
        Violation(pointer=_at_parameter(each.pointer, sent or {}), code=each.code, message=each.message)
        for each in error.violations
    )


def _at_parameter(pointer: str, sent: Mapping[str, Sequence[int]]) -> str:
    listed = _OF_A_LIST.match(pointer)
    if listed is not None and listed[1] in sent:
        pointer = f"/{listed[1]}/{sent[listed[1]][int(listed[2])]}{pointer[listed.end() :]}"
    for pattern, place in _PLACES:
        found, count = pattern.subn(place, pointer)
        if count:
            return found
    return pointer
