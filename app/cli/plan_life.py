"""docs/plan-life.md: the life of a plan as a picture, drawn from the tables that decide it."""

from collections.abc import Iterator

from app.domain.plan_steps import OWN_PARTNER, TRANSITIONS, WHO_MAY, Step
from app.domain.plans import PlanState

INTRODUCTION = """# The life of a plan

Drawn from the tables in `app/domain/plan_steps.py` by `make openapi`. A revision of an active plan passes the same chain from DRAFT to
ACTIVE, while what was approved before stays in force. An institution that is its own partner skips the partner's approval.
"""


def plan_life() -> str:
    """Markdown with a state diagram and the table of who may take which step."""
    return "\n".join([INTRODUCTION, "```mermaid", "stateDiagram-v2", *_arrows(), "```", "", *_table(), ""])


def _arrows() -> Iterator[str]:
    yield f"    [*] --> {PlanState.DRAFT}"
    for (state, step), target in TRANSITIONS.items():
        yield f"    {state} --> {target}: {step}"
    for (state, step), target in OWN_PARTNER.items():
        yield f"    {state} --> {target}: {step}, own partner"
    for state in PlanState:
        if not state.is_open:
            yield f"    {state} --> [*]"


def _table() -> Iterator[str]:
    yield "| in state | step | taken by |"
    yield "| --- | --- | --- |"
    order = list(Step)
    for (state, step), roles in sorted(
        WHO_MAY.items(), key=lambda each: (list(PlanState).index(each[0][0]), order.index(each[0][1]))
    ):
        yield f"| {state} | {step} | {', '.join(sorted(roles))} |"
