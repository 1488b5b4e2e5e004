"""Programmes, read from the packaged reference data."""

from datetime import date

from app.db.reference import packaged
from app.domain.errors import NotFound
from app.domain.programmes import Programme


def find(*, on: date | None = None) -> tuple[Programme, ...]:
    return tuple(each for each in packaged().programmes.values() if on is None or on in each.period)


def get(code: str) -> Programme:
    """Raises NotFound."""
    programme = packaged().programmes.get(code)
    if programme is None:
        raise NotFound("programme")
    return programme
