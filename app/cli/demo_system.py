"""What the demo's school information system says, as lines for a shell: inside each it proves itself, and outside it uses its token."""

import json
import shlex
from typing import Any

from app.cli.demo_house import House
from app.domain.ids import InstitutionId
from app.domain.personal_codes import demonstration_personal_code

SERIAL = 9_900_000
"""Of a personal code that nobody in the demo has."""
SEPTEMBER = "2021-09-01"


def reading(house: House, url: str) -> str:
    return f"""{_as_system(house, url)} '{url}/v1/enrolments?limit=2'"""


def sending(house: House, url: str) -> str:
    lines = " ".join(shlex.quote(json.dumps(each, ensure_ascii=False)) for each in batch(house.examples.school))
    headers = "-H 'Idempotency-Key: demo-1' -H 'Content-Type: application/x-ndjson'"
    return f"printf '%s\\n' {lines} | {_as_system(house, url)} {headers} --data-binary @- '{url}/v1/sync/batches'"


def batch(school: InstitutionId) -> tuple[dict[str, Any], ...]:
    """A student who is enrolled, and what was noticed."""
    person = {
        "given_names": "Izdomāta",
        "family_name": "Paraudze",
        "birth_date": "2008-03-14",
        "personal_code": demonstration_personal_code(SERIAL),
    }
    of_student = {"student": "demo-student", "institution": school}
    risk = {"type": "LOW_MOTIVATION", "identified_on": "2021-10-20", "identified_by": "TEACHER", "severity": "MEDIUM"}
    return (
        {"type": "risk", "external_id": "demo-risk", "data": of_student | risk},
        {"type": "enrolment", "external_id": "demo-enrolment", "data": of_student | {"grade": 6, "from": SEPTEMBER}},
        {"type": "student", "external_id": "demo-student", "data": {"institution": school, "person": person}},
    )


def _as_system(house: House, url: str) -> str:
    told = house.client
    get = f"curl -s -u {told.client_id}:{told.client_secret} -d grant_type=client_credentials {url}/oauth/token"
    read = r"""sed 's/.*"access_token":"\([^"]*\)".*/\1/'"""
    return f"""curl -s -H "Authorization: Bearer $({get} | {read})\""""
