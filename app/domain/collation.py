"""Latvian alphabetical order as plain text: the database server has no ICU collations, so the order is kept as data.

Every letter becomes a letter and a digit ("a0", "ā" is "a1", "y" stands after "ī" as "i2"), so that keys sort alike
under any collation.
"""

from unicodedata import combining, normalize

_PLACES = {letter: f"{letter}0" for letter in "abcdefghijklmnopqrstuvwxz"}
_PLACES |= {
    "ā": "a1",
    "č": "c1",
    "ē": "e1",
    "ģ": "g1",
    "ī": "i1",
    "y": "i2",
    "ķ": "k1",
    "ļ": "l1",
    "ņ": "n1",
    "ō": "o1",
}
_PLACES |= {"ŗ": "r1", "š": "s1", "ū": "u1", "ž": "z1"}
_PLACES |= {digit: f"1{digit}" for digit in "0123456789"}
_BETWEEN_WORDS = "00"


def latvian_sort_key(name: str) -> str:
    """Text that sorts as a Latvian dictionary does.

    Case and punctuation do not count, a word goes before the longer words it begins, digits go before letters.
    """
    words = "".join(character if character.isalnum() else " " for character in normalize("NFC", name).lower()).split()
    return _BETWEEN_WORDS.join("".join(_place(character) for character in word) for word in words)


def _place(character: str) -> str:
    if character in _PLACES:
        return _PLACES[character]
    plain = "".join(part for part in normalize("NFKD", character) if not combining(part))
    # What has no Latin base letter at all goes after "ž".
    return "".join(_PLACES.get(part, "z9") for part in plain)
