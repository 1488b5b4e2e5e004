"""The catalogue is complete: everything asked for by a code is described in both languages."""

from decimal import Decimal

import pytest

from app.db.reference import packaged
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES, complete, counted, definitions, grains
from app.domain.statistics.definitions import (
    PLACE_AND_TIME,
    Dimension,
    DimensionDefinition,
    Grain,
    Measure,
    MeasureDefinition,
    MeasureUnit,
)
from app.domain.statistics.rates import Rate


def test_every_measure_and_dimension_is_defined_under_its_code() -> None:
    assert list(MEASURES) == list(Measure)
    assert list(DIMENSIONS) == list(Dimension)


@pytest.mark.parametrize(
    "definition", list(definitions(tuple(Measure), tuple(Dimension))), ids=lambda definition: definition.code
)
def test_every_definition_speaks_both_languages(definition: MeasureDefinition | DimensionDefinition) -> None:
    assert definition.name_lv
    assert definition.name_en
    assert definition.name_lv != definition.name_en
    assert definition.definition_lv.endswith(".")
    assert definition.definition_en.endswith(".")
    assert definition.definition_lv != definition.definition_en


def test_filters_and_code_lists_exist_once() -> None:
    assert len({each.filter_name for each in DIMENSIONS.values()}) == len(Dimension)
    lists = {each.name for each in packaged().code_lists}
    assert {each.code_list for each in DIMENSIONS.values() if each.code_list} <= lists


def test_a_range_is_named_where_codes_have_an_order() -> None:
    named = {each.code: each.range_name for each in DIMENSIONS.values() if each.range_name}
    assert named == {
        Dimension.SEMESTER: "semesterRange",
        Dimension.SCHOOL_YEAR: "schoolYearRange",
        Dimension.GRADE: "gradeRange",
    }


@pytest.mark.parametrize("rate", [each for each in MEASURES.values() if each.share], ids=lambda each: each.code)
def test_a_rate_is_asked_by_all_that_its_parts_are_asked_by(rate: MeasureDefinition) -> None:
    assert rate.unit is MeasureUnit.SHARE
    assert rate.share is not None
    parts = [MEASURES[rate.share.numerator], MEASURES[rate.share.denominator]]
    assert [each.share for each in parts] == [None, None]
    assert {each.dimensions for each in parts} == {rate.dimensions}


def test_shares_are_rates_and_nothing_else_is() -> None:
    assert all((each.unit is MeasureUnit.SHARE) == (each.share is not None) for each in MEASURES.values())


def test_a_rate_is_made_of_what_is_counted_for_it() -> None:
    asked = {Measure.CONTINUATION_RATE, Measure.PLANS, Measure.EUR}
    assert counted(asked) == {Measure.PLANS, Measure.PLANS_CONTINUED, Measure.EUR}
    counts: dict[Measure, int | Decimal] = {Measure.PLANS: 8, Measure.PLANS_CONTINUED: 2, Measure.EUR: Decimal("1.50")}
    assert complete(asked, counts) == {
        Measure.CONTINUATION_RATE: Rate(numerator=2, denominator=8),
        Measure.PLANS: 8,
        Measure.EUR: Decimal("1.50"),
    }


def test_participation_knows_place_and_time_alone() -> None:
    assert MEASURES[Measure.INSTITUTIONS_PARTICIPATING].dimensions == PLACE_AND_TIME
    assert MEASURES[Measure.PLANS].dimensions == frozenset(Dimension)


def test_measures_tell_what_they_count() -> None:
    assert grains({Measure.STUDENTS, Measure.EUR}) == {Grain.PLAN, Grain.INTERVENTION}
    assert [each.code for each in definitions({Measure.EUR, Measure.PLANS}, {Dimension.RISK})] == [
        "PLANS",
        "EUR",
        "RISK",
    ]
