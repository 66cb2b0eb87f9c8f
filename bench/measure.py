"""Run a command as a process of its own and measure it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCH = Path(__file__).parent / "launch.py"


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
    reading, writing = os.pipe()
    launched = [sys.executable, "-S", str(LAUNCH), str(writing), *command]
    try:
        done = subprocess.run(launched, stdout=subprocess.PIPE, text=True, pass_fds=[writing])
        if done.returncode:
            raise SystemExit(f"{name}: exit status {done.returncode}")
        return Measured(name, **json.loads(os.read(reading, 1000)), output=done.stdout)
    finally:
        os.close(reading)
        os.close(writing)
