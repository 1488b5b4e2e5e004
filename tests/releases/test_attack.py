"""The attacks of `make attack`, in small: that they break what they must, and find of releases what theory says."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from uuid import UUID

import pytest

from app.domain.releases.accounting import release_rho
from app.domain.releases.attributes import Attribute, Figure, Level
from app.domain.releases.contributions import Contribution
from app.domain.releases.lattice import STATE
from app.domain.releases.sealing import sealed
from app.domain.releases.tables import table_of
from app.domain.releases.tally import Tally
from tests.attack import customary
from tests.attack.equations import equations
from tests.attack.odds import FALSE_ALARMS, expected_rate, outcome, upper_bound
from tests.attack.recovery import recovery, values_shown, worked_out
from tests.attack.sealed import attack, cost
from tests.attack.victims import LATTICE, MOST_EXPOSED, QUESTIONS, Question, cells_of
from tests.domain.contributions import RISKS, TINY

MEMBERSHIP, ONE_RISK, _ = QUESTIONS
PROMISED = 0.05
WORLDS = 20_000


def untouched(numbers: Sequence[int], _deviation: float) -> list[int]:
    return list(numbers)


def test_nobody_is_more_exposed_than_the_student_whom_the_attack_is_about() -> None:
    """Her presence costs exactly what a release is accounted for."""
    assert cost(MEMBERSHIP) == pytest.approx(float(release_rho(LATTICE)), abs=1e-6)
    assert cost(ONE_RISK) < cost(MEMBERSHIP)


@pytest.mark.parametrize("question", [MEMBERSHIP, ONE_RISK], ids=lambda each: each.name)
def test_theory_promises_what_the_full_attack_then_counts(question: Question) -> None:
    rate = expected_rate(cost(question))
    assert upper_bound(round(rate * WORLDS), WORLDS) < PROMISED


def test_after_four_releases_one_in_seven_of_those_most_exposed_is_found() -> None:
    assert 0.13 < expected_rate(cost(MEMBERSHIP), releases=4) < 0.15


@pytest.mark.parametrize(("question", "worlds"), [(MEMBERSHIP, 150), (ONE_RISK, 700)])
def test_an_attack_on_a_release_finds_as_many_as_theory_says(question: Question, worlds: int) -> None:
    found, _ = attack(question, worlds)
    expected = expected_rate(cost(question))
    assert found.rate < expected + 5 * (expected / worlds) ** 0.5
    assert found.alarms / worlds < FALSE_ALARMS + 5 * (FALSE_ALARMS / worlds) ** 0.5


@pytest.mark.parametrize("rule", customary.RULES, ids=lambda each: each.name)
def test_the_same_attack_breaks_customary_rules(rule: customary.Rule) -> None:
    """In a country where her cells hold anything from nobody to thousands."""
    others = [cell**3 // 400 for cell, _ in enumerate(cells_of(MOST_EXPOSED))]
    found = customary.attack(rule, others, 200, Random(5))
    assert found.rate >= 0.99
    assert found.alarms / found.worlds <= FALSE_ALARMS


def test_who_accuses_without_any_evidence_is_no_better_than_chance() -> None:
    chance = Random(3)
    with_her, without = ([chance.random() for _ in range(5_000)] for _ in range(2))
    assert outcome(with_her, without).rate == pytest.approx(FALSE_ALARMS, abs=0.007)


def a_village() -> Tally:
    chance, tally = Random(8), Tally(TINY)
    for number in range(400):
        tally.add(
            Contribution(
                student_id=UUID(int=number),
                municipality=chance.choices(list(TINY.places), [20, 6, 2, 8, 1])[0],
                institution_kind=chance.choices(["GENERAL", "VOCATIONAL"], [6, 1])[0],
                grade=chance.choices([1, 2, 3], [5, 3, 1])[0],
                continued=chance.random() < 0.3,
                school_year_result=chance.choices(["PROMOTED", "LEFT", None], [8, 1, 4])[0],
                minority_programme=chance.random() < 0.2,
                special_need=chance.choices(["56", None], [1, 9])[0],
                returned_emigrant=chance.random() < 0.05,
                risks=dict.fromkeys(chance.sample(sorted(RISKS), 2)),
                delivered={},
            )
        )
    return tally


def test_what_is_not_shown_is_worked_out_from_totals_and_told_exactly_where_there_is_no_noise() -> None:
    """So hiding alone protects nobody, and the harness sees that."""
    tally = a_village()
    bare = sealed(tally, untouched)
    sums = [each for each in equations(TINY) if each[0][0].figure is Figure.STUDENTS]
    seen = values_shown(bare)
    read = worked_out(seen, sums)
    assert len(read) > len(seen)
    found = recovery(tally, [bare], Level.REGION, sums)
    assert found.gain > 10


def test_one_missing_number_follows_from_its_total() -> None:
    table = table_of(Figure.STUDENTS, Level.STATE, (Attribute.GRADE,))
    total, parts = (table, STATE, 9), tuple((table, STATE, cell) for cell in range(3))
    assert worked_out({total: 40, parts[0]: 21, parts[2]: 15}, [(total, parts)])[parts[1]] == 4
    assert worked_out({parts[0]: 21, parts[1]: 4, parts[2]: 15}, [(total, parts)])[total] == 40
    assert Counter(worked_out({total: 40, parts[0]: 21}, [(total, parts)])) == {total: 40, parts[0]: 21}
