"""The one filter that stands for all that leave the same: times by their semesters, places by their municipalities, and risks by their
groups where those are whole.
"""

from collections.abc import Mapping, Sequence

from app.domain.calendar import Semester
from app.domain.releases.attributes import Code
from app.domain.releases.choices import Choices, Known, said
from app.domain.releases.lattice import Lattice
from app.domain.statistics.conditions import Condition
from app.domain.statistics.definitions import PLACES, TIME, Dimension

_RISKS = frozenset({Dimension.RISK_GROUP, Dimension.RISK})


def in_least_words(
    choices: Choices, lattices: Sequence[Lattice], asked: Sequence[Semester], known: Known
) -> Condition | None:
    """`lattices`: of the releases that answer; `known`: what codes they have; `asked`: the semesters that are left."""
    told_otherwise = TIME | PLACES | _RISKS
    least = {each: codes & frozenset(known[each]) for each, codes in choices.items() if each not in told_otherwise}
    if choices.keys() & TIME:
        least[Dimension.SEMESTER] = frozenset(map(str, asked))
    if choices.keys() & PLACES:
        places = [place for each in lattices for place in each.places.values()]
        least[Dimension.MUNICIPALITY] = frozenset(
            each.municipality
            for each in places
            if each.region in choices.get(Dimension.REGION, {each.region})
            and each.municipality in choices.get(Dimension.MUNICIPALITY, {each.municipality})
        )
    if choices.keys() & _RISKS:
        least |= _risks(choices, {risk: lattices[0].groups[str(risk)] for risk in known[Dimension.RISK]})
    return said(least, known)


def _risks(choices: Choices, groups: Mapping[Code, str]) -> Choices:
    risks = {
        risk
        for risk, group in groups.items()
        if risk in choices.get(Dimension.RISK, {risk}) and group in choices.get(Dimension.RISK_GROUP, {group})
    }
    of_risks = {groups[risk] for risk in risks}
    if risks == {risk for risk, group in groups.items() if group in of_risks}:
        return {Dimension.RISK_GROUP: frozenset(of_risks)}
    return {Dimension.RISK: frozenset(risks)}
