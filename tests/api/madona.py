"""Who took part in Madona's part of the programme, before and after the borders moved in 2021: facts, told to the register over REST.

Name, municipality under the old borders, first day of participation, last day where it ended.
"""

from datetime import date

import httpx

from tests.factories import World

MADONA, LUBANA, CESVAINE, ERGLI = "0700200", "0701400", "0700800", "0705500"
MADONA_AFTER = "0038000"

SCHOOLS = (
    ("Madonas pilsētas vidusskola", MADONA, "2017-11-01", None),
    ("Madonas Vakara un neklātienes vidusskola", MADONA, "2017-11-01", "2018-05-31"),
    ("Kalsnavas pamatskola", MADONA, "2017-11-01", None),
    ("Lazdonas pamatskola", MADONA, "2017-12-01", None),
    ("Degumnieku pamatskola", MADONA, "2017-11-01", None),
    ("Bērzaunes pamatskola", MADONA, "2018-09-01", None),
    ("Vestienas pamatskola", MADONA, "2018-09-01", None),
    ("Kusas pamatskola", MADONA, "2019-01-01", None),
    ("Lubānas vidusskola", LUBANA, "2019-01-01", None),
    ("Andreja Eglīša Ļaudonas vidusskola", MADONA, "2019-01-01", None),
    ("Mētrienas pamatskola", MADONA, "2019-01-01", "2019-05-31"),
    ("Barkavas pamatskola", MADONA, "2019-01-01", None),
    ("Praulienas pamatskola", MADONA, "2019-09-01", None),
    ("Liezēres pamatskola", MADONA, "2019-09-01", None),
    ("Dzelzavas pamatskola", MADONA, "2019-09-01", None),
    ("Cesvaines vidusskola", CESVAINE, "2019-09-01", None),
    ("Meirānu Kalpaka pamatskola", LUBANA, "2019-09-01", "2021-06-30"),
    ("Ērgļu vidusskola", ERGLI, "2021-09-01", None),
)


async def record_madona(http: httpx.AsyncClient, world: World) -> None:
    """Each school with where it lay before and after the reform, its municipality's agreement, and its participation."""
    partners: dict[str, int] = {MADONA: world.madona}
    for name, municipality, first_day, last_day in SCHOOLS:
        places = [
            {"municipality": municipality, "from": "2009-07-01", "to": "2021-06-30"},
            {"municipality": MADONA_AFTER, "from": "2021-07-01"},
        ]
        school = {"name": name, "kind": "GENERAL", "founder": "MUNICIPALITY", "opened_on": "2000-09-01"}
        school_id = await _create(http, world, "institutions", {**school, "locations": places})
        if municipality not in partners:
            partners[municipality] = await _create(http, world, "partners", {"municipality": municipality})
        participation = {
            "institution_id": school_id,
            "programme": "PUMPURS",
            "partner_id": partners[municipality],
            "agreement_number": "M-1",
            "agreement_date": str(date(2017, 10, 2)),
            "from": first_day,
            "to": last_day,
        }
        await _create(http, world, "participations", participation)


async def _create(http: httpx.AsyncClient, world: World, nouns: str, body: object) -> int:
    answer = await http.post(f"/v1/{nouns}", json=body, headers=world.authority())
    assert answer.status_code == httpx.codes.CREATED, answer.text
    number: int = answer.json()["id"]
    return number
