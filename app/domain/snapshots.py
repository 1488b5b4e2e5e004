"""What becomes of a record that a source system has sent before, and that is missing in its snapshot: a fact ends, a mistake goes.

Of what is neither a fact that ends nor a plan, nothing is left to say: interventions and outcomes were recorded by mistake, and are deleted.
"""

from dataclasses import replace
from datetime import date

from app.domain.enrolments import EndReason, Enrolment
from app.domain.periods import Period
from app.domain.plans import Plan, PlanState
from app.domain.risks import Risk

REASON = "Missing in the school system's snapshot."
"""Why a plan was discontinued."""


def left(enrolment: Enrolment, today: date) -> Enrolment:
    """Ended today as LEFT, which opens nothing to anybody; one that begins later ends on its first day."""
    start = enrolment.period.start
    return replace(enrolment, period=Period(start, max(today, start)), end_reason=EndReason.LEFT)


def resolved(risk: Risk, today: date) -> Risk:
    return replace(risk, resolved_on=today)


def was_never_submitted(plan: Plan) -> bool:
    """Then it is deleted; any other open plan is part of the record, and discontinued."""
    return plan.state is PlanState.DRAFT
