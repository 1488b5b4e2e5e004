"""Statistics in SQL: one statement for what counts plans and interventions, one for participations."""

from app.db.statistics.answers import answer

__all__ = ["answer"]
