"""Which measures a release answers."""

from app.domain.outcomes import Result
from app.domain.releases.attributes import Attribute, Figure, Level
from app.domain.releases.measures import ATTRIBUTES, PARTS
from app.domain.releases.tables import find_table
from app.domain.statistics.catalogue import MEASURES
from app.domain.statistics.definitions import Dimension, Measure
from tests.domain.contributions import NATIONAL


def test_every_part_is_made_of_cells_that_the_state_has() -> None:
    for part in PARTS.values():
        risk = (Attribute.RISK,) if part.per_risk else ()
        assert find_table(part.figure, Level.STATE, (*risk, *part.where)) is not None
        assert all(set(codes) <= set(NATIONAL.codes[attribute]) for attribute, codes in part.where.items())


def test_both_parts_of_most_rates_are_there() -> None:
    rates = {code for code, each in MEASURES.items() if each.share is not None}
    whole = {code for code in rates if (s := MEASURES[code].share) and {s.numerator, s.denominator} <= PARTS.keys()}
    assert rates - whole == {Measure.ATTENDANCE_RATE}


def test_the_example_of_risks_improved() -> None:
    part = PARTS[Measure.RISKS_IMPROVED]
    assert (part.figure, part.per_risk) == (Figure.STUDENTS, True)
    assert part.where == {Attribute.RISK_RESULT: (Result.RESOLVED, Result.REDUCED)}


def test_dimensions_have_the_names_of_attributes() -> None:
    assert ATTRIBUTES[Dimension.RISK_GROUP] is Attribute.RISK_GROUP
    assert len(ATTRIBUTES) == len(Attribute) - 1
