"""What a document may cost. Nothing here reaches the database: it is refused before it is validated."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from graphql import GraphQLError, parse

from app.api.graphql import sizes
from app.api.graphql.casework.connections import LARGEST, USUAL
from app.api.graphql.cost import A_LIST, GROUPS, LIMITS, Cost, cost_of
from app.api.graphql.documents import MAX_OVERLAPS, MAX_TOKENS, REMEMBERED, Document, read
from app.api.graphql.schema import schema
from app.domain.actors import Actor, Role
from app.domain.statistics.group_rules import MAX_GROUPS

ANALYST = Actor(subject="analyst", role=Role.ANALYST)
SCHEMA = schema._schema  # noqa: SLF001 - strawberry offers no other way


def known(document: str) -> Document:
    return read(document, SCHEMA)


def cost(document: str) -> Cost:
    return cost_of(parse(document), SCHEMA)


def refusal(document: str) -> str:
    with pytest.raises(GraphQLError) as caught:
        known(document)
    return caught.value.message


def test_an_ordinary_document_passes() -> None:
    assert known("{ statistics { groups { plans } } }").flaws == ()


def test_depth() -> None:
    def nested(depth: int) -> str:
        return "{a" * depth + "}" * depth

    assert known(nested(LIMITS.depth)).flaws
    assert refusal(nested(LIMITS.depth + 1)) == "The document is more than 20 levels deep."
    assert "too deeply" in refusal(nested(400)), "the parser itself stops"


def test_fields_aliases_directives_and_questions() -> None:
    twice = "fragment f on Query { a {" + "b " * 501 + "} }"
    assert refusal("{ ...f ...f } " + twice) == "The document has more than 1000 fields."
    assert (
        refusal("{ a {" + "".join(f"c{n}: b " for n in range(LIMITS.aliases + 1)) + "} }")
        == "The document has more than 50 aliases."
    )
    assert (
        refusal("{ a " + "@include(if: true) " * (LIMITS.directives + 1) + "}")
        == "The document has more than 50 directives."
    )
    assert "more than 50 directives" in refusal("query q " + "@a " * (LIMITS.directives + 1) + "{ a }")
    assert refusal("{" + "a " * (LIMITS.roots + 1) + "}") == "The document has more than 20 fields at the top."
    assert "token" in refusal("{" + "a " * MAX_TOKENS + "}").lower()


def test_a_page_costs_what_it_may_hold_and_what_is_below_it_so_many_times() -> None:
    assert cost("{ students { edges { node { id } } pageInfo { hasNextPage } } }").records == USUAL
    assert cost("{ students(first: 3) { edges { node { id } } } }").records == 3
    assert cost("query ($n: Int!) { students(first: $n) { edges { node { id } } } }").records == LARGEST
    assert cost("{ students(first: 3) { edges { node { plans { code } } } } }").records == 3 * (1 + A_LIST)
    below = "edges { node { plans { interventions(first: 2) { edges { node { id } } } } } }"
    assert cost("{ students(first: 3) {" + below + "} }").records == 3 * (1 + A_LIST * (1 + 2))
    spread = "{ students(first: 3) { ...page } } fragment page on StudentConnection {" + below + "}"
    assert cost(spread).records == 3 * (1 + A_LIST * (1 + 2))
    assert (
        cost("{ a: students(first: 3) { edges { node { id } } } ... on Query { plans(first: 4) { x } } }").records == 7
    )


@pytest.mark.parametrize(
    "first", ["first: -1", "first: 0", "first: 101", "first: 99999999999999999999", "first: null", ""]
)
def test_a_page_that_is_wrong_costs_something_too(first: str) -> None:
    arguments = f"({first})" if first else ""
    assert 1 <= cost("{ students" + arguments + " { edges { node { id } } } }").records <= LARGEST


def test_pages_below_pages_cannot_ask_for_the_whole_register() -> None:
    asked = (
        "{ students(first: 100) { edges { node { plans { interventions(first: %s) { edges { node { id } } } } } } } }"
    )
    assert known(asked % 25).flaws == ()
    assert refusal(asked % 100).startswith("The document may answer more than 20000 records")
    assert refusal("query ($n: Int!) " + asked % "$n").startswith("The document may answer more than 20000 records")
    endless = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    assert refusal(endless).startswith("The document may answer more than 20000 records")


def test_groups_are_counted_by_pages() -> None:
    selection = "{ groups { previous { plans } } subtotals(by: [REGION]) { plans } definitions { code } }"
    assert cost("{ statistics(by: [REGION]) " + selection + " }").records == 2 * GROUPS
    assert cost("{ statistics(by: [REGION], first: 50) " + selection + " }").records == 2 * 50
    assert cost("{ statistics(by: [REGION], first: 999999) " + selection + " }").records == 2 * MAX_GROUPS
    assert cost("query ($n: Int) { statistics(first: $n) " + selection + " }").records == 2 * GROUPS
    many = " ".join(f"a{n}: statistics(by: [INSTITUTION], first: 10000) {{ groups {{ plans }} }}" for n in range(3))
    assert refusal("{ " + many + " }").startswith("The document may answer more than 20000 records")


def test_records_that_are_told_again_under_another_name_count_again() -> None:
    def asked(times: int, page: str, each: str) -> str:
        return (
            f"{{ {page} {{ {' '.join(f'a{number}: {each}' for number in range(times))} pageInfo {{ hasNextPage }} }} }}"
        )

    groups = "groups { plans }", "subtotals(by: [REGION]) { plans }"
    for each in groups:
        assert cost(asked(3, "statistics(by: [REGION])", each)).records == 3 * GROUPS
    assert cost(asked(3, "students(first: 7)", "edges { node { id } }")).records == 3 * 7
    assert refusal(asked(30, "statistics", groups[0])).startswith("The document may answer more than 20000 records")
    assert cost(asked(30, "statistics(first: 100)", groups[0])).records == 30 * 100


def test_doubling_fragments_cost_what_they_would_do_and_are_found_out_fast() -> None:
    doubling = (
        "".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }} " for n in range(sizes.MAX_FRAGMENTS - 1))
        + f"fragment f{sizes.MAX_FRAGMENTS - 1} on Query {{ a {{ b }} }}"
    )
    started = time.perf_counter()
    assert refusal("{ ...f0 } " + doubling) == "The document has more than 1000 fields."
    assert time.perf_counter() - started < 0.5


def test_circular_and_idle_fragments() -> None:
    message = refusal("{ ...a } fragment a on Query { x { ...b } } fragment b on Query { x { ...a } }")
    assert message == "Fragments spread each other in a circle."
    assert refusal("{ ...a } fragment a on Query { ...a }") == message
    assert refusal("{ a } fragment b on Query { a }") == "A fragment is never used."


def test_the_same_field_at_the_same_place_again_and_again() -> None:
    def asked(times: int) -> str:
        return "{ statistics { groups {" + "plans " * times + "} } }"

    enough = next(n for n in range(MAX_OVERLAPS) if n * (n - 1) // 2 > MAX_OVERLAPS)
    assert known(asked(enough - 1)).flaws == ()
    assert refusal(asked(enough)) == "The document asks too often for the same field at the same place."
    nested = "{ statistics {" + ("groups {" + "plans " * 10 + "}") * 10 + "} }"
    assert refusal(nested) == refusal(asked(enough)), "merged, there are a hundred"
    by_fragments = (
        "{ statistics { groups {" + "...f " * 5 + "} } } fragment f on StatisticsGroup {" + "plans " * 10 + "}"
    )
    assert refusal(by_fragments) == refusal(asked(enough))


def test_sizes() -> None:
    assert (
        refusal('{ plan(id: "' + "x" * (sizes.MAX_STRING + 1) + '") { id } }')
        == "A text is longer than 1000 characters."
    )
    assert refusal('{ plan(id: """' + "x" * (sizes.MAX_STRING + 1) + '""") { id } }').startswith("A text is longer")
    assert refusal("{ " + "x" * (sizes.MAX_NAME + 1) + " }") == "A name is longer than 80 characters."
    assert refusal("{ students(first: " + "9" * 5_000 + ") { x } }") == "A number is longer than 20 characters."
    assert (
        refusal("{ a(b: [" + "1 " * (sizes.MAX_LITERALS + 1) + "]) }")
        == "The document has more than 200 literal values."
    )
    most = sizes.MAX_NESTING
    for opened, closed in (("[", "]"), ("{a:", "}")):
        assert known("{ a(b: " + opened * most + "1" + closed * most + ") }").flaws
        too_deep = "{ a(b: " + opened * (most + 1) + "1" + closed * (most + 1) + ") }"
        assert refusal(too_deep) == f"An argument is more than {most} levels deep."
    assert "more than 5 operations" in refusal(" ".join(f"query q{n} {{ a }}" for n in range(6)))
    assert "more than 30 fragments" in refusal("{ a }" + " ".join(f"fragment f{n} on Q {{ a }}" for n in range(31)))


TOO_DEEP = f"A variable is more than {sizes.MAX_NESTING} levels deep."


def nested(value: Any, around: Callable[[Any], Any]) -> Any:
    for _ in range(sizes.MAX_NESTING + 1):
        value = around(value)
    return value


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"x": [0] * sizes.MAX_VALUES}, "The variables have more than 300 values."),
        ({"x": "x" * (sizes.MAX_STRING + 1)}, "A text is longer than 1000 characters."),
        ({"x": 10**sizes.MAX_NUMBER}, "A number is longer than 20 characters."),
        ({"x" * (sizes.MAX_NAME + 1): 1}, "A name is longer than 80 characters."),
        ({"v": nested({}, lambda below: {"x": below})}, TOO_DEEP),
        ({"x": nested([], lambda below: [below])}, TOO_DEEP),
    ],
)
def test_variables(variables: dict[str, Any], message: str) -> None:
    with pytest.raises(GraphQLError) as caught:
        sizes.check_variables(variables)
    assert caught.value.message == message


@pytest.mark.parametrize("variables", [None, {}, {"x": [0] * 290}, {"x": [[[[[1]]]]]}, {"x": "x" * 1_000, "y": None}])
def test_variables_of_a_reasonable_size(variables: dict[str, Any] | None) -> None:
    sizes.check_variables(variables)


def test_what_is_refused_is_not_remembered_and_what_is_remembered_is_bounded() -> None:
    read.cache_clear()
    for number in range(REMEMBERED + 10):
        refusal("{" + "a " * 30 + f"b{number} }}")
    assert read.cache_info().currsize == 0
    for number in range(REMEMBERED + 10):
        known(f"{{ a{number}: __typename }}")
    assert read.cache_info().currsize == REMEMBERED
