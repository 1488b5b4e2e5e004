"""How many institutions the synthetic register puts into each municipality of before the reform, and what they are called after."""

from datetime import date
from random import Random
from typing import Final

from app.demo.apportionment import apportion
from app.domain.geography import Geography
from app.domain.municipalities import Municipality, MunicipalityKind

LAST_OLD_DAY: Final = date(2021, 6, 30)

IN_CITIES: Final = {
    "Rīga": 118, "Daugavpils": 15, "Jelgava": 10, "Liepāja": 13, "Rēzekne": 9, "Ventspils": 8, "Jūrmala": 13,
    "Valmiera": 7, "Jēkabpils": 6,
}  # fmt: skip
_GENITIVES: Final = {
    "Rīga": "Rīgas", "Jelgava": "Jelgavas", "Liepāja": "Liepājas", "Rēzekne": "Rēzeknes", "Jūrmala": "Jūrmalas",
    "Valmiera": "Valmieras",
}  # fmt: skip


def counts(geography: Geography, *, total: int, named: frozenset[str], random: Random) -> dict[str, int]:
    """Institutions of general education per municipality (ATVK code), `total` of them; none beside the `named` municipalities' own."""
    places = [each for each in geography.valid_on(LAST_OLD_DAY) if each.name_lv not in named]
    cities = {each.code: IN_CITIES[each.name_lv] for each in places if each.kind is MunicipalityKind.STATE_CITY}
    rural = [each.code for each in places if each.code not in cities]
    # At least two, so that there is one to merge with and one to transfer to.
    surplus = apportion(total - sum(cities.values()) - 2 * len(rural), [random.randint(1, 10) for _ in rural])
    return cities | {code: 2 + more for code, more in zip(rural, surplus, strict=True)}


def stem(municipality: Municipality) -> str:
    """The place name as it stands before the word for a school."""
    name = municipality.name_lv
    return _GENITIVES.get(name, name.removesuffix(" novads"))


def general_names(municipality: Municipality, count: int) -> list[tuple[str, int, int]]:
    """Names with the lowest and the highest grade taught."""
    town = municipality.kind is MunicipalityKind.STATE_CITY
    place = stem(municipality)
    if not town and any(place == _GENITIVES.get(city, city) for city in IN_CITIES):
        place = f"{place} novada"  # a city of the same name has schools of the plain name
    names: list[tuple[str, int, int]] = []
    for number in range(1, count + 1):
        if town:
            kind = ("vidusskola", "vidusskola", "pamatskola")[number % 3]
            names.append((f"{place} {number}. {kind}", 1, 9 if kind == "pamatskola" else 12))
        elif number <= 2:
            names.append((f"{place} vidusskola", 1, 12) if number == 1 else (f"{place} pamatskola", 1, 9))
        elif number == 3:
            names.append((f"{place} novada ģimnāzija", 7, 12))
        else:
            names.append((f"{place} {number - 2}. pamatskola", 1, 9))
    return names


def successor(geography: Geography, code: str, index: int) -> str | None:
    """What a municipality became; where it was split, institutions go to each part in turn. None while it lasts."""
    heirs = sorted(
        each.successor for each in geography.successions if each.predecessor == code and each.successor != code
    )
    municipality = geography.municipality(code)
    if municipality is None or municipality.period.end is None:
        return None
    return heirs[index % len(heirs)]
