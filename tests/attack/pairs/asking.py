"""Asks the service the same questions in turn, each many times, in words and forms of chance."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from fastapi import FastAPI

from tests.attack.pairs import graphql, rest
from tests.attack.pairs.question import Known, Question
from tests.attack.pairs.told import Told
from tests.matrix.asgi import answered

MOST = 8
"""Questions of one document."""
Numbered = tuple[int, Question]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """`number` of the question, below zero of its second page; what it told, in digests."""

    number: int
    form: str
    words: str
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Asks each question so many times over REST, and as often over GraphQL."""

    app: FastAPI
    token: Mapping[str, str]
    known: Known
    times: int

    async def ask(self, questions: Sequence[Numbered], chance: Random) -> AsyncIterator[Asking]:
        for start in range(0, len(questions), MOST):
            some = questions[start : start + MOST]
            following: dict[int, Question] = {}
            asked = dict(some)
            async for asking in self._by_turns(some, chance):
                yield asking
                if asking.told.next_page is not None and asked[asking.number].first is not None:
                    following[-asking.number] = replace(asked[asking.number], after=asking.told.next_page)
            async for asking in self._by_turns(list(following.items()), chance):
                yield asking

    async def _by_turns(self, some: Sequence[Numbered], chance: Random) -> AsyncIterator[Asking]:
        """What is refused is asked once over GraphQL, alone: it leaves a document without an answer."""
        refused = set()
        for _ in range(self.times):
            for number, question in some:
                if number not in refused:
                    asking = await self._over_rest(number, question, chance)
                    refused |= {number} if asking.told.refused else set()
                    yield asking
        answered_ones = [each for each in some if each[0] not in refused]
        alone = [[each] for each in some if each[0] in refused]
        for together in (*[answered_ones] * self.times, *alone):
            for asking in await self._over_graphql(together, chance):
                yield asking

    async def _over_rest(self, number: int, question: Question, chance: Random) -> Asking:
        address = rest.an_address(chance, question, self.known)
        told = address.told(await answered(self.app, address.request(self.token), "pairs"))
        return Asking(number=number, form=address.form, words=address.query, told=told.digested)

    async def _over_graphql(self, those: Sequence[Numbered], chance: Random) -> Sequence[Asking]:
        fields = {
            f"q{at}": (number, graphql.a_field(chance, question, self.known, f"q{at}"))
            for at, (number, question) in enumerate(chance.sample(those, len(those)))
        }
        found: list[Asking] = []
        for together in graphql.documents((each for _, each in fields.values()), MOST):
            answer = await answered(self.app, graphql.request(together, self.token), "pairs")
            found += self._askings(fields, together, graphql.told(together, answer))
        return found

    @staticmethod
    def _askings(
        fields: Mapping[str, tuple[int, graphql.Field]], together: Iterable[graphql.Field], told: Iterable[Told]
    ) -> Iterable[Asking]:
        return (
            Asking(number=fields[each.name][0], form="graphql", words=each.words, told=tells.digested)
            for each, tells in zip(together, told, strict=True)
        )
