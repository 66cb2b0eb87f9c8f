"""Orders of buildings and units with doubtful rows: a street on which each number has a house and a shed."""

from pathlib import Path
from typing import Any

from orders import states
from orders.models import Order
from tests import factories
from tests.matching.drawn import code, draw_store
from tests.matching.properties import HELSINKI, KOIVUTIE, OFFICES, PLACE, TOWN, prt
from tests.orders.test_order_subjects import SCOPES

NUMBERS = range(1, 15)
HOUSES = {number: prt(1000 + number) for number in NUMBERS}
SHEDS = {number: prt(2000 + number) for number in NUMBERS}
KEPT = code("010191-900")
PERSONS = f"""
    person_id | hetu   | surname  | given_names | protected_until
    open      |        | Virtanen | Bo          |
    kept      | {KEPT} | Salainen | Ann         | %s
"""
HOMES = """
    person_id | kind      | street_fi | house_number | postal_code | post_office_fi
    open      | permanent | Avotie    | 1            | 00100       | HELSINKI
    kept      | permanent | Salakatu  | 13           | 00990       | HELSINKI
"""


def draw_street(folder: Path, *, protected_until: str = "2099-12-31") -> Path:
    """A store of the street: house 1 is owned by two persons, of whom one is protected."""
    header = f"building_id | {PLACE} | house_number | postal_code | {OFFICES} | class | use_status"
    buildings = [
        f"{known[number]} | {unit} | {KOIVUTIE} | {number} | {HELSINKI} | {kind} | 01"
        for number in NUMBERS
        for known, unit, kind in ((HOUSES, "09100200050003", "011"), (SHEDS, "09100200050004", "041"))
    ]
    owners = f"property_id | person_id\n{HOUSES[1]} | open\n{HOUSES[1]} | kept"
    town = TOWN | {"building": "\n".join([header, *buildings])}
    return draw_store(
        folder, **town | {"person": PERSONS % protected_until, "address": HOMES, "owner": owners}
    )


def register(rows: int) -> str:
    """So many doubtful rows of one kind, and after them one of a known identifier."""
    doubtful = "".join(f";Koivutie {number};00100;Virtanen Bo\n" for number in list(NUMBERS)[:rows])
    return f"Rakennustunnus;Katuosoite;Postinumero;Nimi\n{doubtful}{HOUSES[1]};;;\n"


def clearing_order(cast: Any, rows: int = 3, subject: str = "building", **terms: Any) -> Order:
    """An order of buildings, or of the units that they stand on, in clearing with its sheets made."""
    permit = factories.permit(cast.school, scopes=SCOPES, register_kind="", **terms)
    order = factories.placed_order(cast.secretary, register(rows), under=permit, subject=subject, students="")
    factories.run_jobs()
    order.refresh_from_db()
    assert order.status == states.CLEARING
    return order
