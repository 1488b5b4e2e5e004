"""No rule without a test: each code that app/domain refuses with is named in the tests of the noun it belongs to."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
DOMAIN = TESTS.parent / "app" / "domain"
CODE_POSITION = {"violation": 1}
"""Where the code stands if it is not given by name."""
REFUSALS = {"violation", "Violation", "Invalid", "NotFound", "Forbidden", "Refused", "Stale", "RegisterError"}
PASSES_ON = {("errors", "code")}
"""`violation` hands its parameter `code` to Violation: no code of its own."""


def codes(module: Path) -> set[str]:
    """The codes that a module refuses with, as patterns: what an f-string fills in may be anything."""
    noun = module.stem
    calls = (node for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    found = (code for call in calls if name_of(call.func) in REFUSALS if (code := code_of(call)) is not None)
    return {pattern(code, module) for code in found if (noun, ast.unparse(code)) not in PASSES_ON}


def code_of(call: ast.Call) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
    position = CODE_POSITION.get(name_of(call.func))
    return call.args[position] if named is None and position is not None else named


def name_of(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def pattern(code: ast.expr, module: Path) -> str:
    match code:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=parts):
            return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in parts)
        case _:
            message = f"{module}:{code.lineno}: write the code out where it is raised, so that it can be found."
            raise AssertionError(message)


def files_about(module: Path) -> Iterator[Path]:
    """Of app/domain/plans.py: test_plans.py and test_plans_*.py in any folder; of statistics/rules.py: test_statistics_rules*."""
    noun = "_".join(module.relative_to(DOMAIN).with_suffix("").parts)
    yield from (each for each in TESTS.rglob(f"test_{noun}*.py") if re.fullmatch(rf"test_{noun}(_\w+)?", each.stem))


def literals(tests: Path) -> set[str]:
    nodes = ast.walk(ast.parse(tests.read_text(encoding="utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


MODULES = [module for module in sorted(DOMAIN.rglob("*.py")) if codes(module)]


def test_the_rules_are_found() -> None:
    found = {module.stem: codes(module) for module in MODULES}
    assert "role\\-may\\-not" in found["permissions"]
    assert "step\\-not\\-possible" in found["plan_steps"]
    assert "overlap" in found["enrolments"]
    assert "not\\-a\\-.+" in found["calendar"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(DOMAIN)))
def test_every_code_is_named_in_a_test_of_its_noun(module: Path) -> None:
    mentioned = set().union(*map(literals, files_about(module)))
    untested = {code for code in codes(module) if not any(re.fullmatch(code, each) for each in mentioned)}
    assert not untested, f"{module.name} refuses with {sorted(untested)}, and no test of its noun expects that"
