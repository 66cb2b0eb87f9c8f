"""A decision that is being stored while the clock ends the clearing: it is counted as it is delivered."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import transaction

from orders import clearing, states
from orders.models import Order
from tests.at_once import at_once, database_copy
from tests.orders.doubtful import clearing_order, decide, namesakes


@pytest.fixture
def db(django_db_setup, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), database_copy():
        yield


def test_a_decision_that_is_stored_while_the_clock_ends_the_clearing_is_counted(
    cast, own_store, settings
) -> None:
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    order = clearing_order(cast.secretary)
    is_decided = threading.Event()

    def official() -> None:
        with transaction.atomic():
            decide(order, 1, cast.official, 2)
            is_decided.set()
            time.sleep(0.5)

    def clock() -> None:
        is_decided.wait(10)
        clearing.close(Order.objects.get(pk=order.pk))

    assert at_once(official, clock) == [None, None]
    order.refresh_from_db()
    assert (order.status, order.results["match_review"]) == (states.READY, 1)
