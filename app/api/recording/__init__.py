"""What is done to a record, whichever door it came by: loaded under its locks, decided by the rules, and saved with its audit.

A route of REST and an item of a batch both come here, so that no rule is applied in two places. Nothing here knows HTTP.
"""

from app.api.recording import enrolments, outcomes, persons, plan_steps, plans, risks, students

__all__ = ["enrolments", "outcomes", "persons", "plan_steps", "plans", "risks", "students"]
