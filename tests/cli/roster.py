"""A small roster in the form of OneRoster 1.2: two schools, their classes, and whoever is enrolled in them."""

import csv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

Rows = Sequence[Mapping[str, str]]
COLUMNS = {
    "manifest": ("propertyName", "value"),
    "orgs": ("sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"),
    "academicSessions": (
        "sourcedId", "status", "dateLastModified", "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear",
    ),
    "classes": (
        "sourcedId", "status", "dateLastModified", "title", "grades", "courseSourcedId", "classCode", "classType",
        "location", "schoolSourcedId", "termSourcedIds", "subjects", "subjectCodes", "periods",
    ),
    "users": (
        "sourcedId", "status", "dateLastModified", "enabledUser", "username", "userIds", "givenName", "familyName",
        "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password",
        "userMasterIdentifier", "resourceSourcedIds", "preferredGivenName", "preferredMiddleName",
        "preferredFamilyName", "primaryOrgSourcedId", "pronouns",
    ),
    "enrollments": (
        "sourcedId", "status", "dateLastModified", "classSourcedId", "schoolSourcedId", "userSourcedId", "role",
        "primary", "beginDate", "endDate",
    ),
    "demographics": ("sourcedId", "status", "dateLastModified", "birthDate", "sex"),
}  # fmt: skip
SCHOOL_NUMBER, COLLEGE_NUMBER = "4312902314", "4312902315"


def enrollment(id_: str, user: str, class_: str = "C-1", school: str = "O-1", **more: str) -> dict[str, str]:
    return {
        "sourcedId": id_,
        "classSourcedId": class_,
        "schoolSourcedId": school,
        "userSourcedId": user,
        "role": "student",
        **more,
    }


def user(id_: str, grades: str = "07", **more: str) -> dict[str, str]:
    return {"sourcedId": id_, "givenName": "Izdomāta", "familyName": "Paraudze", "grades": grades, **more}


def rosters(**changed: Rows) -> dict[str, Rows]:
    """Files by name; `changed` replaces some of them."""
    bulk = ("orgs", "users", "enrollments", "academicSessions", "classes", "demographics")
    return {
        "manifest": [
            {"propertyName": "manifest.version", "value": "1.0"},
            {"propertyName": "oneroster.version", "value": "1.2"},
            *({"propertyName": f"file.{name}", "value": "bulk"} for name in bulk),
        ],
        "orgs": [
            {"sourcedId": "O-0", "name": "Madonas novads", "type": "district"},
            {"sourcedId": "O-1", "name": "Skola", "type": "school", "identifier": SCHOOL_NUMBER},
            {"sourcedId": "O-2", "name": "Tehnikums", "type": "school", "identifier": COLLEGE_NUMBER},
        ],
        "academicSessions": [
            {"sourcedId": "T-1", "type": "semester", "startDate": "2021-09-01", "endDate": "2021-12-31"},
            {"sourcedId": "T-2", "type": "semester", "startDate": "2022-01-01", "endDate": "2022-05-31"},
        ],
        "classes": [
            {"sourcedId": "C-1", "schoolSourcedId": "O-1", "termSourcedIds": "T-1,T-2"},
            {"sourcedId": "C-2", "schoolSourcedId": "O-1", "termSourcedIds": "T-1"},
        ],
        "users": [user("U-1", identifier="000000-10015"), user("U-2")],
        "enrollments": [enrollment("N-1", "U-1"), enrollment("N-2", "U-2", beginDate="2021-10-04")],
        "demographics": [
            {"sourcedId": "U-1", "birthDate": "2007-05-14"},
            {"sourcedId": "U-2", "birthDate": "2008-01-02"},
        ],
        **changed,
    }


def write_roster(folder: Path, files: Mapping[str, Rows]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name], restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in folder.iterdir():
            archive.write(each, each.name)
    return target
