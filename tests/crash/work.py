"""What clients want: batches drawn from a seed, and what the register holds once each of them has been applied."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.factories import Json
from tests.sync import records
from tests.sync.batches import consultation, item, ndjson

HOURS = ("1.00", "1.25", "1.50", "1.75", "2.00")
BATCHES, ITEMS, SHARED = 4, 40, 6

State = dict[str, str]
"""Hours by the source's own ids of interventions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`after`: what there is of the client's own interventions once it has been applied; `shared`: what it says of those of all."""

    key: str
    query: dict[str, str]
    body: bytes
    before: State
    after: State
    shared: State
    others: dict[str, set[str]]
    """Ids of the records of other types that it brings."""


@dataclass(slots=True)
class Client:
    """Sends its batches one after the other. `gives_up`: it sends none again, and never learns what came of the one that failed."""

    name: str
    plans: list[Json]
    random: Random
    gives_up: bool
    state: State = field(default_factory=dict)

    def batches(self, run: str) -> Iterator[Batch]:
        for number in range(BATCHES):
            yield self._batch(run, f"{run}-{self.name}-{number}")

    def _batch(self, run: str, key: str) -> Batch:
        random, after = self.random, dict(self.state)
        items: list[Json] = []
        for changed in random.sample(sorted(after), len(after) // 3):
            after[changed] = random.choice(HOURS)
            items.append(self._said(changed, after[changed]))
        for gone in random.sample(sorted(after.keys() - {each["external_id"] for each in items}), len(after) // 5):
            del after[gone]
            items.append(item("intervention", gone, op="delete"))
        for new in range(ITEMS):
            external_id = f"{key}-{new}"
            after[external_id] = random.choice(HOURS)
            items.append(self._said(external_id, after[external_id]))
        shared = {f"{run}-all-{number}": random.choice(HOURS) for number in range(SHARED)}
        items += [self._said(external_id, hours) for external_id, hours in shared.items()]
        chain = records.up_to_a_plan(key)
        random.shuffle(items)
        batch = Batch(
            key=key,
            query={"atomic": random.choice(["all", "item"])},
            body=ndjson([*items, *chain]),
            before=dict(self.state),
            after=after,
            shared=shared,
            others={each["type"]: {each["external_id"]} for each in chain},
        )
        self.state = after
        return batch

    def _said(self, external_id: str, hours: str) -> Json:
        # An intervention stays under its plan, and what all of them say is said under one.
        number = sum(external_id.encode()) % len(self.plans)
        under = self.plans[number]
        stated: dict[str, Any] = {"hours": hours, "attendance": "ILL"}
        return item("intervention", external_id, consultation(under, **stated))
