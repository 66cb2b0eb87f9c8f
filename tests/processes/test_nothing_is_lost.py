"""Whatever dies in the middle, the order still ends delivered, once, without a hand on it."""

import pytest

from tests.service import ROWS, Service


def delivered_once(service: Service, order: str) -> None:
    service.wait_for(order, "delivered", "failed", "rejected")
    assert service.status(order) == "delivered"
    assert service.ask("SELECT count(*) FROM orders_delivery WHERE order_id = %s", order) == [(1,)]
    disclosed = 'SELECT count(*), count(DISTINCT row) FROM orders_disclosure WHERE "order" = %s'
    assert service.ask(disclosed, order) == [(ROWS, ROWS)]
    events = "SELECT event, count(*) FROM portal_auditevent WHERE object_id = %s GROUP BY event"
    counts = dict(service.ask(events, order))
    assert counts["order.ready"] == counts["order.delivered"] == counts["delivery.made"] == 1


@pytest.fixture
def order(service: Service) -> str:
    """An order whose match has begun."""
    return service.place_order_until_matching()


def test_a_worker_killed_in_the_middle_of_a_match(service: Service, order: str) -> None:
    service.processes.kill("worker")
    assert service.status(order) == "matching"
    delivered_once(service, order)
    attempts = "SELECT attempts FROM portal_job WHERE task = 'orders.match' AND key = %s"
    assert service.ask(attempts, order)[0][0] > 1


def test_a_worker_killed_in_the_middle_of_a_delivery(service: Service, order: str) -> None:
    service.wait_for(order, "released")
    service.processes.kill("worker")
    delivered_once(service, order)


def test_a_redis_that_forgets_everything(service: Service) -> None:
    service.flush_redis()
    order = service.place_order()
    service.flush_redis()
    service.wait_for(order, "matching", "ready", "released")
    service.flush_redis()
    delivered_once(service, order)


def test_a_redis_that_is_away_for_a_while(service: Service, order: str) -> None:
    service.servers.stop_redis()
    service.wait_for(order, "ready", "released")  # what has begun goes on
    service.servers.run_redis()
    delivered_once(service, order)


def test_a_postgresql_restarted_in_the_middle_of_a_match(service: Service, order: str) -> None:
    service.servers.restart_postgresql()
    delivered_once(service, order)
