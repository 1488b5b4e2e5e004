"""Reads a filter from plain words, the same in GraphQL and in addresses: `{"regions": ["PR-RIGA"], "not": {"grades": [1, 2]}}`.

An object asks for all that it says; `and`, `or` and `not` hold objects like it. What is None says nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.errors import Invalid, Violation, violation
from app.domain.statistics.conditions import All, Any_, Between, CodeValue, Condition, In, Not
from app.domain.statistics.definitions import NUMBERS, Coding, DimensionDefinition
from app.domain.statistics.dimensions import LISTS, RANGES
from app.domain.suggestions import did_you_mean
from app.domain.written import DAY_WORDS
from app.domain.written import read_day as day_of

MAX_DEPTH = 5
"""Objects within objects."""
MAX_CONDITIONS = 50
"""Lists and ranges in the whole filter."""
PARTICIPATING_ON = "participatingOn"
_WORDS = (*LISTS, *RANGES, "and", "or", "not", PARTICIPATING_ON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """`participating_on` is the day that INSTITUTIONS_PARTICIPATING asks about. Where there are `faults`, the rest is what could be read
    beside them, for other faults to be found in: it is no question.
    """

    condition: Condition | None = None
    participating_on: date | None = None
    faults: tuple[Violation, ...] = ()


def read_where(words: Mapping[str, object], at: str = "/where") -> Where:
    """Faults are words that there are not, values of another type, and a tree that is too large.

    Whether the codes exist is for `rules.check_query` to say, which the faults are handed to.
    """
    rest = {word: value for word, value in words.items() if word != PARTICIPATING_ON}
    reader = _Reader()
    try:
        condition = reader.read_object(rest, at, depth=0)
    except Invalid as error:
        condition = None
        reader.faults += error.violations
    day = reader.read_day(words.get(PARTICIPATING_ON), f"{at}/{PARTICIPATING_ON}")
    return Where(condition=condition, participating_on=day, faults=tuple(reader.faults))


class _Reader:
    """Of one filter. Faults are gathered, so that all of them are told at once."""

    def __init__(self) -> None:
        self.faults: list[Violation] = []
        self._conditions = 0

    def read_object(self, value: object, at: str, *, depth: int) -> Condition | None:
        if not isinstance(value, Mapping):
            self.faults.append(violation(at, "wrong-type", "This is an object."))
            return None
        if depth > MAX_DEPTH:
            raise Invalid([violation(at, "filter-too-deep", f"At most {MAX_DEPTH} levels of and, or and not.")])
        said = [(str(word), each) for word, each in value.items() if each is not None]
        if depth and not said:
            self.faults.append(violation(at, "empty", "This says nothing: leave it out."))
        read = [self._read_word(word, each, f"{at}/{word}", depth) for word, each in said]
        conditions = tuple(each for each in read if each is not None)
        if not conditions:
            return None
        return conditions[0] if len(conditions) == 1 else All(conditions=conditions)

    def _read_word(self, word: str, value: object, at: str, depth: int) -> Condition | None:
        if word in LISTS:
            return self._counted(self._read_list(LISTS[word], value, at), at)
        if word in RANGES:
            return self._counted(self._read_range(RANGES[word], value, at), at)
        trees: dict[str, Callable[[], Condition | None]] = {
            "and": lambda: _all(self._read_objects(value, at, depth)),
            "or": lambda: _any(self._read_objects(value, at, depth)),
            "not": lambda: _not(self.read_object(value, at, depth=depth + 1)),
        }
        if word in trees:
            return trees[word]()
        if word == PARTICIPATING_ON:
            self.faults.append(
                violation(at, "only-at-the-top", "The day of participation is asked once, outside and, or and not.")
            )
        else:
            message = f"A filter has no such word.{did_you_mean(word, _WORDS)}"
            self.faults.append(violation(at, "unknown-word", message))
        return None

    def _counted(self, condition: Condition | None, at: str) -> Condition | None:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            message = f"At most {MAX_CONDITIONS} lists and ranges in a filter."
            raise Invalid([violation(at, "filter-too-large", message)])
        return condition

    def _read_objects(self, value: object, at: str, depth: int) -> tuple[Condition, ...]:
        if not isinstance(value, list | tuple):
            self.faults.append(violation(at, "wrong-type", "This is a list of objects."))
            return ()
        if not value:
            self.faults.append(violation(at, "empty", "An empty list says nothing: leave it out."))
        read = [self.read_object(each, f"{at}/{index}", depth=depth + 1) for index, each in enumerate(value)]
        return tuple(each for each in read if each is not None)

    def _read_list(self, definition: DimensionDefinition, value: object, at: str) -> Condition | None:
        if definition.coding is Coding.YES_OR_NO:
            if isinstance(value, bool):
                return In(dimension=definition.code, codes=(value,), at=at)
            self.faults.append(violation(at, "wrong-type", "This is true or false."))
            return None
        if not isinstance(value, list | tuple):
            self.faults.append(violation(at, "wrong-type", "This is a list of codes."))
            return None
        codes = [self._read_code(definition, each, f"{at}/{index}") for index, each in enumerate(value)]
        # One that could not be read keeps its place, so that the others have theirs.
        return In(dimension=definition.code, codes=tuple("" if each is None else each for each in codes), at=at)

    def _read_range(self, definition: DimensionDefinition, value: object, at: str) -> Condition | None:
        if not isinstance(value, Mapping) or set(value) - {"from", "to"}:
            self.faults.append(violation(at, "wrong-type", "This is an object with from and to, or one of them."))
            return None
        low, high = value.get("from"), value.get("to")
        if low is None and high is None:
            self.faults.append(violation(at, "empty", "A range has an end at least on one side."))
            return None
        return Between(
            dimension=definition.code,
            low=None if low is None else self._read_code(definition, low, f"{at}/from"),
            high=None if high is None else self._read_code(definition, high, f"{at}/to"),
            at=at,
        )

    def _read_code(self, definition: DimensionDefinition, value: object, at: str) -> CodeValue | None:
        if definition.coding in NUMBERS:
            if isinstance(value, int) and not isinstance(value, bool):
                return value
            self.faults.append(violation(at, "wrong-type", "This is a number."))
        elif isinstance(value, str):
            return str(value)
        else:
            self.faults.append(violation(at, "wrong-type", "This is a text."))
        return None

    def read_day(self, value: object, at: str) -> date | None:
        if value is None or isinstance(value, date):
            return value
        try:
            return day_of(str(value))
        except ValueError:
            self.faults.append(violation(at, "not-a-date", DAY_WORDS))
            return None


def _all(conditions: tuple[Condition, ...]) -> Condition | None:
    return All(conditions=conditions) if conditions else None


def _any(conditions: tuple[Condition, ...]) -> Condition | None:
    return Any_(conditions=conditions) if conditions else None


def _not(condition: Condition | None) -> Condition | None:
    return None if condition is None else Not(condition=condition)
