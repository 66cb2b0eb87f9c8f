"""A large register over a line that breaks: it arrives whole, and the web's memory stays flat."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.processes import wait_until
from tests import tus_socket
from tests.service import Service, serving
from tests.tus_socket import MIB, Sender, send_with_breaks

LENGTH = int(os.environ.get("UPLOAD_TEST_MB", "96")) * MIB
FLAT = 24 * MIB
SENT = """SELECT f.sha256, f.size, m.state FROM orders_orderfile f JOIN orders_material m ON m.file_id = f.id
    WHERE m.order_id = %s"""


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest.fixture
def sender(service: Service) -> Sender:
    return Sender(service)


def arrived(service: Service, sender: Sender) -> tuple[str, int, str]:
    """Hash, size and state of the order's material, once it is checked."""
    wait_until("the check", lambda: service.ask(SENT + " AND m.state <> 'received'", sender.order), 300)
    (row,) = service.ask(SENT, sender.order)
    return row  # type: ignore[return-value]


def test_a_line_broken_three_times_delivers_the_file_whole_in_flat_memory(
    service: Service, sender: Sender
) -> None:
    send_with_breaks(Sender(service), 4 * MIB)  # whatever the web loads at first
    tus_socket.forget_peaks(service)
    before = tus_socket.memory(service)
    place = send_with_breaks(sender, LENGTH)
    grown = tus_socket.memory(service) - before
    assert sender.offset(place) == LENGTH
    assert arrived(service, sender) == (tus_socket.sha256(LENGTH), LENGTH, "checked")
    assert grown < FLAT
    parts = "SELECT count(*) FROM orders_uploadpart"
    wait_until("the purge", lambda: service.ask(parts) == [(0,)], 60)


def test_a_web_killed_in_the_middle_of_a_part_loses_that_part_alone(service: Service, sender: Sender) -> None:
    place, length = sender.begin(6 * MIB), 6 * MIB
    assert sender.send(place, 0, 2 * MIB) == 204
    sender.send(place, 2 * MIB, 6 * MIB, until=3 * MIB)
    kept = sender.wait_for_more_than(place, 2 * MIB)
    service.processes.kill("web")
    wait_until("the web", lambda: answers(sender), 60)
    assert sender.offset(place) == kept
    assert sender.send(place, kept, length) == 204
    assert arrived(service, sender) == (tus_socket.sha256(length), length, "checked")


def test_a_worker_killed_while_it_joins_the_parts_joins_them_once(service: Service, sender: Sender) -> None:
    place, length = sender.begin(48 * MIB), 48 * MIB
    assert sender.send(place, 0, 24 * MIB) == 204
    assert sender.send(place, 24 * MIB, length) == 204
    held = "SELECT id FROM portal_job WHERE task = 'orders.join_upload' AND lease_until IS NOT NULL"
    wait_until("the joining", lambda: service.ask(held), 30, every=0.005)
    service.processes.kill("worker")
    assert arrived(service, sender) == (tus_socket.sha256(length), length, "checked")


def test_of_two_parts_at_the_same_place_one_counts(service: Service, sender: Sender) -> None:
    place, length = sender.begin(8 * MIB), 8 * MIB
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _turn: sender.send(place, 0, length), range(4)))
    assert sorted(answers) == [204, 409, 409, 409]
    assert arrived(service, sender) == (tus_socket.sha256(length), length, "checked")


def answers(sender: Sender) -> bool:
    try:
        return sender.ask("GET", "/health/").status == 200
    except OSError:
        return False
