"""How long the lists take at some size, asked of the web as the demo starts it: `python -m bench lists`."""

import http.client
import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter

from bench.options import Options
from portal.embedded import CHECKOUT, EmbeddedServers, free_port
from portal.processes import Processes, wait_until, web_command

REQUESTS, WARM_UP = 200, 10
TARGET_MS = 100


@dataclass(frozen=True)
class Timed:
    """A page, its queries, and the times of its answers in milliseconds."""

    name: str
    queries: int
    p50: float
    p95: float
    kilobytes: float


def run(options: Options) -> str:
    """The figures, as Markdown."""
    return table(measure_lists(options.applications), options.applications)


def measure_lists(count: int) -> list[Timed]:
    """Fill a database with `count` applications, permits and orders, start the web, and time each page."""
    servers = EmbeddedServers().start({})
    port = free_port()
    environment = {
        **os.environ,
        **servers.environment,
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "dummy://",
        "SECURE_COOKIES": "0",
        "SITE_URL": f"http://localhost:{port}",
        "STATIC_ROOT": str(servers.folder / "static"),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    processes = Processes(servers.folder, environment)
    try:
        for command in ("migrate -v0", "createcachetable", "collectstatic -v0 --no-input"):
            _run(environment, "manage.py", *command.split())
        pages = json.loads(_run(environment, "-m", "bench.lists_data", str(count)).splitlines()[-1])
        processes.start("web", web_command(f"127.0.0.1:{port}"))
        wait_until("the web", lambda: _answers(f"http://localhost:{port}/health/"), 60)
        return [_timed(port, **page) for page in pages]
    finally:
        processes.stop()
        servers.stop()


def table(found: list[Timed], count: int) -> str:
    """The figures as Markdown."""
    lines = [
        f"{count:,} applications, {count:,} permits and {count:,} orders of 2,000 organisations; {REQUESTS}"
        " requests of each page, one after another, to the web as the demo starts it. Times in milliseconds,",
        f"the target is a p95 under {TARGET_MS} ms.",
        "",
        "| page | queries | p50 | p95 | kB |",
        "|---|---|---|---|---|",
    ]
    for one in found:
        over = "" if one.p95 < TARGET_MS else " (over)"
        lines.append(
            f"| {one.name} | {one.queries} | {one.p50:.0f} | {one.p95:.0f}{over} | {one.kilobytes:.0f} |"
        )
    return "\n".join(lines) + "\n"


def _timed(port: int, name: str, path: str, cookie: str, queries: int) -> Timed:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": f"localhost:{port}"} | ({"Cookie": f"sessionid={cookie}"} if cookie else {})
    times, size = [], 0
    for _ in range(WARM_UP + REQUESTS):
        start = perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        size = len(response.read())
        times.append((perf_counter() - start) * 1000)
        if response.status != 200:
            raise SystemExit(f"{name}: {path} answers {response.status}")
    connection.close()
    cuts = quantiles(times[WARM_UP:], n=100)
    print(f"{name}: {cuts[49]:.0f} ms, {cuts[94]:.0f} ms", file=sys.stderr, flush=True)
    return Timed(name, queries, cuts[49], cuts[94], size / 1000)


def _run(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments[:2])}: exit status {done.returncode}")
    return done.stdout


def _answers(address: str) -> bool:
    try:
        return bool(urllib.request.urlopen(address).status == 200)
    except OSError:
        return False
