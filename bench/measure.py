"""Run a command as a process of its own and measure it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Measured:
    """Wall time and processor time in seconds, the most memory in bytes, and what it printed."""

    name: str
    wall: float
    processor: float
    memory: int
    output: str = ""


def measure(name: str, command: Sequence[str], *, repeat: int = 1) -> Measured:
    """The fastest of `repeat` runs; a run that fails ends the benchmark."""
    return min((_once(name, command) for _ in range(repeat)), key=lambda run: run.wall)


def matching(name: str, *arguments: object, repeat: int = 1) -> Measured:
    """Measure a command of `python -m matching`."""
    return measure(name, [sys.executable, "-m", "matching", *map(str, arguments)], repeat=repeat)


def _once(name: str, command: Sequence[str]) -> Measured:
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    # wait4 gives this child's own figures, where getrusage would give the most of all children so far.
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name}: exit status {process.returncode}")
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Measured(name, wall, usage.ru_utime + usage.ru_stime, peak, output)
