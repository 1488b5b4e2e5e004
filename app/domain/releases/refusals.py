"""What no release has, whichever semesters are asked for; each refusal names what there is instead."""

from collections.abc import Iterator

from app.domain.errors import Violation, violation
from app.domain.regions import RegionScheme
from app.domain.releases.measures import ASKED_BY, TOLD, nothing_by
from app.domain.statistics.conditions import leaves
from app.domain.statistics.query import Query


def refusals(query: Query) -> Iterator[Violation]:
    for measure in sorted(query.asked - TOLD):
        message = f"Releases have no {measure}. They have {', '.join(sorted(TOLD))}."
        yield violation("/measures", "not-in-releases", message)
    for index, dimension in enumerate(query.by):
        if dimension not in ASKED_BY:
            yield violation(f"/by/{index}", "not-in-releases", nothing_by(dimension))
    for leaf in leaves(query.where):
        if leaf.dimension not in ASKED_BY:
            yield violation(leaf.at, "not-in-releases", nothing_by(leaf.dimension))
    if query.scheme is not RegionScheme.PLANNING:
        message = "Releases are of planning regions: ask by those (regionScheme PLANNING), or by MUNICIPALITY."
        yield violation("/regionScheme", "not-in-releases", message)
    if query.as_of is not None:
        message = "Releases are in the borders at the time: each semester has the municipalities of its own days. Leave asOf out."
        yield violation("/asOf", "not-in-releases", message)
    if query.comparison is not None:
        message = "Releases compare nothing by themselves: group by SEMESTER, and compare the figures with the errors at hand."
        yield violation("/comparison", "not-in-releases", message)
    if query.participating_on is not None:
        yield violation(
            "/where/participatingOn", "not-in-releases", "Participations are public: see /v1/participations."
        )
