"""An order with doubtful rows: a town with namesakes, and a register that does not tell them apart."""

from typing import Any

from orders import states
from orders.clearing import workflow as clearing_workflow
from orders.models import DoubtfulRow, Order
from portal.models import User
from tests import factories
from tests.matching.drawn import code
from tests.population import OwnStore

NAMESAKE = f"p5,{code('020594Y904')},Malli,Väinö,1994-05-02,091,\n"
SECRET = f"p6,{code('020594Y906')},Malli,Väinö,1994-05-02,091,2030-12-31\n"


def namesakes(store: OwnStore, *, protected: bool = False) -> None:
    """Publish a version in which p2 has a namesake born on the same day."""
    store.publish(persons=store.persons + (SECRET if protected else NAMESAKE))


def register(rows: int) -> str:
    """So many doubtful rows of one kind, and after them one of a known code."""
    doubtful = ";Malli;Väinö;2.5.1994\n" * rows
    header = "Henkilötunnus;Sukunimi;Etunimet;Syntymäaika\n"
    return f"{header}{doubtful}010594Y9032;Esimerkki;Aino;\n"


def clearing_order(by: User, rows: int = 3, **kwargs: Any) -> Order:
    """An order in clearing with its sheets made."""
    order = factories.placed_order(by, register(rows), **kwargs)
    factories.run_jobs()
    order.refresh_from_db()
    assert order.status == states.CLEARING
    return order


def row_of(order: Order, number: int) -> DoubtfulRow:
    return DoubtfulRow.objects.select_related("order", "sheet").get(order=order, row=number)


def decide(order: Order, number: int, by: User, place: int | None) -> DoubtfulRow:
    """Give the opinion that the row waits for; the row as it then is."""
    row = row_of(order, number)
    clearing_workflow.decide(row, by=by, place=place, stage=row.stage)
    row.refresh_from_db()
    return row
