"""OneRoster 1.2: what of a roster becomes which item."""

import tracemalloc
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.cli.sources.opening import Opening
from app.cli.sources.source import BadSource, Source, Sourced
from tests.cli.fields import SCHEMA
from tests.cli.roster import SCHOOL_NUMBER, Rows, enrollment, rosters, user, write_roster, zipped

TODAY = date(2021, 11, 15)


def opened(path: Path, today: date = TODAY) -> Source:
    [source] = Opening(schema=SCHEMA, today=today).sources([path])
    return source


def read(folder: Path, today: date = TODAY, **changed: Rows) -> list[Sourced]:
    return list(opened(write_roster(folder / "roster", rosters(**changed)), today).items())


def data_of(found: list[Sourced], type_: str) -> list[Any]:
    return [each.item["data"] for each in found if each.item["type"] == type_]


def test_a_roster_is_institutions_students_and_enrolments(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert not any(each.wrong for each in found)
    assert [(each.item["type"], each.item["external_id"]) for each in found] == [
        ("institution", "O-1"),
        ("student", "U-1@O-1"),
        ("enrolment", "U-1@O-1/2021/22"),
        ("student", "U-2@O-1"),
        ("enrolment", "U-2@O-1/2021/22"),
    ]
    assert data_of(found, "institution") == [{"registration_number": SCHOOL_NUMBER}]
    assert data_of(found, "student")[0] == {
        "institution": "O-1",
        "person": {
            "given_names": "Izdomāta",
            "family_name": "Paraudze",
            "birth_date": "2007-05-14",
            "personal_code": "000000-10015",
        },
    }
    assert data_of(found, "enrolment") == [
        {"student": "U-1@O-1", "institution": "O-1", "grade": 7, "from": "2021-09-01"},
        {"student": "U-2@O-1", "institution": "O-1", "grade": 7, "from": "2021-10-04"},
    ]


def test_class_enrolments_of_one_school_year_are_one_enrolment(tmp_path: Path) -> None:
    classes = [
        enrollment("N-1", "U-1", beginDate="2021-09-13", endDate="2021-10-29"),
        enrollment("N-2", "U-1", beginDate="2021-09-01", endDate="2021-10-01"),
        enrollment("N-3", "U-1", beginDate="2020-09-01", endDate="2021-05-31"),
        enrollment("N-4", "U-1", role="teacher", beginDate="2019-09-01"),
        enrollment("N-5", "U-1", status="tobedeleted", beginDate="2021-09-01"),
    ]
    found = read(tmp_path, enrollments=classes)
    assert [(each["from"], each["to"]) for each in data_of(found, "enrolment")] == [
        ("2020-09-01", "2021-05-31"),
        ("2021-09-01", "2021-10-29"),
    ]
    assert [each.place.lines for each in found if each.item["type"] == "enrolment"] == [(4,), (2, 3)]


@pytest.mark.parametrize(
    ("ends", "today", "said"),
    [
        ("2022-05-31", date(2021, 11, 15), {}),
        ("2022-05-31", date(2022, 5, 31), {}),
        ("2022-05-31", date(2022, 6, 1), {"to": "2022-05-31", "end_reason": "COMPLETED"}),
        ("2021-10-29", date(2021, 11, 15), {"to": "2021-10-29", "end_reason": "LEFT"}),
        ("", date(2022, 6, 1), {"to": "2022-05-31", "end_reason": "COMPLETED"}),
    ],
)
def test_an_enrolment_has_ended_where_the_last_class_has(
    tmp_path: Path, ends: str, today: date, said: dict[str, str]
) -> None:
    found = read(tmp_path, today, enrollments=[enrollment("N-1", "U-1", beginDate="2021-09-01", endDate=ends)])
    [data] = data_of(found, "enrolment")
    assert {name: data[name] for name in ("to", "end_reason") if name in data} == said


def test_one_class_that_goes_on_keeps_the_enrolment_open(tmp_path: Path) -> None:
    of_no_session = enrollment("N-2", "U-1", class_="C-of-no-session", beginDate="2021-09-01")
    classes = [enrollment("N-1", "U-1", beginDate="2021-09-01", endDate="2021-10-29"), of_no_session]
    [data] = data_of(read(tmp_path, enrollments=classes), "enrolment")
    assert "to" not in data
    [data] = data_of(read(tmp_path, enrollments=classes[::-1]), "enrolment")
    assert "to" not in data


def test_who_attends_two_schools_is_registered_by_each_of_them(tmp_path: Path) -> None:
    classes = [
        enrollment("N-1", "U-1", beginDate="2021-09-01", endDate="2021-10-29"),
        enrollment("N-2", "U-1", school="O-2", class_="C-9", beginDate="2021-11-01"),
    ]
    found = read(tmp_path, enrollments=classes)
    students = [each.item for each in found if each.item["type"] == "student"]
    assert [(each["external_id"], each["data"]["institution"]) for each in students] == [
        ("U-1@O-1", "O-1"),
        ("U-1@O-2", "O-2"),
    ]
    assert students[0]["data"]["person"] == students[1]["data"]["person"]
    assert [each["student"] for each in data_of(found, "enrolment")] == ["U-1@O-1", "U-1@O-2"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"userIds": "{LDAP:izdomata},{personas kods:000000-10023}"}, "000000-10023"),
        ({"userMasterIdentifier": "00000010031"}, "00000010031"),
        ({"identifier": "2021/17"}, None),
        ({}, None),
    ],
)
def test_the_personal_code_is_where_a_roster_has_it(tmp_path: Path, more: dict[str, str], code: str | None) -> None:
    [student, _] = data_of(read(tmp_path, users=[user("U-1", **more), user("U-2")]), "student")
    assert student["person"].get("personal_code") == code


@pytest.mark.parametrize("grades", ["", "KG", "07,08", "seventh"])
def test_who_is_in_no_one_grade_is_not_sent(tmp_path: Path, grades: str) -> None:
    found = read(tmp_path, users=[user("U-1", grades), user("U-2")])
    wrong = [each for each in found if each.wrong]
    assert [(each.item["external_id"], each.wrong[0].pointer) for each in wrong] == [("U-1@O-1/2021/22", "/data/grade")]


def test_what_a_roster_does_not_say_is_told(tmp_path: Path) -> None:
    schools = [{"sourcedId": "O-1", "name": "Skola", "type": "school"}]
    classes = [enrollment("N-1", "U-1"), enrollment("N-2", "U-2", class_="C-of-no-session")]
    found = read(tmp_path, orgs=schools, enrollments=classes, demographics=[])
    wrong = {(each.item["type"], each.wrong[0].pointer) for each in found if each.wrong}
    assert wrong == {
        ("institution", "/data/registration_number"),
        ("student", "/data/person/birth_date"),
        ("enrolment", "/data/from"),
    }


def test_an_archive_is_read_like_a_folder(tmp_path: Path) -> None:
    folder = write_roster(tmp_path / "roster", rosters())
    archive = zipped(folder, tmp_path / "roster.zip")
    assert [each.item for each in opened(archive).items()] == [each.item for each in opened(folder).items()]


def test_rejected_lines_come_back_as_they_were(tmp_path: Path) -> None:
    source = opened(write_roster(tmp_path / "roster", rosters()))
    source.write_rejected(tmp_path / "roster" / "users.csv", {3: ["/data/person: unknown"]}, tmp_path / "users.csv")
    header, line = (tmp_path / "users.csv").read_text("utf-8").splitlines()
    assert header.endswith("pronouns,rejected_because")
    assert line.startswith("U-2,")
    assert line.endswith("/data/person: unknown")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("oneroster.version", "1.1", "of OneRoster 1.1; 1.2 is read"),
        ("file.users", "delta", "users must be bulk"),
        ("file.orgs", "absent", "orgs must be bulk"),
    ],
)
def test_another_version_or_a_part_of_a_roster_is_refused(tmp_path: Path, name: str, value: str, words: str) -> None:
    manifest = [{**each, "value": value} if each["propertyName"] == name else each for each in rosters()["manifest"]]
    with pytest.raises(BadSource, match=words):
        read(tmp_path, manifest=manifest)


def test_a_row_that_never_ends_does_not_fill_the_memory(tmp_path: Path) -> None:
    folder = write_roster(tmp_path / "roster", rosters())
    (folder / "users.csv").write_bytes(b"x" * 50_000_000)
    archive = zipped(folder, tmp_path / "roster.zip")
    tracemalloc.start()
    try:
        with pytest.raises(BadSource, match=r"users\.csv cannot be read: a row has more than 1,000,000 characters"):
            list(opened(archive).items())
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_that_is_damaged_is_told(tmp_path: Path) -> None:
    archive = zipped(write_roster(tmp_path / "roster", rosters()), tmp_path / "roster.zip")
    with zipfile.ZipFile(archive) as packed:
        users = packed.getinfo("users.csv")
    content = bytearray(archive.read_bytes())
    at = users.header_offset + 30 + len("users.csv")
    content[at : at + users.compress_size] = b"\xff" * users.compress_size
    archive.write_bytes(content)
    with pytest.raises(BadSource, match=r"users\.csv cannot be read: Error -3"):
        list(opened(archive).items())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_by_a_method_without_bounds_is_refused(tmp_path: Path, method: int) -> None:
    folder = write_roster(tmp_path / "roster", rosters())
    with zipfile.ZipFile(tmp_path / "roster.zip", "w", method) as archive:
        for each in folder.iterdir():
            archive.write(each, each.name)
    with pytest.raises(BadSource, match="another method than deflate"):
        opened(tmp_path / "roster.zip")


def test_what_is_no_roster_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"has no manifest\.csv"):
        opened(tmp_path)
    (tmp_path / "broken.zip").write_bytes(b"PK but nothing more")
    with pytest.raises(BadSource, match="no zip archive"):
        opened(tmp_path / "broken.zip")
