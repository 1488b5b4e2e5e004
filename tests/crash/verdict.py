"""Looks at what is there, past the service: each acknowledged item once, no batch half, and all that goes with a change."""

from collections import Counter
from typing import Any

import asyncpg

from tests.crash.delivery import Delivered
from tests.crash.work import State

REPORTS = "SELECT idempotency_key, id::text, state, items, rejected, counts::text FROM sync_batch WHERE idempotency_key LIKE $1"
KEYS = "SELECT external_id FROM source_key WHERE type = $1 AND external_id LIKE $2"
INTERVENTIONS = """
SELECT k.external_id, i.id::text, i.hours, i.version FROM source_key AS k JOIN intervention AS i ON i.id = k.record_id
WHERE k.type = 'intervention' AND k.external_id LIKE $1
"""
# Where nothing but batches writes, a record that no key means was written twice, or its key was lost; and a key means a record.
ORPHANS = """
SELECT '{table}: ' || t.{id} FROM {table} AS t WHERE NOT EXISTS (SELECT FROM source_key AS k WHERE k.record_id = t.{id})
UNION ALL SELECT '{table} of the key ' || k.external_id FROM source_key AS k
WHERE k.type = '{table}' AND NOT EXISTS (SELECT FROM {table} AS t WHERE t.{id} = k.record_id)
"""
TWICE = "SELECT type || ': ' || record_id FROM source_key WHERE record_id IS NOT NULL GROUP BY type, record_id HAVING count(*) > 1"
NOTES = """
SELECT id::text, count(*) AS notes FROM (
    SELECT unnest(record_ids) AS id FROM change_inbox WHERE noun = 'intervention' AND op = 'UPSERT'
    UNION ALL SELECT unnest(record_ids) FROM change_log WHERE noun = 'intervention' AND op = 'UPSERT'
) AS noted GROUP BY id
"""
GONE = """
SELECT (SELECT count(*) FROM (
    SELECT unnest(record_ids) FROM change_inbox WHERE noun = 'intervention' AND op = 'DELETE'
    UNION ALL SELECT unnest(record_ids) FROM change_log WHERE noun = 'intervention' AND op = 'DELETE'
) AS noted) AS noted, (SELECT sum((counts->'intervention'->>'deleted')::int) FROM sync_batch) AS deleted
"""
AUDIT = """
WITH entry AS (
    SELECT correlation_id, action, noun, record_id FROM audit_inbox
    UNION ALL SELECT correlation_id, action, noun, record_id FROM audit_log
)
SELECT e.record_id, count(DISTINCT e.correlation_id) AS entries,
    array_agg(DISTINCT o.action || ' ' || o.noun) AS deeds
FROM entry AS e JOIN entry AS o USING (correlation_id) WHERE e.noun = 'batch' GROUP BY e.record_id
"""
DEEDS = {"created": "CREATE", "updated": "CHANGE", "deleted": "DELETE"}
TABLES = ("student", "enrolment", "risk", "plan", "intervention")


async def faults(owner: asyncpg.Connection, run: str, everyone: list[Delivered], known: set[str]) -> list[str]:
    """What is wrong, in words; nothing, if all is well. `known`: records that were there before, without a key."""
    reports = {row["idempotency_key"]: row for row in await owner.fetch(REPORTS, f"{run}-%")}
    found = [*_reports(everyone, reports)]
    kept = await owner.fetch(INTERVENTIONS, f"{run}-%")
    found += _interventions(everyone, reports, {row["external_id"]: str(row["hours"]) for row in kept})
    found += await _others(owner, run, everyone, reports)
    found += [f"without its other half: {each}" for each in sorted(await lonely(owner) - known)]
    found += [f"two keys for one record: {row[0]}" for row in await owner.fetch(TWICE)]
    notes = {row["id"]: row["notes"] for row in await owner.fetch(NOTES)}
    for row in kept:
        if notes.get(row["id"]) != row["version"]:
            found.append(f"{row['external_id']} has changed {row['version']} times, noted {notes.get(row['id'])} times")
    gone = await owner.fetchrow(GONE)
    if gone["noted"] != (gone["deleted"] or 0):
        found.append(f"{gone['deleted']} interventions were deleted, {gone['noted']} of that noted")
    return [*found, *await _audit(owner, everyone, reports)]


async def lonely(owner: asyncpg.Connection) -> set[str]:
    """Records that no key means, and keys that mean no record."""
    found: set[str] = set()
    for table in TABLES:
        query = ORPHANS.replace("{table}", table).replace("{id}", "student_id" if table == "student" else "id")
        found |= {row[0] for row in await owner.fetch(query)}
    return found


def _reports(everyone: list[Delivered], reports: dict[str, Any]) -> list[str]:
    found = []
    sent = {batch.key for each in everyone for batch in each.sent}
    found += [f"a report of what nobody sent: {key}" for key in reports.keys() - sent]
    for each in everyone:
        for key, told in each.acknowledged.items():
            kept = reports.get(key)
            if kept is None or (kept["id"], kept["state"]) != (told["id"], told["state"]):
                found.append(f"{key} was acknowledged as {told['id']}, kept is {kept and kept['id']}")
            elif (told["state"], told["rejected"]) != ("APPLIED", []):
                found.append(f"{key} was not applied as a whole: {told}")
    return found


def _interventions(everyone: list[Delivered], reports: dict[str, Any], kept: State) -> list[str]:
    """A batch that was not acknowledged is there if its report is, and not at all if it is not."""
    wanted: State = {}
    shared: dict[str, set[str]] = {}
    for each in everyone:
        for batch in each.sent:
            if batch.key in reports:
                for external_id in batch.before.keys() | batch.after.keys():
                    wanted.pop(external_id, None)
                wanted.update(batch.after)
                for external_id, hours in batch.shared.items():
                    shared.setdefault(external_id, set()).add(hours)
    own = {external_id: hours for external_id, hours in kept.items() if external_id not in shared}
    differing = Counter((own.get(each), wanted.get(each)) for each in own.keys() | wanted.keys())
    found = [
        f"{number} interventions are {is_} where {should} was last said"
        for (is_, should), number in differing.items()
        if is_ != should
    ]
    return found + [
        f"{external_id} is {kept.get(external_id)}, said was one of {hours}"
        for external_id, hours in shared.items()
        if kept.get(external_id) not in hours
    ]


async def _others(owner: asyncpg.Connection, run: str, everyone: list[Delivered], reports: dict[str, Any]) -> list[str]:
    found = []
    for item_type in TABLES[:-1]:
        there = {row["external_id"] for row in await owner.fetch(KEYS, item_type, f"_-{run}-%")}
        wanted = {
            external_id
            for each in everyone
            for batch in each.sent
            if batch.key in reports
            for external_id in batch.others[item_type]
        }
        if there != wanted:
            found.append(f"{item_type}: {sorted(there - wanted)} too many, {sorted(wanted - there)} missing")
    return found


async def _audit(owner: asyncpg.Connection, everyone: list[Delivered], reports: dict[str, Any]) -> list[str]:
    entries = {row["record_id"]: row for row in await owner.fetch(AUDIT)}
    found = [f"no one entry in the audit: {key}" for key, kept in reports.items() if kept["id"] not in entries]
    for each in everyone:
        for key, told in each.acknowledged.items():
            entry = entries.get(told["id"])
            for verdict, action in DEEDS.items():
                for noun, counts in told["counts"].items():
                    if counts[verdict] and (entry is None or f"{action} {noun}" not in entry["deeds"]):
                        found.append(f"{key}: {counts[verdict]} {noun} {verdict}, and not in the audit")
            if entry is not None and entry["entries"] != 1:
                found.append(f"{key} is {entry['entries']} times in the audit")
    return found
