"""A large register over a line that breaks three times: `python -m bench upload`.

UPLOAD_BENCH_MB sets its size. Real web processes as the demo starts them, real sockets, a worker that joins
the parts.
"""

import os
import threading
from dataclasses import dataclass
from time import perf_counter

from bench.options import Options
from portal.processes import wait_until
from tests import tus_socket
from tests.service import Service
from tests.tus_socket import MIB, Sender

PART = 256 * MIB
PATIENCE = 1800
JOINED = """SELECT f.sha256, f.size FROM orders_orderfile f JOIN orders_material m ON m.file_id = f.id
    WHERE m.order_id = %s"""


@dataclass(frozen=True)
class Sent:
    """Bytes, seconds of sending and of joining, and the memory in bytes of the web's largest process."""

    length: int
    sending: float
    joining: float
    before: int
    most: int
    after: int


def run(options: Options) -> str:
    """The figures, as Markdown."""
    return table(measure(int(os.environ.get("UPLOAD_BENCH_MB", "2048")) * MIB))


def measure(length: int) -> Sent:
    service = Service(ALLOWED_HOSTS="localhost", SECURE_COOKIES="0", DJANGO_SETTINGS_MODULE="portal.settings")
    try:
        service.start()
        service.start_web()
        tus_socket.send_with_breaks(Sender(service), 8 * MIB)  # whatever the web loads at first
        return _measured(service, Sender(service), length)
    finally:
        service.stop()


def _measured(service: Service, sender: Sender, length: int) -> Sent:
    tus_socket.forget_peaks(service)
    before = tus_socket.memory(service, "VmRSS")
    start = perf_counter()
    with _kept_asking(sender):
        tus_socket.send_with_breaks(sender, length, parts=max(4, length // PART))
    sent = perf_counter()
    wait_until("the joined file", lambda: service.ask(JOINED, sender.order), PATIENCE)
    joined = perf_counter()
    if service.ask(JOINED, sender.order) != [(tus_socket.sha256(length), length)]:
        raise SystemExit("The file did not arrive as it was sent.")
    most, after = tus_socket.memory(service), tus_socket.memory(service, "VmRSS")
    return Sent(length, sent - start, joined - sent, before, most, after)


class _kept_asking:  # noqa: N801  (used like a function)
    """Other people's requests meanwhile, so that every process of the web is at work."""

    def __init__(self, sender: Sender) -> None:
        self.sender, self.stop = sender, threading.Event()
        self.thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        self.thread.join()

    def _ask(self) -> None:
        while not self.stop.wait(0.5):
            self.sender.ask("GET", f"/orders/{self.sender.order}/upload/")


def table(sent: Sent) -> str:
    megabytes = sent.length / MIB
    lines = [
        f"A register of {megabytes:,.0f} MB in requests of {min(PART, sent.length // 4) // MIB} MB. The line"
        " breaks in the middle of the first three (closed, reset, closed); each goes on from the offset that"
        " the web tells. The file that the worker has joined is the one that was sent, by its SHA-256.",
        "",
        "| what | figure |",
        "|---|---|",
        f"| sending, encryption on the way | {sent.sending:.0f} s, {megabytes / sent.sending:.0f} MB/s |",
        f"| joining by the worker | {sent.joining:.0f} s, {megabytes / sent.joining:.0f} MB/s |",
        f"| largest process of the web before | {sent.before / MIB:.0f} MB |",
        f"| the same at its most while sending | {sent.most / MIB:.0f} MB |",
        f"| the same afterwards | {sent.after / MIB:.0f} MB |",
    ]
    return "\n".join(lines) + "\n"
