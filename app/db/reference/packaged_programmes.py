"""Programmes and their dated rules from their files."""

from collections.abc import Iterator
from decimal import Decimal

from app.db.reference.files import Row, rows
from app.domain.code_lists import DeliveryMode, InstitutionKind
from app.domain.programmes import Programme, ProgrammeRule, RuleTopic


def programmes() -> Iterator[Programme]:
    rules = [(row["programme"], _rule(row)) for row in rows("programme_rules")]
    for row in rows("programmes"):
        yield Programme(
            code=row["code"],
            name_lv=row["name_lv"],
            name_en=row["name_en"],
            period=row.period(),
            consultations=row.period("consultations_from", "consultations_to"),
            rules=tuple(rule for programme, rule in rules if programme == row["code"]),
        )


def _rule(row: Row) -> ProgrammeRule:
    kind, mode, value = row.optional("kind"), row.optional("mode"), row.optional("value")
    return ProgrammeRule(
        id=row.number("id"),
        topic=RuleTopic(row["topic"]),
        period=row.period(),
        source=row["source"],
        kind=None if kind is None else InstitutionKind(kind),
        grade_from=row.optional_number("grade_from"),
        grade_to=row.optional_number("grade_to"),
        mode=None if mode is None else DeliveryMode(mode),
        value=None if value is None else Decimal(value),
    )
