"""An order in chunks, by real workers: whatever dies, every chunk counts once; small orders get through."""

from collections.abc import Iterator

import pytest

from portal.processes import wait_until
from tests.processes.test_nothing_is_lost import delivered_once
from tests.service import ROWS, Service, serving

CHUNK_ROWS = 10_000
CHUNKS = ROWS // CHUNK_ROWS
LINKED = "SELECT count(*) FROM orders_chunk WHERE order_id = %s AND links_id IS NOT NULL"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving(web=False, MATCH_CHUNK_ROWS=str(CHUNK_ROWS)) as running:
        yield running


@pytest.fixture
def order(service: Service) -> str:
    """An order of which some chunks are linked and others are not."""
    order = service.place_order_until_matching()
    wait_until("a linked chunk", lambda: service.ask(LINKED, order)[0][0] > 1, 60, every=0.02)
    assert service.ask(LINKED, order)[0][0] < CHUNKS
    return order


def every_chunk_counted_once(service: Service, order: str) -> None:
    delivered_once(service, order)
    files = "SELECT count(*) FROM orders_orderfile WHERE order_id = %s AND kind = %s"
    assert service.ask(files, order, "piece") == service.ask(files, order, "piece_links") == [(CHUNKS,)]
    assert service.ask(files, order, "links") == [(1,)]
    assert service.ask("SELECT rows FROM orders_order WHERE id = %s", order) == [(ROWS,)]


def test_a_worker_killed_in_the_middle_of_a_chunk(service: Service, order: str) -> None:
    held = "SELECT id FROM portal_job WHERE task = 'orders.match_chunk' AND lease_until IS NOT NULL"
    wait_until("a chunk under way", lambda: service.ask(held), 30, every=0.01)
    service.processes.kill("worker")
    (job,) = service.ask(held)[0]
    every_chunk_counted_once(service, order)
    assert service.ask("SELECT attempts FROM portal_job WHERE id = %s", job) == [(2,)]


def test_a_redis_that_forgets_everything_in_the_middle_of_the_chunks(service: Service, order: str) -> None:
    service.flush_redis()
    every_chunk_counted_once(service, order)


def test_a_postgresql_restarted_in_the_middle_of_the_chunks(service: Service, order: str) -> None:
    service.servers.restart_postgresql()
    every_chunk_counted_once(service, order)


def test_an_order_cancelled_in_the_middle_of_its_chunks_is_purged(service: Service, order: str) -> None:
    service.run("-m", "tests.processes.act", "cancel", order)
    at_rest = "SELECT count(*) FROM orders_orderfile WHERE order_id = %s AND purged_at IS NULL"
    wait_until("the purge", lambda: service.ask(at_rest, order) == [(0,)], 60)
    assert service.status(order) == "cancelled"
    assert service.ask("SELECT count(*) FROM orders_chunk WHERE order_id = %s", order) == [(0,)]
    failed = "SELECT count(*) FROM portal_job WHERE failed_at IS NOT NULL"
    assert service.ask(failed) == [(0,)]


def test_of_forty_small_orders_beside_a_big_one_none_waits_for_it_to_end(service: Service) -> None:
    register = str(service.register())
    big, *small = service.run("-m", "tests.processes.act", "beside", register).split()
    for order in (big, *small):
        service.wait_for(order, "delivered", "failed", "rejected")
    matched = "SELECT max(matched_at) FROM orders_order WHERE id = ANY(%s::uuid[])"
    assert service.ask(matched, small) < service.ask(matched, [big])
