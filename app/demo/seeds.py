"""Chance that can be repeated: everything random in the synthetic register comes from one seed and a name for its purpose."""

from datetime import date
from random import Random
from uuid import UUID

DEFAULT_SEED = 2017
_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400_000
_VERSION_4 = 4 << 76
_VERSION_7 = 7 << 76
_VARIANT = 2 << 62
_VERSION_BITS = ~(0xF << 76)
_VARIANT_BITS = ~(0x3 << 62)
_LOW_76 = (1 << 76) - 1
_OFFICE_OPENS = 6 * 3_600_000
_OFFICE_HOURS = 10 * 3_600_000


def chance(seed: int, *purpose: object) -> Random:
    """The same for the same seed and purpose, on every machine and in every process."""
    return Random("/".join(map(str, (seed, *purpose))))


def random_id(random: Random) -> UUID:
    """Version 4: it says nothing."""
    return UUID(int=random.getrandbits(128) & _VERSION_BITS & _VARIANT_BITS | _VERSION_4 | _VARIANT)


def dated_id(random: Random, day: date) -> UUID:
    """Version 7, made in the working hours of `day`: what happened later sorts later."""
    bits = random.getrandbits(116)
    moment = (day.toordinal() - _EPOCH) * _DAY + _OFFICE_OPENS + (bits >> 76) % _OFFICE_HOURS
    return UUID(int=moment << 80 | _VERSION_7 | bits & _LOW_76 & _VARIANT_BITS | _VARIANT)
