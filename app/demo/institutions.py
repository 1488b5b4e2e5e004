"""The institutions of the synthetic register: the named ones of Madona, and made-up ones everywhere else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from app.demo import places
from app.demo.named_institutions import NAMED
from app.domain.code_lists import Founder, InstitutionKind
from app.domain.geography import Geography
from app.domain.ids import InstitutionId
from app.domain.institutions import Institution, Location, RegistrationNumber, check_institution
from app.domain.municipalities import Municipality
from app.domain.periods import Period

GENERAL, VOCATIONAL = 614, 26
OPENED: Final = date(1992, 9, 1)
RENUMBERED: Final = date(2021, 9, 1)
_CLOSINGS: Final = (date(2020, 6, 30), places.LAST_OLD_DAY)
_MERGERS = 10
_YOUNG = 6
_STATE, _PRIVATE = 6, 12
_VOCATIONAL_SEATS: Final = (
    "Rīga", "Rīga", "Rīga", "Rīga", "Rīga", "Rīga", "Jelgava", "Liepāja", "Daugavpils", "Rēzekne", "Ventspils", "Jūrmala",
    "Valmiera", "Jēkabpils", "Cēsu novads", "Bauskas novads", "Saldus novads", "Kuldīgas novads", "Ogres novads", "Smiltenes novads",
    "Dobeles novads", "Tukuma novads", "Alūksnes novads", "Krāslavas novads", "Priekules novads", "Aizkraukles novads",
)  # fmt: skip


@dataclass(slots=True)
class Site:
    """An institution in the making. `municipality` is that of before the reform."""

    name: str
    kind: InstitutionKind
    founder: Founder
    municipality: str
    lowest_grade: int
    highest_grade: int
    number: str | None
    named: int | None = None
    opened_on: date = OPENED
    closed_on: date | None = None
    merged_into: InstitutionId | None = None
    numbers: tuple[RegistrationNumber, ...] = field(default=())


def sites(geography: Geography, random: Random) -> dict[InstitutionId, Site]:
    """All of them by id. Ids run from 1, so that they can be told from one run to the next."""
    found = [*_general(geography, random), *_vocational(geography)]
    by_id = {InstitutionId(at): site for at, site in enumerate(found, start=1)}
    _found(by_id, random)
    _merge(by_id, random)
    _renumber(by_id, random)
    return by_id


def institution(identity: InstitutionId, site: Site, geography: Geography) -> Institution:
    """Raises Invalid unless it keeps the register's rules, as every institution must."""
    return check_institution(
        Institution(
            id=identity,
            name=site.name,
            kind=site.kind,
            founder=site.founder,
            registration_numbers=site.numbers,
            locations=_locations(identity, site, geography),
            opened_on=site.opened_on,
            closed_on=site.closed_on,
            merged_into=site.merged_into,
        ),
        geography,
    )


def _general(geography: Geography, random: Random) -> Iterator[Site]:
    by_name = {each.name_lv: each for each in geography.valid_on(places.LAST_OLD_DAY)}
    for index, each in enumerate(NAMED):
        site = _site(each.name, by_name[each.municipality], each.lowest_grade, each.highest_grade)
        site.number, site.named, site.closed_on = each.number, index, each.closed_on
        yield site
    named = frozenset(each.municipality for each in NAMED)
    for code, count in places.counts(geography, total=GENERAL - len(NAMED), named=named, random=random).items():
        municipality = geography.municipality(code)
        assert municipality is not None  # noqa: S101 - the code comes from the same geography
        for name, lowest, highest in places.general_names(municipality, count):
            yield _site(name, municipality, lowest, highest)


def _vocational(geography: Geography) -> Iterator[Site]:
    by_name = {each.name_lv: each for each in geography.valid_on(places.LAST_OLD_DAY)}
    for index, seat in enumerate(_VOCATIONAL_SEATS):
        kind = ("tehnikums", "Profesionālās izglītības centrs", "Valsts tehnikums")[index % 3]
        place = places.stem(by_name[seat])
        before = _VOCATIONAL_SEATS[:index].count(seat)
        site = _site(f"{place} {before + 1}. {kind}" if before else f"{place} {kind}", by_name[seat], 1, 4)
        site.kind, site.founder = InstitutionKind.VOCATIONAL, Founder.STATE
        yield site


def _site(name: str, municipality: Municipality, lowest: int, highest: int) -> Site:
    return Site(name, InstitutionKind.GENERAL, Founder.MUNICIPALITY, municipality.code, lowest, highest, None)


def _found(by_id: Mapping[InstitutionId, Site], random: Random) -> None:
    others = [
        key
        for key, site in by_id.items()
        if site.kind is InstitutionKind.GENERAL and site.named is None and site.highest_grade == 12
    ]
    for at, identity in enumerate(random.sample(others, _STATE + _PRIVATE)):
        by_id[identity].founder = Founder.STATE if at < _STATE else Founder.PRIVATE


def _merge(by_id: Mapping[InstitutionId, Site], random: Random) -> None:
    """Some of those that teach grades 1-9 close and go into the first school of their municipality; some others are young."""
    first: dict[str, InstitutionId] = {}
    for identity, site in by_id.items():
        if site.kind is InstitutionKind.GENERAL:
            first.setdefault(site.municipality, identity)
    small = [
        identity
        for identity, site in by_id.items()
        if site.named is None
        and site.founder is Founder.MUNICIPALITY
        and site.highest_grade == 9
        and first[site.municipality] != identity
    ]
    chosen = random.sample(small, _MERGERS + _YOUNG)
    for at, identity in enumerate(chosen[:_MERGERS]):
        by_id[identity].closed_on = _CLOSINGS[at % 2]
        by_id[identity].merged_into = first[by_id[identity].municipality]
    for identity in chosen[_MERGERS:]:
        by_id[identity].opened_on = date(2018, 9, 1)


def _renumber(by_id: Mapping[InstitutionId, Site], random: Random) -> None:
    """Made-up numbers begin with 00, which no real one does; one in ten was renumbered after the reform."""
    for identity, site in by_id.items():
        number = site.number or (None if site.named is not None else f"00{site.municipality[:4]}{identity:04}")
        if number is None:
            continue
        changes = site.named is None and site.closed_on is None and random.random() < 0.1
        end = RENUMBERED - timedelta(days=1) if changes else site.closed_on
        entries = [RegistrationNumber(number=number, period=Period(site.opened_on, end))]
        if changes:
            entries.append(RegistrationNumber(number=f"009{number[3:]}", period=Period(RENUMBERED)))
        site.numbers = tuple(entries)


def _locations(identity: InstitutionId, site: Site, geography: Geography) -> tuple[Location, ...]:
    """Where it lies, from one reform to the next: known successions of later years included."""
    found: list[Location] = []
    code: str | None = site.municipality
    since = site.opened_on
    while code is not None:
        municipality = geography.municipality(code)
        assert municipality is not None  # noqa: S101 - the code comes from the same geography
        start, end = max(since, municipality.period.start), municipality.period.end
        if site.closed_on is not None and (end is None or site.closed_on <= end):
            return (*found, Location(municipality=code, period=Period(start, site.closed_on)))
        found.append(Location(municipality=code, period=Period(start, end)))
        code = places.successor(geography, code, identity)
        since = start if end is None else end + timedelta(days=1)
    return tuple(found)
