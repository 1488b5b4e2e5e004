"""A filter in words, for people who want to see that they have asked what they meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, assert_never

from app.domain.statistics.catalogue import DIMENSIONS
from app.domain.statistics.conditions import All, Any_, Between, CodeValue, Condition, In, Not
from app.domain.statistics.definitions import Dimension
from app.domain.statistics.names import Name, Names


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """`all_of` and `any_of` stand between; `nothing` where nothing is filtered."""

    nothing: str
    all_of: str
    any_of: str
    negated: str
    since: str
    until: str


_LV: Final = _Words(nothing="viss", all_of=" un ", any_of=" vai ", negated="nav", since="no", until="līdz")
_EN: Final = _Words(nothing="everything", all_of=" and ", any_of=" or ", negated="not", since="from", until="to")


def in_words(condition: Condition | None, names: Names) -> Name:
    """Such as "region: Rīga or Vidzeme and not (grade or course: from 1 to 3)"."""
    return Name(lv=_Sentence(_LV, names, "lv").of(condition), en=_Sentence(_EN, names, "en").of(condition))


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: _Words
    names: Names
    language: str

    def of(self, condition: Condition | None) -> str:
        match condition:
            case None:
                return self.words.nothing
            case In():
                codes = self.words.any_of.join(self._code(condition.dimension, each) for each in condition.codes)
                return f"{self._dimension(condition.dimension)}: {codes}"
            case Between():
                return f"{self._dimension(condition.dimension)}: {self._range(condition)}"
            case Not():
                return f"{self.words.negated} ({self.of(condition.condition)})"
            case All():
                return self.words.all_of.join(self._parts(condition.conditions))
            case Any_():
                return self.words.any_of.join(self._parts(condition.conditions))
            case _:
                assert_never(condition)

    def _parts(self, conditions: Iterable[Condition]) -> Iterable[str]:
        """In brackets where two words that join would otherwise stand beside each other."""
        for each in conditions:
            told = self.of(each)
            joins = isinstance(each, All | Any_) or (isinstance(each, In) and len(each.codes) > 1)
            yield f"({told})" if joins else told

    def _dimension(self, dimension: Dimension) -> str:
        definition = DIMENSIONS[dimension]
        return definition.name_lv if self.language == "lv" else definition.name_en

    def _code(self, dimension: Dimension, code: CodeValue) -> str:
        name = self.names.of(dimension, code)
        return name.lv if self.language == "lv" else name.en

    def _range(self, condition: Between) -> str:
        ends = ((self.words.since, condition.low), (self.words.until, condition.high))
        return " ".join(f"{word} {end}" for word, end in ends if end is not None)
