"""Addresses stand in logs, histories and proxies: none of them says who a person is."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

PERSONAL = re.compile(r"person(al)?_?(code|number)|name|surname|birth|born|phone|e?mail|address", re.IGNORECASE)
PUBLIC = {("/v1/code-lists/{name}", "name"), ("/v1/institutions", "name")}
"""Names of code lists and of institutions."""


def parameters(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] != "header":
                    yield path, parameter["name"]


def test_no_parameter_is_a_code_a_name_or_a_birth_date(app: FastAPI) -> None:
    found = set(parameters(app.openapi()))
    assert ("/v1/students/{student_id}", "student_id") in found
    assert {each for each in found if PERSONAL.search(each[1])} <= PUBLIC


def test_no_path_has_one(app: FastAPI) -> None:
    paths = {path for path in app.openapi()["paths"] if PERSONAL.search(path)}
    assert {path for path in paths if path not in {public for public, _ in PUBLIC}} == set()


def test_a_personal_parameter_would_be_found() -> None:
    """Else the tests above could not fail."""
    for name in ("personal_code", "person_code", "given_names", "surname", "birth_date", "born_on", "email"):
        assert PERSONAL.search(name), name
