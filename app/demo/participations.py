"""When the institutions of the synthetic register take part, so that their published numbers hold on the published days."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from app.demo.institutions import Site
from app.demo.named_institutions import MADONA_AGREEMENT, NAMED
from app.demo.seeds import dated_id
from app.domain.code_lists import Founder, InstitutionKind
from app.domain.ids import InstitutionId, ParticipationId, PartnerId
from app.domain.institutions import Institution
from app.domain.participations import Participation, Partner, check_participation
from app.domain.periods import Period
from app.domain.programmes import Programme


@dataclass(frozen=True, slots=True)
class Cohort:
    """Institutions that begin on one of these days. Named institutions are counted in."""

    days: tuple[date, ...]
    total: int
    vocational: int = 0
    state: int = 0


COHORTS: Final = (
    Cohort((date(2017, 9, 1), date(2017, 10, 1), date(2017, 11, 1)), 163, vocational=9),
    Cohort((date(2018, 1, 1), date(2018, 2, 1)), 60, vocational=3),
    Cohort((date(2018, 9, 1),), 110, vocational=6),
    Cohort((date(2019, 1, 1),), 109, vocational=4),
    Cohort((date(2019, 9, 1), date(2019, 10, 1), date(2019, 11, 1)), 90, vocational=2, state=3),
    Cohort((date(2020, 1, 1),), 14, vocational=1),
    Cohort((date(2020, 9, 1),), 12, state=2),
    Cohort((date(2021, 1, 1),), 6, vocational=1),
    Cohort((date(2021, 9, 1),), 14),
)
"""163 in the autumn of 2017; 438 in July 2019, when four of the 442 had stopped; 90 more from September to November, which makes
528 at the end of 2019."""

_STOPPED_EARLY = 2
_STOPPED_ON: Final = date(2019, 5, 31)
_PAUSED = 6
_PAUSE: Final = (date(2020, 6, 30), date(2021, 1, 1))


def plan_periods(sites: Mapping[InstitutionId, Site], random: Random) -> dict[InstitutionId, tuple[Period, ...]]:
    """Periods of each institution that ever takes part."""
    periods: dict[InstitutionId, tuple[Period, ...]] = {
        identity: (NAMED[site.named].participation,) for identity, site in sites.items() if site.named is not None
    }
    named_starts = [each.participation.start for each in NAMED]
    pools = _pools(sites, random)
    for number, cohort in enumerate(COHORTS):
        following = COHORTS[number + 1].days[0] if number + 1 < len(COHORTS) else date.max
        named = sum(cohort.days[0] <= start < following for start in named_starts)
        municipal = cohort.total - named - cohort.vocational - cohort.state
        taken = [
            pools[key].pop()
            for key, many in zip(pools, (municipal, cohort.vocational, cohort.state), strict=True)
            for _ in range(many)
        ]
        for identity in taken:
            start = max(random.choice(cohort.days), sites[identity].opened_on)
            periods[identity] = (Period(start, sites[identity].closed_on),)
        if number == 2:
            _stop_and_pause(periods, taken, sites)
    return periods


def _pools(sites: Mapping[InstitutionId, Site], random: Random) -> dict[str, list[InstitutionId]]:
    """Who may still join, the next one last. A school that opens or closes joins when it can; the private ones never do."""
    municipal = [
        key
        for key, site in sites.items()
        if site.named is None and site.kind is InstitutionKind.GENERAL and site.founder is Founder.MUNICIPALITY
    ]
    vocational = [key for key, site in sites.items() if site.kind is InstitutionKind.VOCATIONAL]
    state = [
        key for key, site in sites.items() if site.kind is InstitutionKind.GENERAL and site.founder is Founder.STATE
    ]
    for pool in (municipal, vocational, state):
        random.shuffle(pool)
    # Schools that close, and those they go into, must have joined by then: they stand at the end, and so come first.
    early = {key for key, site in sites.items() if site.closed_on is not None} | {
        site.merged_into for site in sites.values() if site.merged_into is not None
    }
    municipal.sort(key=lambda key: (key in early) - (sites[key].opened_on.year > 2017))
    return {"municipal": municipal, "vocational": vocational, "state": state}


def _stop_and_pause(
    periods: dict[InstitutionId, tuple[Period, ...]],
    cohort: Sequence[InstitutionId],
    sites: Mapping[InstitutionId, Site],
) -> None:
    able = [each for each in cohort if sites[each].closed_on is None and sites[each].kind is InstitutionKind.GENERAL]
    for identity in able[:_STOPPED_EARLY]:
        periods[identity] = (Period(periods[identity][0].start, _STOPPED_ON),)
    for identity in able[_STOPPED_EARLY : _STOPPED_EARLY + _PAUSED]:
        closed, reopened = _PAUSE
        periods[identity] = (Period(periods[identity][0].start, closed), Period(reopened))


class Agreements:
    """Partners as they are needed: the institution itself where the state founded it, otherwise the municipality of the day."""

    def __init__(self) -> None:
        self.partners: dict[str | InstitutionId, Partner] = {}
        self.dates: dict[PartnerId, date] = {}

    def sign(self, institution: Institution, start: date) -> Partner:
        own = institution.founder is Founder.STATE
        signatory: str | InstitutionId = (
            institution.id if own else str(institution.municipality_on(max(start, institution.opened_on)))
        )
        if signatory not in self.partners:
            identity = PartnerId(len(self.partners) + 1)
            self.partners[signatory] = Partner(
                id=identity,
                municipality=None if own else str(signatory),
                institution_id=institution.id if own else None,
            )
            self.dates[identity] = start - timedelta(days=10 + identity % 20)
        return self.partners[signatory]


def participations(
    institutions: Mapping[InstitutionId, Institution],
    periods: Mapping[InstitutionId, tuple[Period, ...]],
    *,
    programme: Programme,
    random: Random,
) -> Iterator[tuple[Participation, Partner]]:
    """In the order of their first days. Raises Invalid unless each keeps the register's rules."""
    agreements = Agreements()
    madona = institutions[InstitutionId(1)].municipality_on(NAMED[0].participation.start)
    kept: dict[InstitutionId, list[Participation]] = {}
    in_order = sorted((period.start, identity, period) for identity, each in periods.items() for period in each)
    for start, identity, period in in_order:
        partner = agreements.sign(institutions[identity], start)
        of_madona = partner.municipality == madona
        others = kept.setdefault(identity, [])
        participation = check_participation(
            Participation(
                id=ParticipationId(dated_id(random, start)),
                institution_id=identity,
                programme=programme.code,
                partner_id=partner.id,
                agreement_number=MADONA_AGREEMENT[0] if of_madona else f"P6-13/{1000 + partner.id}",
                agreement_date=MADONA_AGREEMENT[1] if of_madona else agreements.dates[partner.id],
                period=period,
            ),
            institution=institutions[identity],
            programme=programme,
            others=others,
        )
        others.append(participation)
        yield participation, partner
