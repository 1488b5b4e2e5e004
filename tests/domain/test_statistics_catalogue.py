"""The catalogue is complete: everything asked for by a code is described in both languages."""

import pytest

from app.db.reference import packaged
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES, definitions, grains
from app.domain.statistics.definitions import (
    PLACE_AND_TIME,
    Dimension,
    DimensionDefinition,
    Grain,
    Measure,
    MeasureDefinition,
)


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
