"""Orders through the real service: one of very many rows, and many small ones at once beside a big one.

Worker, beat, PostgreSQL and Redis are real processes; doubtful rows are delivered as such. Of each process
the most memory is read from the system twice a second. While the small orders are made, the workers are
killed every few seconds; the big order, whose delivery takes longer than a worker lives, fails then, and is
started again as an official does it.
"""

import os
import random
import shutil
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from statistics import median

from bench.options import Options
from bench.page import table
from bench.population import Population, population
from tests.service import Service

ROWS, SMALL_ORDERS, SMALL_ROWS, BIG_ROWS, ORGANISATIONS = 5_000_000, 200, 1_000, 1_000_000, 20
MEMORY_TARGET, MATCH_MEMORY = 4e9, "3GB"  # bytes of a process; what a match in it may take
PATIENCE = 3600  # seconds


def run(options: Options) -> str:
    """The figures, as Markdown. `--rows` sizes the large order; the other parts follow in proportion."""
    made = population(options)
    rows = options.rows_or(ROWS)
    return f"{_large(made, rows)}\n\n{_many(made, rows)}"


@contextmanager
def _service(made: Population) -> Iterator[Service]:
    with tempfile.TemporaryDirectory() as folder:
        # Nobody clears doubtful rows here: orders would wait for officials till day 18.
        settings = {"POPULATION_STORE": str(made.store), "CLEARING": "False", "MATCH_MEMORY": MATCH_MEMORY}
        service = Service(WORK_DIR=folder, TMPDIR=folder, **settings)
        try:
            service.start()
            yield service
        finally:
            service.stop()


class Memory:
    """The most resident memory of each of a service's processes, in bytes, by role."""

    def __init__(self, service: Service) -> None:
        self.service, self.most = service, defaultdict[str, int](int)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.stop.wait(0.5):
            roles = {process.pid: role for role, process in self.service.processes.running.items()}
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    role = roles.get(os.getpgid(int(pid)))
                    resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                except (OSError, IndexError):  # it has just ended
                    continue
                if role:
                    self.most[role] = max(self.most[role], resident * os.sysconf("SC_PAGE_SIZE"))


def _large(made: Population, rows: int) -> str:
    """One order from its upload to its delivery."""
    register = made.register(rows)
    with _service(made) as service, Memory(service) as memory:
        order = service.run("-m", "tests.processes.act", "place", str(register))
        service.wait_for(order, "delivered", "failed", "rejected", seconds=PATIENCE)
        left = _left(Path(service.environment["WORK_DIR"]))
        times = service.ask(
            "SELECT m.received_at, m.checked_at, o.placed_at, o.matched_at, o.released_at, o.delivered_at"
            " FROM orders_order o JOIN orders_material m ON m.order_id = o.id WHERE o.id = %s",
            order,
        )[0]
        status = service.status(order)
    names = ("received", "checked", "placed", "matched", "released", "delivered")
    stages = [
        [f"{names[place]} → {names[place + 1]}", f"{_seconds(times[place], times[place + 1]):.0f}"]
        for place in range(len(names) - 1)
    ]
    most = ", ".join(f"{role} {memory.most[role] / 1e9:.2f} GB" for role in sorted(memory.most))
    return (
        f"One order of {rows:,} rows, most with a code, against {made.persons:,} persons: {status}."
        f" Most memory of a process, with a MATCH_MEMORY of {MATCH_MEMORY}: {most} (target: under"
        f" {MEMORY_TARGET / 1e9:.0f} GB)."
        f" Files left in the folder for plaintext afterwards: {', '.join(left) or 'none'}.\n\n"
        + table(["stage", "s"], stages)
    )


def _left(folder: Path) -> list[str]:
    """The files in a folder, once the job that has just ended has removed its own."""
    for _ in range(30):
        if not (left := [path.name for path in folder.rglob("*") if path.is_file()]):
            break
        time.sleep(1)
    return left


def _seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _many(made: Population, rows: int) -> str:
    """Small orders of many organisations at once, beside a big one of another, while workers are killed."""
    share = min(1.0, rows / ROWS)
    small, big = max(20, int(SMALL_ORDERS * share)), max(5_000, int(BIG_ROWS * share))
    with _service(made) as service, tempfile.TemporaryDirectory() as folder:
        _registers(made, Path(folder), small, big)
        with _killing(service) as kills:
            printed = service.run("-m", "bench.orders_data", folder, str(ORGANISATIONS)).splitlines()
            owners = {order: int(owner) for owner, order in (line.split() for line in printed)}
            bigs, smalls = _by_size(owners)
            _wait(service, smalls)
        waited = _waited(service, owners)
        _wait(service, bigs)
        failed = [order for order in bigs if service.status(order) == "failed"]
        for order in failed:
            service.run("-m", "bench.orders_data", order)
        _wait(service, bigs)
        again = "failed meanwhile and was started again" if failed else "was delivered without a restart"
        return (
            f"{len(smalls)} orders of {SMALL_ROWS:,} rows of {ORGANISATIONS} organisations, placed at once"
            f" beside one of {big:,} rows, while the workers were killed {len(kills)} times until all small"
            f" ones were delivered: {_once(service, owners)} of {len(owners)} delivered once, each with as"
            f" many rows in the register of disclosures as it gave persons. The big one {again}. {waited}"
        )


def _by_size(owners: dict[str, int]) -> tuple[list[str], list[str]]:
    """The big order, whose owner is 0, and the small ones."""
    return [order for order in owners if not owners[order]], [order for order in owners if owners[order]]


def _wait(service: Service, orders: list[str]) -> None:
    for order in orders:
        service.wait_for(order, "delivered", "failed", "rejected", seconds=PATIENCE)


def _registers(made: Population, folder: Path, small: int, big: int) -> None:
    shutil.copy(made.register(big), folder / "big.csv")
    with made.register(small * SMALL_ROWS).open(encoding="utf-8") as lines:
        header = next(lines)
        for number in range(small):
            content = "".join([header, *islice(lines, SMALL_ROWS)])
            (folder / f"small-{number:03}.csv").write_text(content, encoding="utf-8")


@contextmanager
def _killing(service: Service) -> Iterator[list[float]]:
    """The workers die at random moments meanwhile; yields when they did."""
    stop, kills = threading.Event(), list[float]()

    def kill() -> None:
        while not stop.wait(random.uniform(5, 15)):
            service.processes.kill("worker")
            kills.append(time.monotonic())

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    yield kills
    stop.set()
    thread.join()


def _once(service: Service, owners: dict[str, int]) -> int:
    """How many orders were delivered once, with a disclosure for each row given."""
    facts = service.ask(
        "SELECT o.status,"
        " (SELECT count(*) FROM orders_delivery d WHERE d.order_id = o.id),"
        " (SELECT count(*) FROM orders_disclosure x WHERE x.order = o.id),"
        " (SELECT sum((d.report->>'given')::int) FROM orders_delivery d WHERE d.order_id = o.id)"
        " FROM orders_order o WHERE o.id = ANY(%s::uuid[])",
        list(owners),
    )
    return sum(
        status == "delivered" and deliveries == 1 and disclosed == given
        for status, deliveries, disclosed, given in facts
    )


def _waited(service: Service, owners: dict[str, int]) -> str:
    """How long the organisations waited for the match of their last orders."""
    facts = service.ask(
        "SELECT o.id::text, extract(epoch FROM o.matched_at - min(o.placed_at) OVER ())"
        " FROM orders_order o WHERE o.id = ANY(%s::uuid[])",
        list(owners),
    )
    waited = defaultdict[int, list[float]](list)
    for order, seconds in facts:
        waited[owners[order]].append(float(seconds))
    last = [max(times) for owner, times in waited.items() if owner]
    return (
        f"It was matched after {waited[0][0]:.0f} s; the organisations' last small orders after"
        f" {min(last):.0f} to {max(last):.0f} s, {median(last):.0f} s in the middle."
    )
