"""The register in a dictionary: what batches ought to make of it, written down without any of the register's own code."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

VERDICTS = ("created", "updated", "unchanged", "deleted", "rejected")
ORDER = ("student", "risk", "intervention")
NO_PURPOSE = "FUN"


@dataclass(slots=True)
class Kept:
    """`names`: family names by person. Of records, what the source last said of them, by the source's own id."""

    names: dict[str, str] = field(default_factory=dict)
    students: dict[str, str] = field(default_factory=dict)
    risks: dict[str, tuple[str, str]] = field(default_factory=dict)
    interventions: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """An item as it is drawn: `about` is a person or the number of a plan, `value` what is said besides."""

    op: str
    type: str
    key: str
    about: str | int
    value: str


@dataclass(frozen=True, slots=True)
class Expected:
    counts: dict[str, dict[str, int]]
    rejected: list[tuple[int, str]]
    """Lines with their codes."""
    kept: Kept


def applied(kept: Kept, wishes: list[Wish]) -> Expected:
    """What comes of a batch of which nothing is undone. Students before what is theirs; what is deleted comes last."""
    after = deepcopy(kept)
    counts: dict[str, dict[str, int]] = {}
    rejected: list[tuple[int, str]] = []
    for line, wish, twice in _in_order(wishes):
        verdict = "duplicate-item" if twice else _apply(after, wish)
        counted = counts.setdefault(wish.type, dict.fromkeys(VERDICTS, 0))
        if verdict in VERDICTS:
            counted[verdict] += 1
        else:
            counted["rejected"] += 1
            rejected.append((line, verdict))
    return Expected(counts, sorted(rejected), after)


def _in_order(wishes: list[Wish]) -> Iterator[tuple[int, Wish, bool]]:
    seen: set[tuple[str, str]] = set()
    numbered = []
    for line, wish in enumerate(wishes, 1):
        numbered.append((line, wish, (wish.type, wish.key) in seen))
        seen.add((wish.type, wish.key))
    for op, types in (("upsert", ORDER), ("delete", ORDER[::-1])):
        for each in types:
            those = [one for one in numbered if (one[1].op, one[1].type) == (op, each)]
            yield from sorted(those, key=lambda one: one[1].key)


def _apply(kept: Kept, wish: Wish) -> str:
    if wish.op == "delete":
        return _deleted(kept, wish)
    return {"student": _student, "risk": _risk, "intervention": _intervention}[wish.type](kept, wish)


def _student(kept: Kept, wish: Wish) -> str:
    person = str(wish.about)
    before, kept.names[person] = kept.names.get(person), wish.value
    kept.students[wish.key] = person
    return "created" if before is None else "unchanged" if before == wish.value else "updated"


def _risk(kept: Kept, wish: Wish) -> str:
    if wish.about not in kept.students:
        return "unknown-reference"
    person = kept.students[str(wish.about)]
    before = kept.risks.get(wish.key)
    if before is not None and before[0] != person:
        return "fixed-field"
    kept.risks[wish.key] = person, wish.value
    return "created" if before is None else "unchanged" if before[1] == wish.value else "updated"


def _intervention(kept: Kept, wish: Wish) -> str:
    if wish.value == NO_PURPOSE:
        return "enum"
    before = kept.interventions.get(wish.key)
    if before is not None and before[0] != wish.about:
        return "other-plan"
    kept.interventions[wish.key] = int(wish.about), wish.value
    return "created" if before is None else "unchanged" if before[1] == wish.value else "updated"


def _deleted(kept: Kept, wish: Wish) -> str:
    if wish.type == "student":
        return "student-not-deletable" if wish.key in kept.students else "unchanged"
    gone = (kept.risks if wish.type == "risk" else kept.interventions).pop(wish.key, None)
    return "unchanged" if gone is None else "deleted"
