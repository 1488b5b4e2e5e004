"""Text in a filter, judged as REST judges it: what PostgreSQL cannot keep is the caller's mistake, not ours."""

from pydantic import TypeAdapter, ValidationError

from app.api.texts import Line
from app.domain.calendar import Semester
from app.domain.errors import Invalid, violation

_LINE: TypeAdapter[str] = TypeAdapter(Line)


def line_of(text: str, pointer: str) -> str:
    """Raises Invalid for what no code or name can be: empty, longer than 200 characters, or with control characters."""
    try:
        return _LINE.validate_python(text)
    except ValidationError as error:
        problems = (violation(pointer, each["type"], each["msg"]) for each in error.errors())
        raise Invalid(problems) from None


def semester_of(text: str, pointer: str) -> str:
    """Raises Invalid for what is not a semester such as 2021-1."""
    try:
        return str(Semester.parse(text))
    except Invalid as invalid:
        raise Invalid(violation(pointer, each.code, each.message) for each in invalid.violations) from None
