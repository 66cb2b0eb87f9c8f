"""How long an official takes with doubtful rows, asked of the real pages: `python -m bench clearing`.

Takes 500 doubtful rows of a register that is drawn from a made-up population and made poorer, and clears them
twice at the web, asking as a browser does when an official presses keys: row by row; and each group by its
sample, the rest together. Counts the keys, and times the pages.
"""

import http.client
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from bench.options import Options
from bench.population import population
from portal.embedded import CHECKOUT, EmbeddedServers, free_port
from portal.processes import Processes, wait_until, web_command

CASES, POPULATION, TARGET_MS = 500, 100_000, 150
DRAWN = 10  # rows drawn for each doubtful one that is wanted


@dataclass(frozen=True)
class Cleared:
    """How `cases` doubtful rows were cleared: pages in milliseconds, keys, and acts by group."""

    cases: int
    keys: int
    rows_one_by_one: int
    rows_by_group: int
    groups: int
    case_ms: list[float]
    decide_ms: list[float]


def run(options: Options) -> str:
    """The figures, as Markdown."""
    one_by_one, by_group = measure(options, by_group=False), measure(options, by_group=True)
    lines = [
        f"{one_by_one.cases} doubtful rows of a made-up population of {POPULATION:,} persons, gone through by"
        " one official at the web as the demo starts it; no second opinions. Case page: GET of a row with its"
        f" candidates; decision: POST to the next row's address. Times in milliseconds, the target is a p95"
        f" under {TARGET_MS} ms.",
        "",
        "| way | keys | keys per case | rows looked at | case page p50 | p95 | decision p95 |",
        "|---|---|---|---|---|---|---|",
        _line("one by one", one_by_one),
        _line("samples, the rest by group", by_group),
    ]
    return "\n".join(lines) + "\n"


def _line(name: str, found: Cleared) -> str:
    pages, acts = quantiles(found.case_ms, n=100), quantiles(found.decide_ms, n=100)
    over = "" if pages[94] < TARGET_MS else " (over)"
    return (
        f"| {name} | {found.keys} | {found.keys / found.cases:.2f} | {found.rows_one_by_one}"
        f" | {pages[49]:.0f} | {pages[94]:.0f}{over} | {acts[94]:.0f} |"
    )


def measure(options: Options, *, by_group: bool) -> Cleared:
    """Start servers, have an order in clearing made, and clear it at the real web."""
    servers = EmbeddedServers().start({})
    port = free_port()
    environment = {
        **os.environ,
        **servers.environment,
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "dummy://",
        "SECURE_COOKIES": "0",
        "CLEARING_SECOND_SHARE": "0",
        "SITE_URL": f"http://localhost:{port}",
        "STATIC_ROOT": str(servers.folder / "static"),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    processes = Processes(servers.folder, environment)
    try:
        for command in ("migrate -v0", "createcachetable", "collectstatic -v0 --no-input"):
            _run(environment, "manage.py", *command.split())
        made = _run(environment, "-m", "bench.clearing_data", *map(str, (*_drawn(options), CASES)))
        facts = json.loads(made.splitlines()[-1])
        processes.start("web", web_command(f"127.0.0.1:{port}"))
        wait_until("the web", lambda: _is_up(port), 60)
        return Official(port, **facts).clear(by_group=by_group)
    finally:
        processes.stop()
        servers.stop()


def _drawn(options: Options) -> tuple[Path, Path]:
    """The store, and a register of which enough rows will be doubtful."""
    people = population(options, POPULATION)
    return people.store, people.register(CASES * DRAWN, "--without-id", 1)


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments[:2])}: exit status {done.returncode}")
    return done.stdout


def _is_up(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


class Official:
    """Presses the keys: each decision is one, each page that has to be opened by its link is one more."""

    def __init__(self, port: int, order: str, cookie: str, groups: list[dict[str, Any]], cases: int) -> None:
        from bench.clearing_browser import Pages

        self.pages = Pages(port, order, cookie)
        self.groups, self.cases = groups, cases
        self.keys = self.looked_at = self.by_group = 0
        self.case_ms: list[float] = []
        self.decide_ms: list[float] = []

    def clear(self, *, by_group: bool) -> Cleared:
        if by_group:
            for group in self.groups:
                self._group(group["key"], group["rows"], group["sample"])
        else:
            self._go_through("")
        if left := self.pages.left():
            raise SystemExit(f"{left} rows are not decided")
        return Cleared(
            self.cases,
            self.keys,
            self.looked_at,
            self.by_group,
            len(self.groups),
            self.case_ms,
            self.decide_ms,
        )

    def _group(self, key: str, rows: int, sample: int) -> None:
        """Open the group and its sample by a key each; the rest by one more."""
        self.keys += 2
        self._go_through(key, sample=True)
        if rows > sample:
            self.keys += 1
            self.pages.decide_group(key)
            self.by_group += rows - sample

    def _go_through(self, group: str, *, sample: bool = False) -> None:
        address: str | None = self.pages.first(group, sample=sample)
        self.keys += 1
        while address:
            start = perf_counter()
            page = self.pages.open(address)
            self.case_ms.append((perf_counter() - start) * 1000)
            start = perf_counter()
            address = self.pages.decide(address, page, "1")
            self.decide_ms.append((perf_counter() - start) * 1000)
            self.keys += 1
            self.looked_at += 1
