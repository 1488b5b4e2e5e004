"""Mappings: what they may say, and what is told of one that is wrong."""

from pathlib import Path
from typing import Any

import pytest

from app.cli.sources.kinds import Kind, kind_of
from app.cli.sources.mappings import mapping_of, path_of, read_mapping
from app.cli.sources.source import BadSource
from tests.cli.fields import SCHEMA

SOUND: dict[str, Any] = {"type": "plan", "external_id": "Nr.", "columns": {"Riski": "risks[]"}}


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("plan", ("plan",)),
        ("person.family_name", ("person", "family_name")),
        ("risks[]", ("risks", "[]")),
        ("planned_measures[].hours", ("planned_measures", "[]", "hours")),
    ],
)
def test_a_field_is_named_by_its_path(said: str, path: tuple[str, ...]) -> None:
    assert path_of(said) == path


@pytest.mark.parametrize("said", ["", ".", "a..b", "risks[0]", "[]", "a[]b", "a[].b[].c", 7])
def test_what_is_no_field_is_refused(said: object) -> None:
    with pytest.raises(BadSource):
        path_of(said)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"colums": {}}, "no such setting: colums"),
        ({"columns": None}, "columns is a table"),
        ({"external_id": ""}, "external_id is a text"),
        ({"delimiter": ";;"}, "delimiter is one character"),
        ({"encoding": "cp-of-nowhere"}, "no encoding cp-of-nowhere"),
        ({"codes": {"risks[]": "LANGUAGE"}}, "codes.* is a table"),
        ({"true": "jā"}, "true is a list of texts"),
        ({"columns": {"Riski": "risks[0]"}}, "is no field"),
        ({"date_format": "dd.mm.yyyy"}, "has no % in it"),
    ],
)
def test_what_is_wrong_is_said(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(BadSource, match=words):
        mapping_of(SOUND | changed)


def test_what_is_missing_is_said() -> None:
    with pytest.raises(BadSource, match="columns, external_id: not said"):
        mapping_of({"type": "plan"})


def test_a_mapping_is_a_file_in_toml(tmp_path: Path) -> None:
    file = tmp_path / "plans.toml"
    file.write_text('type = "plan"\nexternal_id = "Nr."\n\n[columns]\n"Mācības" = "enrolment"\n', encoding="utf-8")
    assert read_mapping(file).columns == {"Mācības": ("enrolment",)}
    file.write_text("type = plan", encoding="utf-8")
    with pytest.raises(BadSource, match=r"plans\.toml is not TOML"):
        read_mapping(file)
    with pytest.raises(BadSource, match="name another by --mapping"):
        read_mapping(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("type_", "path", "kind"),
    [
        ("student", "person.birth_date", Kind.DATE),
        ("student", "person.family_name", Kind.TEXT),
        ("student", "grade", Kind.INTEGER),
        ("student", "returned_emigrant", Kind.BOOLEAN),
        ("student", "institution", Kind.TEXT),
        ("student", "institution.registration_number", Kind.TEXT),
        ("intervention", "purpose", Kind.TEXT),
        ("intervention", "hours", Kind.NUMBER),
        ("intervention", "on", Kind.DATE),
        ("plan", "risks[]", Kind.TEXT),
        ("plan", "planned_measures[].hours", Kind.NUMBER),
        ("plan", "hours", None),
        ("plan", "reason", None),
        ("student", "person.hours", None),
        ("horse", "name", None),
    ],
)
def test_the_register_says_of_what_kind_a_field_is(type_: str, path: str, kind: Kind | None) -> None:
    assert kind_of(SCHEMA, type_, path_of(path)) == kind


@pytest.mark.parametrize(
    ("pointer", "column"),
    [
        ("/external_id", "Nr."),
        ("/data/hours", "Stundas"),
        ("/data/person/family_name", "Uzvārds"),
        ("/data/person", "Uzvārds"),
        ("/data/risks/2", "Riski"),
        ("/data/risks", "Riski"),
        ("/data/planned_measures/1/hours", "Plānots"),
        ("/data/semester", "/data/semester"),
        ("", ""),
    ],
)
def test_a_violation_is_told_by_its_column(pointer: str, column: str) -> None:
    columns = {
        "Stundas": "hours",
        "Uzvārds": "person.family_name",
        "Riski": "risks[]",
        "Plānots": "planned_measures[].hours",
    }
    assert mapping_of(SOUND | {"columns": columns}).column_of(pointer) == column
