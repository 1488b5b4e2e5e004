"""Filters as trees, counted by hand from tiny_plans.py."""

import pytest

from tests.graphql.conftest import Ask

pytestmark = pytest.mark.usefixtures("tiny_register")


@pytest.mark.parametrize(
    ("where", "plans"),
    [
        ('or: [{regions: ["PR-RIGA"]}, {grades: [8]}]', 4),
        ('not: {regions: ["PR-VIDZEME"]}', 4),
        ("gradeRange: {from: 7, to: 8}", 5),
        ("gradeRange: {to: 6}", 2),
        ('semesterRange: {from: "2020-2"}', 6),
        ('schoolYearRange: {to: "2020/21"}', 6),
        ('schoolYearRange: {from: "2020/21", to: "2020/21"}, not: {semesters: ["2020-1"]}', 4),
        ('and: [{regions: ["PR-VIDZEME"]}, {or: [{grades: [9]}, {semesters: ["2021-1"]}]}]', 2),
        ('not: {or: [{regions: ["PR-VIDZEME"]}, {not: {grades: [7]}}]}', 2),
        ("minorityProgramme: true", 1),
        ("returnedEmigrant: false", 7),
        ('specialNeeds: ["56"]', 1),
        ("schoolYearResults: [PROMOTED, LEFT_EARLY]", 4),
        ("not: {schoolYearResults: [PROMOTED]}", 5),
        ("riskResults: [RESOLVED]", 2),
        ('municipalities: ["0038000"]', 1),
    ],
)
async def test_trees_and_ranges(ask: Ask, where: str, plans: int) -> None:
    answer = await ask(f"where: {{{where}}}", "totals { plans }")
    assert answer["totals"]["plans"] == plans


async def test_not_a_risk_is_another_risk(ask: Ask) -> None:
    answer = await ask('where: {not: {risks: ["LEARNING_DIFFICULTY"]}}', "totals { plans risksAnswered }")
    assert answer["totals"] == {"plans": 7, "risksAnswered": 7}, "the college's plan answers nothing else"


async def test_one_intervention_has_all_that_is_said_of_what_was_delivered(ask: Ask) -> None:
    async def counted(where: str) -> tuple[int, int]:
        answer = await ask(f"where: {{{where}}}", "totals { plans interventions }")
        return answer["totals"]["plans"], answer["totals"]["interventions"]

    assert await counted('and: [{subjects: ["MATHEMATICS"]}, {deliveryModes: [REMOTE]}]') == (1, 1)
    assert await counted('or: [{subjects: ["ENGLISH"]}, {specialists: ["PSYCHOLOGIST"]}]') == (2, 2)
    assert await counted('not: {subjects: ["MATHEMATICS"]}') == (2, 3), "what has no subject is not mathematics"
    assert await counted('subjects: ["MATHEMATICS"], specialists: ["PSYCHOLOGIST"]') == (0, 0)


async def test_variables_filter_as_literals_do(post: Ask) -> None:
    document = "query Plans($where: StatisticsFilter) { statistics(where: $where) { totals { plans } } }"
    where = {"or": [{"regions": ["PR-RIGA"]}, {"not": {"gradeRange": {"from": 8}}}], "minorityProgramme": None}
    answer = (await post(document, where=where)).json()
    assert answer["data"]["statistics"]["totals"]["plans"] == 4


async def test_faults_of_a_tree_are_told_by_their_places(refused: Ask) -> None:
    where = 'or: [{gradeRange: {from: 9, to: 5}}, {not: {risks: ["LOW_ACHIEVEMENT", "NONE"]}}]'
    error = await refused(f"{{ statistics(where: {{{where}}}) {{ totals {{ plans }} }} }}")
    assert [(each["pointer"], each["code"]) for each in error["violations"]] == [
        ("/where/or/0/gradeRange", "wrong-way-round"),
        ("/where/or/1/not/risks/1", "unknown-code"),
    ]
    error = await refused("{ statistics(where: {not: {}, or: []}) { totals { plans } } }")
    assert {(each["pointer"], each["code"]) for each in error["violations"]} == {
        ("/where/not", "empty"),
        ("/where/or", "empty"),
    }


async def test_faults_of_a_tree_are_told_with_those_of_the_rest(refused: Ask) -> None:
    error = await refused(
        "{ statistics(by: [RISK, RISK], where: {not: {}, grades: [99]}, orderBy: [{}], first: 0) { groups { plans } } }"
    )
    assert {(each["pointer"], each["code"]) for each in error["violations"]} == {
        ("/where/not", "empty"),
        ("/where/grades/0", "unknown-code"),
        ("/by/1", "duplicate"),
        ("/orderBy/0", "measure-or-dimension"),
        ("/first", "out-of-range"),
    }


async def test_a_tree_is_as_deep_as_a_filter_may_be(ask: Ask, refused: Ask) -> None:
    async def nested(depth: int) -> str:
        return "or: [{" * depth + 'risks: ["LOW_ACHIEVEMENT"]' + "}]" * depth

    answer = await ask(f"where: {{{await nested(5)}}}", "totals { plans }")
    assert answer["totals"]["plans"] == 3
    error = await refused(f"{{ statistics(where: {{{await nested(6)}}}) {{ totals {{ plans }} }} }}")
    assert error["code"] == "document-too-costly"
    nots = "not: {" * 6 + "grades: [5]" + "}" * 6
    error = await refused(f"{{ statistics(where: {{{nots}}}) {{ totals {{ plans }} }} }}")
    assert [each["code"] for each in error["violations"]] == ["filter-too-deep"]
