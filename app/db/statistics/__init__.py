"""Statistics in SQL: one statement for what counts plans and interventions, one for participations."""

from app.db.statistics.answers import answer
from app.db.statistics.snapshot import Snapshot

__all__ = ["Snapshot", "answer"]
