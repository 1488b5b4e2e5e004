"""Two students that are likely one person: what makes them alike."""

import unicodedata

from app.domain.students import Person


def likeness(person: Person) -> str:
    """What two statements of one person have in common however they are typed: names without case, marks, hyphens and
    apostrophes, since school systems differ in all four, and the birth date.
    """
    return "\n".join([_plain(person.family_name), _plain(person.given_names), person.birth_date.isoformat()])


def _plain(name: str) -> str:
    # Twice: what is taken apart may have a case of its own, and what has lost its case may be taken apart further.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = "".join(each if each.isalpha() else " " for each in apart if not unicodedata.combining(each))
    return " ".join(letters.split())
