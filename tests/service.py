"""The service as real processes with servers of their own, which a test may kill, empty and restart."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import redis

from portal.embedded import CHECKOUT, EmbeddedServers, free_port
from portal.processes import Processes, beat_command, wait_until, web_command, worker_command
from tests.population import PERSONS, build_store

ROWS = 120_000
TOTP_PERIOD = 30  # seconds
QUICK = {"JOB_LEASE_SECONDS": "3", "JOB_SWEEP_SECONDS": "0.5", "DELIVERY_RELEASE": "when_ready"}


@contextmanager
def serving(*, web: bool = True, **settings: str) -> Iterator["Service"]:
    """The service as real processes, the web among them if wanted, while it is needed."""
    running = Service(**settings)
    try:
        running.start()
        if web:
            running.start_web()
        yield running
    finally:
        running.stop()


class Service:
    """Worker and beat, their PostgreSQL and Redis, and what a customer did last."""

    def __init__(self, **settings: str) -> None:
        self.servers = EmbeddedServers().start({})
        self.folder = self.servers.folder
        self.mail_folder = self.folder / "mail"
        mail = {"EMAIL_URL": f"file:///{self.mail_folder}"}  # what follows the third slash is the path
        self.environment = {**os.environ, **self.servers.environment, **QUICK, **mail, **settings}
        self.processes = Processes(self.folder, self.environment)
        self.acting: subprocess.Popen[bytes] | None = None
        self.address = ""
        self.used_steps: dict[str, int] = {}

    def start(self) -> None:
        """Worker and beat, on a seeded database and the tiny population."""
        build_store(self.folder)
        self.run("manage.py", "migrate", "-v0")
        self.run("manage.py", "createcachetable")
        printed = self.run("-m", "tests.processes.act", "seed").splitlines()
        self.totp_secrets = dict(line.split(" ") for line in printed)
        self.processes.start("worker", worker_command(concurrency=1))
        self.processes.start("beat", beat_command(self.folder))

    def start_web(self) -> None:
        """The web, on a port of its own, at `address`."""
        port = free_port()
        self.address = f"http://localhost:{port}"
        self.environment |= {"SITE_URL": self.address, "STATIC_ROOT": str(self.folder / "static")}
        self.run("manage.py", "collectstatic", "-v0", "--no-input")
        self.processes.start("web", web_command(f"127.0.0.1:{port}"))
        wait_until("the web", lambda: _answers(f"{self.address}/health/"), 60)

    def sign_in_step(self, email: str) -> int:
        """The time step (RFC 6238) of a person's next code: one that was used is not accepted again.

        The clock may be a step off, as the service allows; beyond that this waits for the clock.
        """
        step = max(int(time.time()) // TOTP_PERIOD, self.used_steps.get(email, 0) + 1)
        time.sleep(max(0, (step - 1) * TOTP_PERIOD - time.time()))
        self.used_steps[email] = step
        return step

    def stop(self) -> None:
        if self.acting is not None:
            self.acting.wait(60)
        self.processes.stop()
        self.servers.stop()

    def run(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=CHECKOUT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def place_order(self) -> str:
        """Place an order of many rows as a school would; returns its id."""
        return self.run("-m", "tests.processes.act", "place", str(self.register()))

    def place_order_until_matching(self) -> str:
        """Place an order and return its id the moment that its match has begun."""
        before = {pk for (pk,) in self.ask("SELECT id FROM orders_order")}
        command = [sys.executable, "-m", "tests.processes.act", "place", str(self.register())]
        self.acting = subprocess.Popen(
            command, cwd=CHECKOUT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        began = "SELECT id FROM orders_order WHERE status = 'matching'"
        wait_until("a match", lambda: {pk for (pk,) in self.ask(began)} - before, 60, every=0.01)
        return str(next(pk for (pk,) in self.ask(began) if pk not in before))

    def register(self) -> Path:
        path = self.folder / "register.csv"
        if not path.exists():
            codes = [line.split(",")[1] for line in PERSONS.split()[1:] if line.count(",") > 3]
            lines = [f"{n},{codes[n % len(codes)]}" for n in range(ROWS)]
            path.write_text("\n".join(["row_id,hetu", *lines, ""]))
        return path

    def ask(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with psycopg2.connect(self.servers.postgresql.get_uri(database="portal")) as connection:
            cursor = connection.cursor()
            cursor.execute(query, values)
            return cursor.fetchall()

    def status(self, order: str) -> str:
        return str(self.ask("SELECT status FROM orders_order WHERE id = %s", order)[0][0])

    def wait_for(self, order: str, *statuses: str, seconds: float = 120) -> None:
        try:
            wait_until(" or ".join(statuses), lambda: self.status(order) in statuses, seconds, every=0.02)
        except TimeoutError as error:
            jobs = self.ask("SELECT task, attempts, lease_until, done_at, failed_at, error FROM portal_job")
            worker = self.processes.log("worker")
            raise AssertionError(f"{error}; {self.status(order)}; {jobs}; {worker}") from None

    def flush_redis(self) -> None:
        redis.Redis.from_url(self.environment["REDIS_URL"]).flushall()


def _answers(address: str) -> bool:
    try:
        return bool(urllib.request.urlopen(address).status == 200)
    except OSError:
        return False
