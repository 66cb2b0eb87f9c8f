"""Identifiers and the small town in which the tests of buildings and real estate take place."""

from pathlib import Path

from matching.identifiers import hetu_check_character
from tests.matching.drawn import draw_store


def prt(number: int) -> str:
    """The permanent building identifier of this number."""
    digits = 100_000_000 + number
    return f"{digits}{hetu_check_character(digits)}"


HOME, SHOP, BARN, LEFT, RIGHT = (prt(number) for number in (3456789, 11, 222, 3333, 44444))

PLACE, OFFICES = "real_estate_id | municipality | street_fi | street_sv", "post_office_fi | post_office_sv"
KOIVUTIE, HELSINKI = "091 | Koivutie | Björkvägen", "00100 | HELSINKI | HELSINGFORS"
TOWN = {
    "municipality": """
        code | name_fi  | name_sv     | ended_on   | successor_code
        091  | Helsinki | Helsingfors |            |
        049  | Espoo    | Esbo        |            |
        905  | Vaasa    | Vasa        |            |
        476  | Maksamaa | Maxmo       | 2007-01-01 | 944
        944  | Vöyri-Maksamaa | Vörå-Maxmo | 2011-01-01 | 905
    """,
    "building": f"""
        building_id | {PLACE} | house_number | postal_code | {OFFICES} | legacy_id | completed_on
        {HOME}  | 09100200050003 | {KOIVUTIE} | 5  | {HELSINKI} | 091-002-0005-0003-K-001 | 1990-05-01
        {SHOP}  | 09100200050004 | {KOIVUTIE} | 7b | {HELSINKI} | |
        {BARN}  | 90500200050001 | 905 | Niemelä |      |   | 66640 | MAKSAMAA | MAXMO | |
        {LEFT}  | 09100200050005 | {KOIVUTIE} | 9  | {HELSINKI} | |
        {RIGHT} | 09100200050005 | {KOIVUTIE} | 9  | {HELSINKI} | |
    """,
    "real_estate": """
        real_estate_id | name    | municipality | area | registered_on | ended_on   | successor_id
        09100200050003 | Koivula | 091          | 1000 | 2020-01-01    |            |
        09100200050004 | Kauppa  | 091          | 500  | 1970-01-01    |            |
        09100200050005 | Pihat   | 091          | 500  | 1970-01-01    |            |
        90500200050001 | Niemelä | 905          | 9999 | 1950-01-01    |            |
        09100200050009 | Vanhala | 091          | 400  | 1960-01-01    | 2010-01-01 | 09100200050008
        09100200050008 | Uusila  | 091          | 600  | 2010-01-01    | 2020-01-01 | 09100200050003
        09100200050007 | Koivula | 049          | 100  | 1970-01-01    | 2015-01-01 |
    """,
    "person": "person_id | surname\nnobody | Nimetön",
}


def draw_town(folder: Path, **tables: str) -> Path:
    """A store of the town, with other tables in the place of its own."""
    return draw_store(folder, **(TOWN | tables))
