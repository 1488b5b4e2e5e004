"""Rows for the bulk path where the nouns' own files have none: institutions and partners with ids that are given, and parts of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.db import institutions
from app.domain.institutions import Institution
from app.domain.participations import Partner

Row = Mapping[str, Any]


def institution(each: Institution) -> Row:
    """With its id: what is imported is already known by it."""
    return {"id": each.id, **institutions.values(each)}


def registrations(those: Iterable[Institution]) -> Iterator[Row]:
    for each in those:
        for entry in each.registration_numbers:
            yield {
                "institution_id": each.id,
                "number": entry.number,
                "valid_from": entry.period.start,
                "valid_to": entry.period.end,
            }


def locations(those: Iterable[Institution]) -> Iterator[Row]:
    for each in those:
        for place in each.locations:
            yield {
                "institution_id": each.id,
                "municipality": place.municipality,
                "valid_from": place.period.start,
                "valid_to": place.period.end,
            }


def partner(each: Partner) -> Row:
    return {"id": each.id, "municipality": each.municipality, "institution_id": each.institution_id}
