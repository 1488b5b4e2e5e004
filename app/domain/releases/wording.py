"""How what a release counts differs from what the catalogue defines, in words: from the bounds themselves."""

from app.domain.releases.attributes import Figure
from app.domain.releases.tables import BOUNDS, MAX_RISKS, UNITS


def counted_en() -> str:
    return (
        "Of each student one plan of a semester counts, the one with the earliest first day, so plans and students of a semester are"
        f" the same number; and at most {MAX_RISKS} risks where risks are counted or asked by, {_bound(Figure.HOURS)} hours,"
        f" {_bound(Figure.CONSULTATIONS)} consultations and {_bound(Figure.EUR)} EUR of a student in a semester."
    )


def counted_lv() -> str:
    return (
        "No katra izglītojamā semestrī skaita vienu plānu, to, kura pirmā diena ir agrākā, tāpēc plānu un izglītojamo skaits semestrī"
        f" ir vienāds; no viena izglītojamā semestrī skaita ne vairāk kā {MAX_RISKS} riskus, kur skaita riskus vai jautā pēc riska,"
        f" {_bound(Figure.HOURS)} stundas, {_bound(Figure.CONSULTATIONS)} konsultācijas un {_bound(Figure.EUR)} EUR."
    )


def _bound(figure: Figure) -> int:
    """In whole units of the figure: no bound is anything else."""
    return BOUNDS[figure] // UNITS[figure]
