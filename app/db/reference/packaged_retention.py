"""Retention rules from their file."""

from collections.abc import Iterator

from app.db.reference.files import rows
from app.domain.retention import Event, Kept, RetentionRule


def retention_rules() -> Iterator[RetentionRule]:
    for row in rows("retention_rules"):
        event = row.optional("event")
        yield RetentionRule(
            id=row.number("id"),
            what=Kept(row["what"]),
            programme=row.optional("programme"),
            event=None if event is None else Event(event),
            months=row.optional_number("months"),
            period=row.period(),
            name_lv=row["name_lv"],
            name_en=row["name_en"],
            source=row["source"],
        )
