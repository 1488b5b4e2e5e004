"""Tables: CSV and Excel become items, and rejected rows come back with the same columns."""

import csv
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.cli.sources.opening import Opening
from app.cli.sources.source import BadSource, Source
from tests.cli.fields import SCHEMA

INTERVENTIONS = """type = "intervention"
external_id = "Nr."
delimiter = ";"
encoding = "windows-1257"
date_format = "%d.%m.%Y"

[columns]
"Plāns" = "plan"
"Stundas" = "hours"
"Datums" = "on"
"Nolūks" = "purpose"

[codes.purpose]
"novēršana" = "PREVENTIVE"
"mazināšana" = "REMEDIAL"
"""


def opened(path: Path) -> Source:
    [source] = Opening(schema=SCHEMA, today=date(2021, 11, 15)).sources([path])
    return source


def table(folder: Path, mapping: str, content: str, encoding: str = "windows-1257") -> Source:
    (folder / "table.toml").write_text(mapping, encoding="utf-8")
    (folder / "table.csv").write_bytes(content.encode(encoding))
    return opened(folder / "table.csv")


def test_a_row_is_an_item(tmp_path: Path) -> None:
    source = table(
        tmp_path,
        INTERVENTIONS,
        'Nr.;Plāns;Datums;Stundas;Nolūks;Piezīmes\n17;P-4;11.10.2021;1,50;mazināšana;"garš\nteksts"\n18;P-5;12.10.2021;;;\n',
    )
    first, second = source.items()
    assert first.item == {
        "op": "upsert",
        "type": "intervention",
        "external_id": "17",
        "data": {"plan": "P-4", "on": "2021-10-11", "hours": "1.50", "purpose": "REMEDIAL"},
    }
    assert second.item["data"] == {"plan": "P-5", "on": "2021-10-12"}
    assert (first.place.lines, second.place.lines) == ((2,), (4,)), "a cell may have several lines"
    assert source.field(first.item, "/data/hours") == "Stundas"


def test_cells_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    source = table(tmp_path, INTERVENTIONS, "Nr.;Plāns;Datums;Stundas;Nolūks\n17;P-4;31.02.2021;daudz;REMEDIAL\n")
    [row] = source.items()
    assert [(each.pointer, each.code) for each in row.wrong] == [("/data/hours", "bad-cell"), ("/data/on", "bad-cell")]
    assert row.wrong[1].message == "'31.02.2021' is no date like 30.09.2021."


def test_constants_fields_within_fields_and_marks(tmp_path: Path) -> None:
    mapping = """type = "student"
external_id = "id"
[columns]
uzvards = "person.family_name"
dzimis = "person.birth_date"
klase = "grade"
reemigrants = "returned_emigrant"
[constants]
institution = 17
"""
    source = table(
        tmp_path,
        mapping,
        "id,uzvards,dzimis,klase,reemigrants\nS-1,Bērziņa,2007-05-14,7,Jā\nS-2,Ozola,2008-01-02,6,nē\n",
        "utf-8-sig",
    )
    first, second = (each.item["data"] for each in source.items())
    assert first == {
        "institution": 17,
        "person": {"family_name": "Bērziņa", "birth_date": "2007-05-14"},
        "grade": 7,
        "returned_emigrant": True,
    }
    assert second["returned_emigrant"] is False


def test_rows_of_one_id_bring_the_elements_of_a_list(tmp_path: Path) -> None:
    mapping = """type = "plan"
external_id = "plan"
list_separator = "+"
[columns]
enrolment = "enrolment"
risks = "risks[]"
risk = "planned_measures[].risk"
hours = "planned_measures[].hours"
"""
    source = table(
        tmp_path,
        mapping,
        "plan,enrolment,risks,risk,hours\nP-1,E-1,R-1 + R-2,R-1,10\nP-1,E-1,,R-2,2.5\nP-2,E-2,R-3,R-3,4\n",
        "utf-8",
    )
    first, second = source.items()
    assert first.item["data"] == {
        "enrolment": "E-1",
        "risks": ["R-1", "R-2"],
        "planned_measures": [{"risk": "R-1", "hours": "10"}, {"risk": "R-2", "hours": "2.5"}],
    }
    assert first.place.lines == (2, 3)
    assert second.item["external_id"] == "P-2"


def test_deletions_say_no_more_than_what_is_deleted(tmp_path: Path) -> None:
    mapping = 'type = "plan"\nexternal_id = "id"\nop = "delete"\n[columns]\n'
    [row] = table(tmp_path, mapping, "id\nP-1\n", "utf-8").items()
    assert row.item == {"op": "delete", "type": "plan", "external_id": "P-1"}


def test_a_step_is_taken_once_for_all_rows_of_a_record_and_says_what_it_has_to(tmp_path: Path) -> None:
    mapping = 'type = "plan"\nexternal_id = "id"\nop = "submit"\n[columns]\n'
    [first, second] = table(tmp_path, mapping, "id,why\nP-1,a\nP-1,b\nP-2,c\n", "utf-8").items()
    assert first.item == {"op": "submit", "type": "plan", "external_id": "P-1"}
    assert (first.place.lines, second.place.lines) == ((2, 3), (4,))
    with_reason = f'{mapping}why = "reason"\n'
    [first, second] = table(tmp_path, with_reason, "id,why\nP-1,a\nP-1,b\nP-2,c\n", "utf-8").items()
    assert [each.item["data"] for each in (first, second)] == [{"reason": "a"}, {"reason": "c"}]


def test_rejected_rows_come_back_as_they_were_with_their_reasons(tmp_path: Path) -> None:
    source = table(
        tmp_path,
        INTERVENTIONS,
        "Nr.;Plāns;Datums;Stundas;Nolūks\n17;P-4;11.10.2021;1,50;mazināšana\n18;P-5;12.10.2021;9;x\n",
    )
    target = tmp_path / "rejected.csv"
    source.write_rejected(tmp_path / "table.csv", {3: ["Stundas: at most 8", "Nolūks: no such"]}, target)
    with target.open(encoding="windows-1257", newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == [
            ["Nr.", "Plāns", "Datums", "Stundas", "Nolūks", "rejected_because"],
            ["18", "P-5", "12.10.2021", "9", "x", "Stundas: at most 8; Nolūks: no such"],
        ]
    (tmp_path / "rejected.toml").write_text(INTERVENTIONS, encoding="utf-8")
    again = opened(target)
    assert [each.item["external_id"] for each in again.items()] == ["18"]
    again.write_rejected(target, {2: ["still"]}, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_text("windows-1257").count("rejected_because") == 1


def workbook(path: Path, rows: list[list[Any]], sheet: str = "Atbalsts") -> None:
    book = openpyxl.Workbook()
    book.active.title = "Cits"
    page = book.create_sheet(sheet)
    for each in rows:
        page.append(each)
    book.save(path)


def test_a_workbook_is_read_with_the_same_mapping(tmp_path: Path) -> None:
    path = tmp_path / "support.xlsx"
    (tmp_path / "support.toml").write_text(INTERVENTIONS.replace("delimiter", 'sheet = "Atbalsts"\ndelimiter'), "utf-8")
    workbook(
        path,
        [
            ["Nr.", "Plāns", "Datums", "Stundas", "Nolūks"],
            [17, "P-4", datetime(2021, 10, 11), 1.5, "mazināšana"],  # noqa: DTZ001 - as workbooks keep a day
            [None, None, None, None, None],
            [18, 5, "12.10.2021", "2", None],
        ],
    )
    source = opened(path)
    first, second = source.items()
    assert first.item["data"] == {"plan": "P-4", "on": "2021-10-11", "hours": "1.5", "purpose": "REMEDIAL"}
    assert first.item["external_id"] == "17"
    assert second.item["data"] == {"plan": "5", "on": "2021-10-12", "hours": "2"}
    assert second.place.lines == (4,), "as the workbook numbers them"
    target = tmp_path / "rejected.xlsx"
    source.write_rejected(path, {4: ["Nolūks: missing"]}, target)
    rows = list(openpyxl.load_workbook(target)["Atbalsts"].iter_rows(values_only=True))
    assert rows[1] == (18, 5, "12.10.2021", "2", None, "Nolūks: missing")


def test_text_in_a_workbook_stays_text_when_it_comes_back(tmp_path: Path) -> None:
    path, target = tmp_path / "support.xlsx", tmp_path / "rejected.xlsx"
    (tmp_path / "support.toml").write_text(INTERVENTIONS, "utf-8")
    inert = ['=HYPERLINK("http://evil.test","x")', "=1+1", "@SUM(1)", "#N/A", "-1"]
    book = openpyxl.Workbook()
    book.active.append(["Nr.", "Plāns", "Datums", "Stundas", "Nolūks"])
    book.active.append([17, *inert[1:]])
    book.active.append(inert)
    for cell in (*book.active[2][1:], *book.active[3]):
        cell.data_type = "s"
    book.save(path)
    opened(path).write_rejected(path, {2: ["=Stundas: no"], 3: ["=Stundas: no\x01"]}, target)
    _, numbered, texts = openpyxl.load_workbook(target).active.iter_rows()
    assert numbered[0].value == 17
    assert [each.value for each in texts] == [*inert, "'=Stundas: no\ufffd"]
    assert {each.data_type for each in texts} == {"s"}


def test_a_workbook_that_unpacks_to_more_than_any_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bomb.toml").write_text(INTERVENTIONS, encoding="utf-8")
    workbook(tmp_path / "bomb.xlsx", [["Nr."]])
    bomb = zipfile.ZipFile(tmp_path / "bomb.xlsx", "a", zipfile.ZIP_DEFLATED)
    with bomb as archive, archive.open("xl/media/image1.png", "w") as zeros:
        for _ in range(301):
            zeros.write(bytes(1_000_000))
    with pytest.raises(BadSource, match="bytes when it is unpacked: send it as CSV"):
        list(opened(tmp_path / "bomb.xlsx").items())


def test_a_workbook_whose_sheet_is_damaged_is_told(tmp_path: Path) -> None:
    (tmp_path / "table.toml").write_text(INTERVENTIONS, encoding="utf-8")
    workbook(tmp_path / "whole.xlsx", [["Nr."]], sheet="Cits2")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "table.xlsx", "w") as damaged:
        for each in whole.namelist():
            content = whole.read(each)
            damaged.writestr(each, content[: len(content) // 2] if "worksheets/" in each else content)
    with pytest.raises(BadSource, match="a damaged one"):
        list(opened(tmp_path / "table.xlsx").items())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Nr.;" + b"x" * 1_000_001, "a row has more than 1,000,000 characters"),
        (b'"' + b"x" * 200_000 + b'"', "field larger than field limit"),
        (b";" * 1_000, "a row has more than 1,000 columns"),
        (b"", "is empty"),
        (b"Nr.;Datums\n1;2\n", "has no column 'Pl.*'; it has 'Nr.', 'Datums'"),
        ("Nr.;Plāns;Datums;Stundas;Nolūks\n".encode("utf-16"), "has no column"),
        (b'Nr.;"broken\n', "unexpected end of data"),
    ],
)
def test_a_table_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "table.toml").write_text(INTERVENTIONS, encoding="utf-8")
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(BadSource, match=words):
        list(opened(tmp_path / "table.csv").items())


def test_another_encoding_is_told(tmp_path: Path) -> None:
    mapping = INTERVENTIONS.replace("windows-1257", "utf-8")
    with pytest.raises(BadSource, match="not written in utf-8"):
        list(table(tmp_path, mapping, "Nr.;Plāns\n").items())


def test_a_workbook_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "support.toml").write_text(INTERVENTIONS, encoding="utf-8")
    (tmp_path / "support.xlsx").write_bytes(b"PK\x03\x04 but nothing more")
    with pytest.raises(BadSource, match="no Excel workbook"):
        list(opened(tmp_path / "support.xlsx").items())


def test_a_sheet_that_is_missing_is_told(tmp_path: Path) -> None:
    (tmp_path / "support.toml").write_text(f'sheet = "Pavasaris"\n{INTERVENTIONS}', encoding="utf-8")
    workbook(tmp_path / "support.xlsx", [["Nr."]])
    with pytest.raises(BadSource, match="no sheet 'Pavasaris', but Cits, Atbalsts"):
        list(opened(tmp_path / "support.xlsx").items())


def test_a_field_that_the_register_has_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"no field planned_measures\[\]\.eur of type plan"):
        table(tmp_path, 'type = "plan"\nexternal_id = "id"\n[columns]\nx = "planned_measures[].eur"\n', "id,x\n")


def test_a_type_that_the_register_has_not_and_a_mapping_that_is_missing_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="no type 'pupil', but student, plan, intervention"):
        table(tmp_path, 'type = "pupil"\nexternal_id = "id"\n[columns]\nx = "grade"\n', "id,x\n")
    with pytest.raises(BadSource, match=r"there is no .*missing\.toml: write it, or name another by --mapping"):
        opened(tmp_path / "missing.csv")


def test_a_file_whose_name_says_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plans.pdf").write_bytes(b"%PDF")
    with pytest.raises(BadSource, match="its name does not say"):
        opened(tmp_path / "plans.pdf")
