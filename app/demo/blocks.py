"""The register is made in blocks of institutions that have nothing to do with each other, so that they can be made side by side.

A block has institutions of one kind. What is exact for the country is dealt out to the blocks first; each then keeps to its part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.demo import figures
from app.demo.apportionment import apportion, drawn, shared
from app.demo.figures import QUARTERS, Topic
from app.demo.network import Network
from app.demo.schools import Quota, School
from app.domain.calendar import Semester
from app.domain.code_lists import InstitutionKind
from app.domain.geography import Geography
from app.domain.regions import RegionScheme


class Scale(StrEnum):
    SMALL = "small"
    NATIONAL = "national"


SMALL_REGION = "PR-VIDZEME"
_SMALL_PERCENT = 14
_GENERAL_BLOCKS = {Scale.SMALL: 4, Scale.NATIONAL: 20}
_VOCATIONAL_BLOCKS = {Scale.SMALL: 1, Scale.NATIONAL: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What one semester of a block holds. `quarters`: attended, per topic. `risks`: consultations per risk, missed ones included.
    `economic`: pieces of economic support per risk.
    """

    quarters: Mapping[Topic, int]
    risks: Mapping[str, int]
    economic: Mapping[str, int]

    @property
    def consultations(self) -> int:
        return sum(self.risks.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    number: int
    seed: int
    today: date
    kind: InstitutionKind
    schools: tuple[School, ...]
    quota: Quota
    targets: Mapping[Semester, Targets]

    @property
    def plans(self) -> int:
        return sum(self.quota.values())


def blocks(network: Network, *, scale: Scale, seed: int, today: date, geography: Geography) -> tuple[Block, ...]:
    """All blocks of a scale. `today` lies in the last semester: nothing happens after it."""
    if today not in figures.LAST.period:
        message = f"the synthetic register ends in semester {figures.LAST}: {today} does not lie in it"
        raise ValueError(message)
    schools = [
        each for each in network.schools.values() if scale is Scale.NATIONAL or _is_in_small_region(each, geography)
    ]
    quota = _scaled(network.quota, schools, scale)
    groups = [
        *_grouped([each for each in schools if each.kind is InstitutionKind.GENERAL], _GENERAL_BLOCKS[scale], quota),
        *_grouped(
            [each for each in schools if each.kind is InstitutionKind.VOCATIONAL], _VOCATIONAL_BLOCKS[scale], quota
        ),
    ]
    targets = _targets(groups, quota, _plans_by_kind(network.schools.values(), network.quota), today)
    return tuple(
        Block(
            number=number,
            seed=seed,
            today=today,
            kind=group[0].kind,
            schools=tuple(group),
            quota={
                (each.id, semester): quota[each.id, semester]
                for each in group
                for semester in figures.SEMESTERS
                if (each.id, semester) in quota
            },
            targets={semester: targets[number, semester] for semester in figures.SEMESTERS},
        )
        for number, group in enumerate(groups)
    )


def _is_in_small_region(school: School, geography: Geography) -> bool:
    first = school.institution.locations[0]
    region = geography.region_of(first.municipality, RegionScheme.PLANNING, first.period.end or school.periods[0].start)
    return region is not None and region.code == SMALL_REGION


def _scaled(quota: Quota, schools: Iterable[School], scale: Scale) -> Quota:
    kept = {each.id: each for each in schools}
    return {
        (key, semester): plans if scale is Scale.NATIONAL or kept[key].published else -(-plans * _SMALL_PERCENT // 100)
        for (key, semester), plans in quota.items()
        if key in kept
    }


def _grouped(schools: list[School], count: int, quota: Quota) -> list[list[School]]:
    """About equally many plans in each group. All institutions of one municipality stay together; a large one stands alone."""
    by_place: dict[str, list[School]] = {}
    for school in schools:
        by_place.setdefault(school.institution.locations[0].municipality, []).append(school)
    plans = {
        place: sum(quota.get((each.id, semester), 0) for each in there for semester in figures.SEMESTERS)
        for place, there in by_place.items()
    }
    groups: list[list[School]] = [[] for _ in range(count)]
    made = [0] * count
    # The largest first, each into the group that has least so far.
    for place in sorted(by_place, key=lambda each: (-plans[each], each)):
        least = made.index(min(made))
        groups[least].extend(by_place[place])
        made[least] += plans[place]
    return [sorted(group, key=lambda each: each.id) for group in groups if group]


def _plans_by_kind(schools: Iterable[School], quota: Quota) -> dict[tuple[InstitutionKind, Semester], int]:
    plans = {(kind, semester): 0 for kind in InstitutionKind for semester in figures.SEMESTERS}
    for school in schools:
        for semester in figures.SEMESTERS:
            plans[school.kind, semester] += quota.get((school.id, semester), 0)
    return plans


Cell = tuple[int, Semester]


def _targets(
    groups: list[list[School]], quota: Quota, national: Mapping[tuple[InstitutionKind, Semester], int], today: date
) -> dict[Cell, Targets]:
    quarters = _quarters(groups, quota, national, today)
    targets: dict[Cell, Targets] = {}
    for year in dict.fromkeys(semester.school_year for semester in figures.SEMESTERS):
        cells = [cell for cell in quarters if cell[1].school_year == year]
        sizes = [sum(map(consultations, quarters[cell].values())) for cell in cells]
        hours = 1000 - figures.GROUP_SHARES["ECONOMIC"]
        economic = round(sum(sizes) * figures.GROUP_SHARES["ECONOMIC"] / hours)
        risks = drawn(shared(sum(sizes), figures.RISKS_OF_HOURS), sizes)
        risks_of_eur = drawn(shared(economic, figures.RISKS_OF_EUR), apportion(economic, sizes))
        for cell, risk, eur in zip(cells, risks, risks_of_eur, strict=True):
            targets[cell] = Targets(quarters=quarters[cell], risks=risk, economic=eur)
    return targets


def consultations(quarters: int) -> int:
    """How many consultations, missed ones included, it takes to attend so many quarters: two thirds of an hour on the average."""
    return round(quarters * 3 / 8 * 100 / (100 - figures.MISSED_PERCENT))


def _quarters(
    groups: list[list[School]], quota: Quota, national: Mapping[tuple[InstitutionKind, Semester], int], today: date
) -> dict[Cell, dict[Topic, int]]:
    """Attended quarters of an hour per cell and topic; where a figure was published, all cells together hold it exactly."""
    plans = {
        (number, semester): sum(quota.get((school.id, semester), 0) for school in group)
        for number, group in enumerate(groups)
        for semester in figures.SEMESTERS
    }
    kinds = [group[0].kind for group in groups]
    found: dict[Cell, dict[Topic, int]] = {cell: {} for cell in plans}
    for (number, semester), many in plans.items():
        elapsed = (min(today, semester.end) - semester.start).days / (semester.end - semester.start).days
        for topic, hundredths in figures.HOURS_PER_PLAN[kinds[number]].items():
            found[number, semester][topic] = round(many * hundredths * QUARTERS / 100 * elapsed)
    for topic, published_kinds, semesters, hours in figures.PUBLISHED_HOURS:
        cells = {
            cell: many for cell, many in plans.items() if kinds[cell[0]] in published_kinds and cell[1] in semesters
        }
        everywhere = sum(national[kind, semester] for kind in published_kinds for semester in semesters)
        total = round(hours * QUARTERS * sum(cells.values()) / everywhere)
        for cell, share in shared(total, cells).items():
            found[cell][topic] = share
    return found
