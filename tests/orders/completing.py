"""An order in clearing whose permit lets the customer complete its doubtful rows."""

from typing import Any

from orders import policies
from orders.completion import own_rows
from orders.completion import workflow as completion_workflow
from orders.models import Completion, DoubtfulRow, Order
from portal.models import Organisation, User
from tests import factories
from tests.orders.doubtful import clearing_order, row_of

NAMED = {"surname": "Malli", "given_names": "Väinö", "birth_date": "2.5.1994"}
P2 = "020594X903P"
"""The code of the one of the namesakes whom the rows mean."""


def completable_order(by: User, holder: Organisation, rows: int = 3, **kwargs: Any) -> Order:
    """Its rows fit p2 and a namesake; the last one is found by its code."""
    return clearing_order(by, rows, under=factories.permit(holder, customer_completes=True), **kwargs)


def complete(order: Order, number: int, by: User, run: bool = True, **cells: str) -> DoubtfulRow:
    """Complete a row as its page would; the row as it is once the workers have matched it again."""
    own = own_rows.read(row_of(order, number), by=by)
    completion_workflow.complete(row_of(order, number), by=by, sent=own.sent, cells={**NAMED, **cells})
    if run:
        factories.run_jobs()
    return row_of(order, number)


def result_of(order: Order, number: int) -> str:
    return Completion.objects.get(order=order, row=number).result


def days_later(monkeypatch: Any, days: int) -> None:
    """So many days later, as far as orders ask for the day."""
    day = policies.today().fromordinal(policies.today().toordinal() + days)
    monkeypatch.setattr("orders.policies.today", lambda: day)
