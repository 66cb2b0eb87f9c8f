"""A progress bar on a terminal, for commands that run in named steps."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WIDTH = 30


@contextmanager
def steps(wanted: bool, *, total: int) -> Iterator[Callable[[str], None]]:
    """Yield a function to call with each step's name; it draws a bar on standard error where one is wanted.

    Nothing is drawn where standard error is not a terminal.
    """
    shown = wanted and sys.stderr.isatty()
    done = 0

    def on_step(name: str) -> None:
        nonlocal done
        if shown:
            filled = WIDTH * min(done, total) // total
            print(
                f"\r[{'#' * filled}{' ' * (WIDTH - filled)}] {name:<24}", end="", file=sys.stderr, flush=True
            )
        done += 1

    try:
        yield on_step
    finally:
        if shown:
            print(f"\r{' ' * (WIDTH + 28)}\r", end="", file=sys.stderr, flush=True)
