"""The whole network of the synthetic register: institutions, partners, participations, and how many plans each makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from app.demo import figures, institutions, participations
from app.demo.apportionment import shared
from app.demo.named_institutions import MADONA, NAMED
from app.demo.schools import Quota, School
from app.demo.seeds import chance
from app.domain.calendar import Semester
from app.domain.code_lists import InstitutionKind
from app.domain.ids import InstitutionId
from app.domain.institutions import Institution
from app.domain.participations import Participation, Partner
from app.domain.reference import ReferenceData

PROGRAMME = "PUMPURS"
_AT_LEAST = 2
_VOCATIONAL_WEIGHT = 330


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`schools` are those that take part some day; `institutions` are all."""

    institutions: Mapping[InstitutionId, Institution]
    partners: tuple[Partner, ...]
    participations: tuple[Participation, ...]
    schools: Mapping[InstitutionId, School]
    quota: Quota


def network(seed: int, reference: ReferenceData) -> Network:
    """The same national network at every scale; a smaller scale takes a part of it."""
    random = chance(seed, "network")
    sites = institutions.sites(reference.geography, random)
    built = {key: institutions.institution(key, site, reference.geography) for key, site in sites.items()}
    periods = participations.plan_periods(sites, random)
    signed = tuple(
        participations.participations(built, periods, programme=reference.programmes[PROGRAMME], random=random)
    )
    schools = {
        key: School(
            institution=built[key],
            participations=tuple(each for each, _ in signed if each.institution_id == key),
            partners=tuple(partner for each, partner in signed if each.institution_id == key),
            lowest_grade=sites[key].lowest_grade,
            highest_grade=sites[key].highest_grade,
            weight=_weight(built[key], random),
            published=_is_published(sites[key]),
        )
        for key in sorted(periods)
    }
    return Network(
        institutions=built,
        partners=tuple({partner.id: partner for _, partner in signed}.values()),
        participations=tuple(each for each, _ in signed),
        schools=schools,
        quota=_quota(schools),
    )


def _weight(institution: Institution, random: Random) -> int:
    usual = _VOCATIONAL_WEIGHT if institution.kind is InstitutionKind.VOCATIONAL else 100
    return round(usual * random.lognormvariate(0, 0.45))


def _is_published(site: institutions.Site) -> bool:
    return site.named is not None and NAMED[site.named].municipality == MADONA


def _quota(schools: Mapping[InstitutionId, School]) -> Quota:
    quota: dict[tuple[InstitutionId, Semester], int] = {}
    for semester, national in figures.PLANS.items():
        able = [each for each in schools.values() if each.part_of(semester) is not None]
        madona = figures.MADONA_PLANS[semester]
        for total, group in (
            (madona, [each for each in able if each.published]),
            (national - madona, [each for each in able if not each.published]),
        ):
            weights = {each.id: _days(each, semester) * each.weight for each in group}
            plans = shared(total - _AT_LEAST * len(group), weights)
            quota |= {(key, semester): _AT_LEAST + more for key, more in plans.items()}
    return quota


def _days(school: School, semester: Semester) -> int:
    part = school.part_of(semester)
    return 0 if part is None or part.end is None else min((part.end - part.start).days, 120)
