"""A clerk who writes whatever is asked of him, of a few students at three institutions, by the functions of the database alone.

No rule of the domain stands in his way, so terms, places and states come in every order that the tables allow.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from app.db import enrolments, erasure, institutions, interventions, merges, outcomes, plans, restrictions, risks
from app.db.scopes import AUTHORITY, RETENTION
from app.db.sealing import Sealer
from app.db.session import Connection, Database
from app.db.tables import student, student_access
from app.domain.actors import Actor, Role
from app.domain.calendar import Semester
from app.domain.deeds import Action, Deed
from app.domain.enrolments import Enrolment
from app.domain.erasures import Erasable, Tombstone
from app.domain.errors import RegisterError
from app.domain.ids import EnrolmentId, InstitutionId, InterventionId, OutcomeId, PlanId, RiskId, StudentId
from app.domain.institutions import Location
from app.domain.interventions import Intervention
from app.domain.merges import Merge
from app.domain.outcomes import PlanOutcome, YearOutcome
from app.domain.periods import Period
from app.domain.plans import Plan
from app.domain.restrictions import RestrictedBy
from app.domain.risks import IdentifiedBy, Risk, Severity
from tests.statistics.written_records import (
    MUNICIPALITIES,
    RISKS,
    SEMESTERS,
    is_of,
    of_survivor,
    put_in_force,
    some_content,
    some_outcome,
    some_support,
)

TODAY = date(2022, 8, 31)
DEED = Deed(
    actor=Actor(subject="clerk", role=Role.PROGRAMME_AUTHORITY), action=Action.CHANGE, noun="record", correlation_id="-"
)
Act = Callable[["Clerk", Connection, Random], Awaitable[None]]


@dataclass(slots=True)
class Clerk:
    """`at`: the institutions, all of which have registered every student."""

    database: Database
    sealer: Sealer
    at: Sequence[InstitutionId]
    students: list[StudentId] = field(default_factory=list)
    plans: dict[PlanId, Plan] = field(default_factory=dict)
    delivered: dict[InterventionId, Intervention] = field(default_factory=dict)
    outcomes: dict[OutcomeId, PlanOutcome | YearOutcome] = field(default_factory=dict)

    async def registered(self, number: int) -> None:
        async with self.database.transaction(AUTHORITY) as connection:
            for _ in range(number):
                self.students.append(StudentId(uuid4()))
                await connection.execute(insert(student).values(student_id=self.students[-1]))
                for each in self.at:
                    access = {"student_id": self.students[-1], "owner_id": each, "institution_id": each}
                    await connection.execute(
                        insert(student_access).values(**access, reason="OWN", valid_from=date(2020, 9, 1))
                    )

    async def plan(self, connection: Connection, random: Random) -> None:
        """In force at once, three times of four: a draft otherwise."""
        chosen, at, semester = random.choice(self.students), random.choice(self.at), random.choice(SEMESTERS)
        taken = {(each.student_id, each.institution_id, str(each.semester)) for each in self.plans.values()}
        drafts = {(each.student_id, each.institution_id) for each in self.plans.values() if each.activated_on is None}
        in_force = random.random() < 0.75 or (chosen, at) in drafts
        if (chosen, at, semester) in taken:
            return
        begun = Semester.parse(semester).start
        own: dict[str, Any] = {"student_id": chosen, "institution_id": at}
        enrolled = Enrolment(
            id=EnrolmentId(uuid4()), grade=7, period=Period(begun - timedelta(days=random.randrange(300)), None), **own
        )
        found = [
            Risk(
                id=RiskId(uuid4()),
                type=random.choice(RISKS),
                identified_on=begun,
                identified_by=IdentifiedBy.TEACHER,
                severity=Severity.LOW,
                **own,
            )
            for _ in range(random.randint(1, 2))
        ]
        made = Plan(
            id=PlanId(uuid4()),
            enrolment_id=enrolled.id,
            programme="PUMPURS",
            semester=Semester.parse(semester),
            period=Period(begun, begun + timedelta(days=60)),
            content=some_content(tuple(each.id for each in found), random),
            **own,
        )
        await enrolments.add(connection, enrolled, DEED)
        for each in found:
            await risks.add(connection, each, DEED)
        self.plans[made.id] = put_in_force(made) if in_force else made
        await plans.add(connection, self.plans[made.id], DEED)

    async def activate(self, connection: Connection, random: Random) -> None:
        await self._change(connection, put_in_force(self._any_plan(random)))

    async def revise(self, connection: Connection, random: Random) -> None:
        chosen = self._any_plan(random)
        content = some_content(chosen.content.risk_ids, random)
        await self._change(connection, replace(chosen, content=content), content=True)

    async def postpone(self, connection: Connection, random: Random) -> None:
        """Into another semester, in which there is no plan yet."""
        chosen, semester = self._any_plan(random), Semester.parse(random.choice(SEMESTERS))
        others = [
            each
            for each in self.plans.values()
            if (each.student_id, each.institution_id) == (chosen.student_id, chosen.institution_id)
        ]
        if all(each.semester != semester for each in others):
            period = Period(semester.start, semester.start + timedelta(days=60))
            await self._change(connection, replace(chosen, semester=semester, period=period))

    async def withdraw(self, connection: Connection, random: Random) -> None:
        """A plan, with whatever hangs on it."""
        chosen = self._any_plan(random)
        for each in [each for each in self.delivered.values() if each.plan_id == chosen.id]:
            await interventions.remove(connection, self.delivered.pop(each.id), DEED)
        for of in [of for of in self.outcomes.values() if isinstance(of, PlanOutcome) and of.plan_id == chosen.id]:
            await outcomes.remove(connection, self.outcomes.pop(of.id), DEED)
        await plans.remove(connection, self.plans.pop(chosen.id), DEED)

    async def deliver(self, connection: Connection, random: Random) -> None:
        """Some new, some changed."""
        await self.deliver_under(self._any_plan(random), connection, random)

    async def deliver_under(self, chosen: Plan, connection: Connection, random: Random) -> None:
        mine = [each for each in self.delivered.values() if each.plan_id == chosen.id]
        changed = [some_support(each, chosen, random) for each in random.sample(mine, len(mine) // 2)]
        new = [some_support(None, chosen, random) for _ in range(random.randint(0 if changed else 1, 3))]
        await interventions.save(connection, new, changed, [DEED])
        self.delivered |= {each.id: each for each in new}
        self.delivered |= {each.id: replace(each, version=each.version + 1) for each in changed}

    async def take_back(self, connection: Connection, random: Random) -> None:
        chosen = random.choice(list(self.delivered.values()))
        await interventions.remove(connection, self.delivered.pop(chosen.id), DEED)

    async def see_otherwise(self, connection: Connection, random: Random) -> None:
        """A risk of a plan is of another type."""
        chosen = await risks.get(connection, random.choice(self._any_plan(random).content.risk_ids))
        await risks.change(connection, replace(chosen, type=random.choice(RISKS)), DEED)

    async def mark(self, connection: Connection, random: Random) -> None:
        """An enrolment has another grade and other marks."""
        chosen = await enrolments.get(connection, self._any_plan(random).enrolment_id)
        marks: dict[str, Any] = {
            "minority_programme": random.random() < 0.5,
            "special_need": random.choice([None, "51", "56"]),
        }
        await enrolments.change(connection, replace(chosen, grade=random.randint(1, 12), **marks), DEED)

    async def judge(self, connection: Connection, random: Random) -> None:
        """The outcome of a plan, or of its school year: new, changed or taken back."""
        chosen = self._any_plan(random)
        of_year = random.random() < 0.5
        there = [each for each in self.outcomes.values() if is_of(each, chosen, of_year=of_year)]
        if there and random.random() < 0.3:
            await outcomes.remove(connection, self.outcomes.pop(there[0].id), DEED)
            return
        made = some_outcome(chosen, there[0] if there else None, random, of_year=of_year)
        if there:
            made = await outcomes.change(connection, made, DEED)
        else:
            await outcomes.add(connection, made, DEED)
        self.outcomes[made.id] = made

    async def relocate(self, connection: Connection, random: Random) -> None:
        chosen = await institutions.get(connection, random.choice(self.at), lock=True)
        moved, first, second = date(2021, random.randint(1, 12), 1), *random.sample(MUNICIPALITIES, 2)
        places = (
            Location(municipality=first, period=Period(chosen.opened_on, moved - timedelta(days=1))),
            Location(municipality=second, period=Period(moved, None)),
        )
        await institutions.change(connection, replace(chosen, locations=places[random.randrange(2) :]), DEED)

    async def restrict(self, connection: Connection, random: Random) -> None:
        chosen = random.choice(self.students)
        await restrictions.put(connection, chosen, by=RestrictedBy.AUTHORITY, today=TODAY, deed=DEED)
        await restrictions.lift(connection, chosen, deed=DEED)

    def _any_plan(self, random: Random) -> Plan:
        return random.choice(list(self.plans.values()))

    async def _change(self, connection: Connection, wanted: Plan, *, content: bool = False) -> None:
        self.plans[wanted.id] = await plans.change(connection, wanted, DEED, content=content)

    async def do(self, acts: Sequence[Act], random: Random) -> None:
        """All of them in one transaction, which may fail: then nothing has happened."""
        kept = list(self.students), dict(self.plans), dict(self.delivered), dict(self.outcomes)
        try:
            async with self.database.transaction(AUTHORITY) as connection:
                for act in acts:
                    with suppress(IndexError):  # there is nothing to choose from
                        await act(self, connection, random)
        except (RegisterError, DBAPIError):  # refused by a constraint
            self.students, self.plans, self.delivered, self.outcomes = kept

    async def merge(self, random: Random) -> None:
        """Refused by a constraint where both have a plan of one semester."""
        survivor, alias = random.sample(self.students, 2)
        try:
            async with self.database.transaction(merges.within(survivor, alias)) as connection:
                decided = Merge(survivor=survivor, alias=alias, statements=())
                await merges.save(connection, self.sealer, decided, today=TODAY, deed=DEED)
        except (RegisterError, DBAPIError):
            return
        self.students.remove(alias)
        self.plans = of_survivor(self.plans, alias, survivor)
        self.delivered = of_survivor(self.delivered, alias, survivor)
        self.outcomes = of_survivor(self.outcomes, alias, survivor)

    async def erase(self, random: Random) -> None:
        chosen = random.choice(self.students)
        async with self.database.transaction(RETENTION) as connection:
            await erasure.lock(connection, chosen)
            stone = Tombstone(student_id=chosen, what=Erasable.RECORDS, on=TODAY, reason="request")
            await erasure.erase(connection, stone, DEED)
        self.students.remove(chosen)
        self.plans = {key: each for key, each in self.plans.items() if each.student_id != chosen}
        self.delivered = {key: each for key, each in self.delivered.items() if each.student_id != chosen}
        self.outcomes = {key: each for key, each in self.outcomes.items() if each.student_id != chosen}


ACTS: Sequence[Act] = (
    Clerk.plan,
    Clerk.plan,
    Clerk.activate,
    Clerk.revise,
    Clerk.postpone,
    Clerk.withdraw,
    Clerk.deliver,
    Clerk.deliver,
    Clerk.deliver,
    Clerk.take_back,
    Clerk.see_otherwise,
    Clerk.mark,
    Clerk.judge,
    Clerk.judge,
    Clerk.relocate,
    Clerk.restrict,
)
"""What is done more often stands here more often."""
