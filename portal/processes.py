"""The service's processes on one machine: web, worker and beat, each with only the secrets that it may hold.

For the demo and the tests; in production a container platform does this (docker-compose.yml).
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

HIDDEN = {
    "web": ("UPLOAD_IDENTITIES", "POPULATION_STORE", "POPULATION_CACHE", "DISCLOSURE_KEY", "WORK_DIR"),
    "worker": ("DELIVERY_IDENTITIES",),
    "beat": (
        "UPLOAD_IDENTITIES",
        "POPULATION_STORE",
        "POPULATION_CACHE",
        "DISCLOSURE_KEY",
        "DELIVERY_IDENTITIES",
        "WORK_DIR",
    ),
}
"""Variables that a process of each role does not get."""


def web_command(address: str) -> list[str]:
    return [sys.executable, "-m", "gunicorn", "--bind", address, "--workers", "2", "--threads", "4",
            "--timeout", "120", "--no-control-socket", "portal.wsgi"]  # fmt: skip


def worker_command(queues: str = "default,match,store", concurrency: int = 2) -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "portal", "worker", "--queues", queues, "--concurrency",
            str(concurrency), "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]  # fmt: skip


def beat_command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "portal", "beat", "--loglevel", "WARNING",
            "--schedule", str(folder / "beat-schedule"), "--pidfile", ""]  # fmt: skip


class Processes:
    """Started processes, each in a group of its own, started again when one dies; logs in `folder`."""

    def __init__(self, folder: Path, environment: Mapping[str, str] = os.environ) -> None:
        self.folder = folder
        self.environment = environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._commands: dict[str, list[str]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._guard = threading.Thread(target=self._restart_the_dead, daemon=True)

    def start(self, role: str, command: list[str]) -> None:
        with self._lock:
            self._commands[role] = command
            self._spawn(role)
        if not self._guard.is_alive():
            self._guard.start()

    def kill(self, role: str) -> None:
        """End a process and its children at once, as a crash of its machine would."""
        os.killpg(self.running[role].pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask every process to end, and end those that do not."""
        self._stopping.set()
        with _undisturbed(), self._lock:
            for process in self.running.values():
                _signal_group(process, signal.SIGTERM)
            for process in self.running.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                _signal_group(process, signal.SIGKILL)

    def log(self, role: str) -> str:
        return (self.folder / f"{role}.log").read_text(errors="replace")

    def _spawn(self, role: str) -> None:
        environment = {name: value for name, value in self.environment.items() if name not in HIDDEN[role]}
        environment["PROCESS_ROLE"] = role
        with (self.folder / f"{role}.log").open("ab") as log:
            process = subprocess.Popen(
                self._commands[role], env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.running[role] = process
        (self.folder / f"{role}.pid").write_text(str(process.pid))

    def _restart_the_dead(self) -> None:
        while not self._stopping.wait(0.5):
            with self._lock:
                for role, process in list(self.running.items()):
                    if process.poll() is not None and not self._stopping.is_set():
                        self._spawn(role)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Without SIGTERM and SIGINT meanwhile; only the main thread can see to it, and only it gets them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def wait_until(what: str, condition, seconds: float, every: float = 0.1) -> None:  # type: ignore[no-untyped-def]
    """Wait until `condition()` is true; raises TimeoutError that names what was waited for."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(every)
