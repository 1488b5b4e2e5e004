"""docs/privacy.md tells every breakdown that releases have, and no other."""

import re
from collections.abc import Iterator
from itertools import combinations

from app.domain.releases.attributes import MARKS, PROFILE, Attribute, Figure, Level
from app.domain.releases.breakdowns import OF_MEMBERSHIPS, OF_RISKS, OF_STUDENTS, OF_SUMS
from tests.system.guide import DOCS

PAGE = (DOCS / "privacy.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `([A-Z_, ]+)` \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
_UP_TO = re.compile(r"up to (\d) of the profile")
Breakdown = tuple[Figure, Level, frozenset[Attribute]]


def _meant(words: str) -> Iterator[frozenset[Attribute]]:
    """`up to 2 of the profile`, `each mark`, `GRADE and each mark`, `GRADE`, `nothing else`; `-` has none."""
    first, _, second = words.partition(" and ")
    if several := _UP_TO.fullmatch(words):
        yield from (frozenset(each) for most in range(int(several[1]) + 1) for each in combinations(PROFILE, most))
    elif second:
        yield from (one | other for one in _meant(first) for other in _meant(second))
    elif words == "each mark":
        yield from (frozenset({each}) for each in MARKS)
    elif words == "nothing else":
        yield frozenset()
    elif words != "-":
        yield frozenset({Attribute(words.strip("`"))})


def _told() -> Iterator[Breakdown]:
    for name, *levels in _ROW.findall(PAGE):
        figure, *attributes = name.split(", ")
        for level, cell in zip(Level, levels, strict=True):
            for words in cell.split("; "):
                yield from ((Figure(figure), level, meant | {*map(Attribute, attributes)}) for meant in _meant(words))


def _released() -> Iterator[Breakdown]:
    for of in (OF_STUDENTS, OF_MEMBERSHIPS, OF_RISKS):
        for level, breakdowns in of.items():
            yield from ((Figure.STUDENTS, level, frozenset(each)) for each in breakdowns)
    for level, sums in OF_SUMS.items():
        yield from ((figure, level, frozenset(each)) for figure, each in sums)


def test_the_table_tells_what_releases_have() -> None:
    told = list(_told())
    assert len(told) == len(set(told)), "each once"
    assert set(told) == set(_released())


def test_the_page_says_what_the_profile_and_the_marks_are() -> None:
    for name, attributes in (("profile", PROFILE), ("marks", MARKS)):
        *others, last = (f"`{each}`" for each in attributes)
        assert f"the *{name}*: {', '.join(others)} and {last}" in " ".join(PAGE.split())
