"""docs/rights.md: for a data-protection officer, which right is which call, who may make it, and what is kept how long."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.permissions import PERMISSIONS, Permission
from app.domain.retention import Event, Retention, RetentionRule

INTRODUCTION = """# Rights of the data subject

For the data-protection officer. Written by `make openapi` from the permissions and the retention rules of the code; the reasons are in
[ADR 11](adr/0011-rights-and-time.md). Every call is kept in the audit with the reason that was stated. A student whom you
may not see answers as one who does not exist.
"""

AFTER = """
A school answers for what it sees: its own records, and what was handed over to it. What another school holds, and whether there is another,
it never tells. The authority answers for all records, without a name: it learns a name by an
[identity disclosure](adr/0009-keys-and-disclosures.md) alone. From 18 the student alone asks; a school's system checks
that by the birth date, the authority by a document.

**Rectification** of what somebody else wrote in free text, such as an evaluation: its author changes it, or does not; there is no call by
which another does. While it is contested, restrict it.

**Restriction**: what a head restricts is what the own institution wrote; what the authority restricts, what every institution wrote that has
registered the student by then. Only its author and the authority still read it, nobody changes or adds anything, and neither
retention nor a request erases it. Statistics go on counting it. The authority lifts every restriction, a head the own.

**Erasure** of the `PERSON` destroys names, birth date and personal codes as every institution has stated them, the hashes by which the student
was found, and the list of disclosures; the records stay, of nobody. Erasure of the `RECORDS` takes everything. Of both a tombstone stays:
the pseudonym, what, when and under which rule, so that a restored backup is brought back in line ([running.md](running.md)). A person who is
registered again is a new student. A name that somebody wrote into free text survives the erasure of the person: its author takes it out. The
reasons that were stated stay in the audit for good, those of erasures among them, so write them without names.

**From a person to a student**: the authority finds no student by a name. A request that reaches it names the school, or is passed on by it
with the student's id. The authority makes sure of the person by a disclosure with the purpose `DATA_SUBJECT_REQUEST`
(`POST /v1/students/{student_id}/identity-disclosures`), compares, and then answers by the calls above. After an erasure it may still ask
for the access log by the id.

**Objection and portability**: the programme is a task in the public interest; an objection is decided by the authority, with restriction or
erasure as its result. The answer to a request for access is JSON in the words of the API, with every code named in both languages.

## What the register does not do

These remain the controller's: to state the legal basis of the programme and of each kind of record; to assess the impact before it begins
(article 35); to inform students and guardians when data are collected, and of data that came from others (articles 13 and 14);
to answer in plain words and within a month, by checking who asks (article 12): the register counts no days; to tell those to whom records
were handed over outside the register of a rectification, erasure or restriction (article 19): within it they see it; and to notify breaches
to the supervisory authority and to those concerned (articles 33 and 34), for which the access logs and the audit say who saw what.

## What is kept how long

A period begins on the day after the event. Of several rules that apply to a student the one that keeps longest decides; retention erases
nothing while an enrolment or a plan is open. Erasure on request has no such brake: only a restriction stops it. A student who was never enrolled counts from the registration.
"""


@dataclass(frozen=True, slots=True)
class Right:
    article: str
    name: str
    calls: tuple[str, ...]
    permission: Permission


RIGHTS = (
    Right("15, 20", "access", ("POST /v1/students/{student_id}/subject-access",), Permission.ANSWER_SUBJECTS),
    Right("15", "who looked", ("GET /v1/students/{student_id}/access-log",), Permission.READ_ACCESS_LOGS),
    Right("16", "rectification of the person", ("PATCH /v1/students/{student_id}/person",), Permission.WRITE_STUDENTS),
    Right(
        "16",
        "rectification of enrolments and risks",
        ("PATCH /v1/enrolments/{enrolment_id}", "PATCH /v1/risks/{risk_id}"),
        Permission.WRITE_STUDENTS,
    ),
    Right("16", "rectification of plans", ("PATCH /v1/plans/{plan_id}",), Permission.WRITE_PLANS),
    Right(
        "16",
        "rectification of interventions",
        ("PATCH /v1/interventions/{intervention_id}",),
        Permission.WRITE_INTERVENTIONS,
    ),
    Right("16", "rectification of outcomes", ("PATCH /v1/outcomes/{outcome_id}",), Permission.WRITE_OUTCOMES),
    Right("17", "erasure", ("POST /v1/students/{student_id}/erasure",), Permission.ERASE_STUDENTS),
    Right(
        "18",
        "restriction",
        (
            "GET /v1/students/{student_id}/restrictions",
            "POST /v1/students/{student_id}/restriction",
            "POST /v1/students/{student_id}/restriction-lifting",
        ),
        Permission.ANSWER_SUBJECTS,
    ),
)

EVENTS = {
    Event.LAST_ENROLMENT_END: "the last day of the last enrolment",
    Event.LAST_PLAN_END: "the end of the last plan",
    Event.PROGRAMME_END: "the end of the programme",
}


def rights(retention: Retention) -> str:
    """Markdown: the rights, what they mean here, and the retention rules in the order of their ids."""
    return "\n".join([INTRODUCTION, *_calls(), AFTER, *_rules(retention)]) + "\n"


def _calls() -> Iterator[str]:
    yield "| article | right | call | who may |"
    yield "| --- | --- | --- | --- |"
    for each in RIGHTS:
        calls = "<br>".join(f"`{call}`" for call in each.calls)
        roles = ", ".join(role for role, may in PERMISSIONS.items() if each.permission in may)
        yield f"| {each.article} | {each.name} | {calls} | {roles} |"


def _rules(retention: Retention) -> Iterator[str]:
    yield "| rule | what | of programme | kept | after | on the days | because |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for rule in retention.rules:
        days = f"{rule.period.start} to {rule.period.end or 'further notice'}"
        kept, after = _kept(rule)
        yield f"| {rule.code} | {rule.what} | {rule.programme or 'any'} | {kept} | {after} | {days} | {rule.source} |"


def _kept(rule: RetentionRule) -> tuple[str, str]:
    if rule.event is None or rule.months is None:
        return "for good", ""
    years, months = divmod(rule.months, 12)
    parts = [f"{count} {unit}" for count, unit in ((years, "years"), (months, "months")) if count]
    return " and ".join(parts) or "not at all", EVENTS[rule.event]
