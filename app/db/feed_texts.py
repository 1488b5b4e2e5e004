"""Records in the envelope in which the feed sends them: one JSON text each, made by PostgreSQL."""

from functools import cache

from app.db import record_texts
from app.db.field_texts import as_json, concat, number, part, quoted
from app.domain.changes import STUDENT


@cache
def item(noun: str, *, keyed: bool) -> str:
    """The expression of one line of the feed, over the noun's own table. Its id stands where `id_in` says. `keyed`: with the id by which
    the source system in scope knows it, the first if there are several.
    """
    is_student = noun == STUDENT
    record_id = "student.student_id" if is_student else f"{noun}.id"
    external_id = (
        f"SELECT min(k.external_id) FROM source_key AS k WHERE k.record_id = {record_id} AND k.type = '{noun}'"  # noqa: S608 - our own words
    )
    return concat(
        {
            "op": quoted("'upsert'"),
            "type": quoted(f"'{noun}'"),
            "id": quoted(record_id),
            "student_id": quoted(f"{noun}.student_id"),
            "institution_id": number("'null'" if is_student else f"{noun}.institution_id"),
            "version": number(f"{noun}.version"),
            "external_id": as_json(f"({external_id})") if keyed else number("'null'"),
            "data": part(record_texts.record(noun)),
        }
    )


def id_in(noun: str) -> slice:
    """Where the id stands in each line of `item`."""
    begin = len(f'{{"op":"upsert","type":"{noun}","id":"')
    return slice(begin, begin + 36)
