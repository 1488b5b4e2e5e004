"""Regions, municipalities and their successions from their files."""

from app.db.reference.files import Row, rows
from app.domain.geography import Geography
from app.domain.municipalities import Municipality, MunicipalityKind, Succession, SuccessionRelation
from app.domain.regions import Region, RegionMembership, RegionScheme


def geography() -> Geography:
    return Geography(
        regions=tuple(map(_region, rows("regions"))),
        municipalities=tuple(map(_municipality, rows("municipalities"))),
        memberships=tuple(map(_membership, rows("region_memberships"))),
        successions=tuple(map(_succession, rows("successions"))),
    )


def _region(row: Row) -> Region:
    return Region(
        scheme=RegionScheme(row["scheme"]),
        code=row["code"],
        name_lv=row["name_lv"],
        name_en=row["name_en"],
        period=row.period(),
    )


def _municipality(row: Row) -> Municipality:
    return Municipality(
        code=row["code"],
        iso_code=row["iso_code"],
        name_lv=row["name_lv"],
        name_en=row["name_en"],
        kind=MunicipalityKind(row["kind"]),
        period=row.period(),
    )


def _membership(row: Row) -> RegionMembership:
    return RegionMembership(
        municipality=row["municipality"],
        scheme=RegionScheme(row["scheme"]),
        code=row["region"],
        period=row.period(),
    )


def _succession(row: Row) -> Succession:
    return Succession(
        predecessor=row["predecessor"],
        successor=row["successor"],
        effective_on=row.day("effective_on"),
        relation=SuccessionRelation(row["relation"]),
        is_main_successor=row.flag("is_main_successor"),
        is_main_predecessor=row.flag("is_main_predecessor"),
        part_lv=row.optional("part_lv"),
        part_en=row.optional("part_en"),
    )
