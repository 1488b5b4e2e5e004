"""Made-up persons: Latvian given and family names, put together at random."""

from random import Random

_WOMEN = (
    "Anna Elza Līga Ilze Kristīne Laura Elīna Inese Agnese Zane Baiba Dace Gunta Sanita Santa Evija Madara Linda Rūta Marta"
    " Emīlija Sofija Paula Katrīna Elizabete Amanda Estere Alise Evelīna Patrīcija Keita Loreta Sabīne Beāte Diāna Viktorija"
    " Jūlija Anastasija Ksenija Jeļena Poļina Daira Ieva Signe Undīne Žanete Šarlote Ķersta Ģertrūde Ērika"
).split()
_MEN = (
    "Jānis Andris Juris Edgars Mārtiņš Kristaps Artūrs Rihards Roberts Gustavs Emīls Markuss Daniels Ralfs Kārlis Oskars"
    " Toms Niks Ričards Haralds Valters Ernests Kristers Rainers Dāvis Renārs Intars Gatis Raivis Guntars Aleksandrs Dmitrijs"
    " Maksims Artjoms Ņikita Deniss Vladislavs Ivars Uldis Ziedonis Ēriks Ģirts Ķirils Šimons Žanis Ansis Ādams Henriks Olafs Pēteris"
).split()
# Masculine and feminine form.
_FAMILIES = tuple(
    pair.split("/")
    for pair in (
        "Bērziņš/Bērziņa Kalniņš/Kalniņa Ozoliņš/Ozoliņa Jansons/Jansone Ozols/Ozola Liepiņš/Liepiņa Krūmiņš/Krūmiņa Balodis/Balode"
        " Eglītis/Eglīte Zariņš/Zariņa Pētersons/Pētersone Vītols/Vītola Kļaviņš/Kļaviņa Kārkliņš/Kārkliņa Vanags/Vanaga Siliņš/Siliņa"
        " Grīnbergs/Grīnberga Jēkabsons/Jēkabsone Lapiņš/Lapiņa Freimanis/Freimane Apinis/Apine Auziņš/Auziņa Bite/Bite Celmiņš/Celmiņa"
        " Cīrulis/Cīrule Dreimanis/Dreimane Dumpis/Dumpe Dzenis/Dzene Egle/Egle Gailis/Gaile Gulbis/Gulbe Ieviņš/Ieviņa Irbe/Irbe"
        " Jurģis/Jurģe Kļava/Kļava Krastiņš/Krastiņa Kundziņš/Kundziņa Ķauķis/Ķauķe Ķirsis/Ķirse Lācis/Lāce Lasmanis/Lasmane Leimanis/Leimane"
        " Līcis/Līce Lielais/Lielā Mednis/Medne Mežulis/Mežule Mucenieks/Muceniece Niedra/Niedra Paegle/Paegle Pumpurs/Pumpure Priede/Priede"
        " Purviņš/Purviņa Pūce/Pūce Rozītis/Rozīte Rudzītis/Rudzīte Riekstiņš/Riekstiņa Saulītis/Saulīte Skuja/Skuja Sproģis/Sproģe Strazdiņš/Strazdiņa"
        " Šmits/Šmite Šteinbergs/Šteinberga Upītis/Upīte Vilks/Vilka Vīksne/Vīksne Zālītis/Zālīte Zirnis/Zirne Žagars/Žagare Ziediņš/Ziediņa"
        " Ivanovs/Ivanova Petrovs/Petrova Kuzņecovs/Kuzņecova Smirnovs/Smirnova Volkovs/Volkova Sokolovs/Sokolova Kovaļenko/Kovaļenko"
    ).split()
)
_TWO_NAMES = 0.12


def full_name(random: Random) -> tuple[str, str]:
    """Given names and family name of somebody who does not exist."""
    woman = random.random() < 0.45  # more boys than girls leave school early
    given = _WOMEN if woman else _MEN
    first = random.choice(given)
    if random.random() < _TWO_NAMES:
        second = random.choice(given)
        first = first if second == first else f"{first} {second}"
    return first, random.choice(_FAMILIES)[woman]
