"""Code lists from their files."""

from app.db.reference.files import Row, rows
from app.domain.code_lists import Code, CodeList, CodeLists, Unit


def code_lists() -> CodeLists:
    codes = [_code(row) for row in rows("codes")]
    return CodeLists(
        tuple(
            CodeList(
                name=row["name"],
                title_lv=row["title_lv"],
                title_en=row["title_en"],
                codes=tuple(code for code in codes if code.list == row["name"]),
                parent=row.optional("parent"),
            )
            for row in rows("code_lists")
        )
    )


def _code(row: Row) -> Code:
    unit = row.optional("unit")
    return Code(
        list=row["list"],
        id=row.number("id"),
        code=row["code"],
        name_lv=row["name_lv"],
        name_en=row["name_en"],
        period=row.period(),
        parent=row.optional("parent"),
        unit=None if unit is None else Unit(unit),
    )
