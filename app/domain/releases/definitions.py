"""What a release says of itself: everything that was fixed before anybody looked at the register, and so may be told to everybody."""

from collections.abc import Mapping
from typing import Any

from app.domain.calendar import Semester
from app.domain.releases.attributes import Attribute, Figure, Level
from app.domain.releases.display import SMALL
from app.domain.releases.lattice import Lattice
from app.domain.releases.tables import BOUNDS, MAX_RISKS, TABLES, Table

MECHANISM = "discrete Gaussian noise, weighted least squares over the lattice"


def lattice_of(semester: Semester, definition: Mapping[str, Any], groups: Mapping[str, str]) -> Lattice:
    """The lattice that a release was made on. `groups` of risks never change."""
    return Lattice(
        semester=semester,
        regions={region: tuple(municipalities) for region, municipalities in definition["regions"].items()},
        codes={each: tuple(definition["codes"][each.value]) for each in Attribute},
        groups=groups,
    )


def tables_of(definition: Mapping[str, Any]) -> tuple[Table, ...]:
    """By which a release was measured, each with the noise that was drawn then."""
    return tuple(
        Table(
            figure=Figure(each["figure"]),
            level=Level(each["level"]),
            attributes=tuple(map(Attribute, each["attributes"])),
            deviation=each["deviation"],
        )
        for each in definition["tables"]
    )


def definition_of(lattice: Lattice) -> Mapping[str, Any]:
    """As it is kept beside the cells, in JSON: a release is read by what it was made of, whatever is fixed for later ones."""
    return {
        "mechanism": MECHANISM,
        "small": SMALL,
        "risks_of_a_student": MAX_RISKS,
        "bounds": {
            "HOURS": f"{BOUNDS[Figure.HOURS] / 100:.2f}",
            "CONSULTATIONS": str(BOUNDS[Figure.CONSULTATIONS]),
            "EUR": f"{BOUNDS[Figure.EUR] / 100:.2f}",
        },
        "regions": {region: list(municipalities) for region, municipalities in lattice.regions.items()},
        "codes": {each.value: list(lattice.codes[each]) for each in Attribute},
        "tables": [
            {
                "figure": each.figure.value,
                "level": each.level.value,
                "attributes": [attribute.value for attribute in each.attributes],
                "deviation": each.deviation,
            }
            for each in TABLES
        ],
    }
