"""What is published for the country is dealt out to the blocks without loss."""

import pytest

from app.db.reference import packaged
from app.demo import figures
from app.demo.blocks import Block
from app.demo.figures import QUARTERS, Topic
from app.domain.calendar import Semester
from app.domain.code_lists import InstitutionKind


def group_of(risk: str) -> str:
    return packaged().code_lists.risk(risk).group


@pytest.mark.parametrize("published", figures.PUBLISHED_HOURS, ids=lambda each: f"{each[0]}-{each[3]}")
def test_blocks_together_hold_the_published_hours(
    national: tuple[Block, ...], published: tuple[Topic, tuple[InstitutionKind, ...], tuple[Semester, ...], int]
) -> None:
    topic, kinds, semesters, hours = published
    held = sum(
        block.targets[semester].quarters[topic] for block in national if block.kind in kinds for semester in semesters
    )
    assert held == hours * QUARTERS


@pytest.mark.parametrize(
    ("group", "printed"), [("LEARNING", 74), ("ECONOMIC", 21), ("SOCIAL_HEALTH", 5), ("FAMILY", 1)]
)
def test_shares_of_the_risk_groups_as_printed(national: tuple[Block, ...], group: str, printed: int) -> None:
    of_year = [block.targets[semester] for block in national for semester in figures.PUBLISHED_HOURS[0][2]]
    economic = sum(sum(each.economic.values()) for each in of_year)
    whole = economic + sum(each.consultations for each in of_year)
    of_group = sum(many for each in of_year for risk, many in each.risks.items() if group_of(risk) == group)
    assert round(100 * (economic if group == "ECONOMIC" else of_group) / whole) == printed


@pytest.mark.parametrize(
    ("risk", "printed"),
    [
        ("LEARNING_DIFFICULTY", 48.4),
        ("LOW_ACHIEVEMENT", 17.0),
        ("CONTENT_BACKLOG", 15.2),
        ("BEHAVIOUR_PROBLEMS", 4.1),
        ("LANGUAGE_BARRIER", 3.6),
        ("UNEXCUSED_ABSENCE", 3.0),
        ("DISABILITY", 16.1),
        ("SPECIAL_NEEDS", 16.1),
        ("ILL_RELATIVE", 13.5),
        ("PREGNANCY_OR_CHILD", 10.7),
        ("FAMILY_CONFLICT", 20.3),
        ("LACK_OF_PARENTAL_SUPPORT", 14.3),
        ("PARENT_WORKS_ELSEWHERE", 13.1),
        ("PARENT_ADDICTION", 8.4),
    ],
)
def test_shares_within_a_group_as_printed(national: tuple[Block, ...], risk: str, printed: float) -> None:
    of_year = [block.targets[semester].risks for block in national for semester in figures.PUBLISHED_HOURS[0][2]]
    whole = sum(many for each in of_year for code, many in each.items() if group_of(code) == group_of(risk))
    assert round(100 * sum(each[risk] for each in of_year) / whole, 1) == printed


def test_about_two_and_a_half_million_interventions(national: tuple[Block, ...]) -> None:
    targets = [each for block in national for each in block.targets.values()]
    assert 2_400_000 < sum(each.consultations + sum(each.economic.values()) for each in targets) < 2_600_000


def test_mathematics_is_first_and_latvian_second_everywhere(national: tuple[Block, ...]) -> None:
    second = figures.PUBLISHED_HOURS[4][2][0]
    for kind in InstitutionKind:
        hours = {
            topic: sum(block.targets[second].quarters[topic] for block in national if block.kind is kind)
            for topic in figures.HOURS_PER_PLAN[kind]
            if topic.subject is not None
        }
        assert sorted(hours, key=lambda each: -hours[each])[:3] == [
            figures.MATHEMATICS,
            figures.LATVIAN,
            figures.ENGLISH,
        ]
