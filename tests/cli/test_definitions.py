"""docs/definitions.md tells of every measure, every dimension, and every contradiction that was published."""

import re

from app.cli.contradictions import CONTRADICTIONS
from app.cli.definitions import definitions
from app.domain.statistics.definitions import Dimension, Measure


def test_every_measure_and_dimension_has_its_heading() -> None:
    headings = re.findall(r"^### (\w+)$", definitions(), re.MULTILINE)
    assert headings == [*Measure, *Dimension]


def test_a_rate_names_its_parts() -> None:
    assert "### IMPROVED_RATE\n" in definitions()
    assert "\nRISKS_IMPROVED of RISKS_WITH_RESULT.\n" in definitions()


def test_what_is_left_out_is_told_where_it_is_less() -> None:
    assert "Unit: EUR. Grouped and filtered by every dimension but DELIVERY_MODE." in definitions()
    assert (
        "Unit: INSTITUTION. Grouped and filtered by REGION, MUNICIPALITY, INSTITUTION, SEMESTER, SCHOOL_YEAR and INSTITUTION_KIND."
        in definitions()
    )


def test_contradictions_are_those_of_the_published_figures() -> None:
    numbers = [*range(1, 17), 19, 20, 21, 23, 24]
    assert [each.id for each in CONTRADICTIONS] == [f"K{number:02}" for number in numbers]


def test_a_contradiction_names_the_measures_that_answer_it() -> None:
    text = definitions()
    assert "### K05: More than 63,000 students\n" in text
    assert "**Answered by PLANS and STUDENTS.** Plans count a student once for each plan." in text
    assert "**Answered by no measure.** The register knows no youth projects yet." in text
