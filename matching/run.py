"""One run of stages: a connection that reaches only its own files, and a clock."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import duckdb

from matching.connect import connect, lock_down
from matching.fields import INPUT_NAMES
from matching.register.outputs import body_files

Progress = Callable[[str], None]
T = TypeVar("T")
_HELD: list[duckdb.DuckDBPyConnection] = []  # a database is there as long as one of its connections


@dataclass(frozen=True)
class Resources:
    """What a run may use; see `connect`. `temp` belongs on an encrypted volume.

    `last`: the process ends after it, and the system takes back its memory faster than it is given up.
    """

    threads: int | None = None
    memory: str | None = None
    temp: Path | None = None
    progress: Progress | None = None
    last: bool = False


@dataclass
class Run:
    """A locked-down connection with its clock."""

    con: duckdb.DuckDBPyConnection
    temp: Path
    progress: Progress | None
    seconds: dict[str, float] = field(default_factory=dict)
    rows: int = 0  # of the register, where it is known before any stage
    fields: Collection[str] = INPUT_NAMES  # that the rows may have
    crowded: dict[str, int] = field(default_factory=dict)  # by a search's index: see LinkReport
    hidden: bool = False  # table `hidden`: the persons (pid) whose homes are left out

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        if self.progress:
            self.progress(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0) + time.perf_counter() - start, 3)

    def stage(self, name: str, query: str) -> None:
        with self.step(name):
            self.con.execute(f"CREATE TABLE {name} AS {query}")

    def parts(self, name: str, queries: Sequence[str]) -> None:
        """A stage of several queries, planned and run at the same time; their rows stand in this order."""

        def made(place: int) -> str:
            with self.con.cursor() as cursor:
                cursor.execute(f"CREATE TABLE {name}_{place} AS {queries[place]}")
            return f"FROM {name}_{place}"

        with self.step(name), ThreadPoolExecutor(len(queries)) as pool:
            self.con.execute(
                f"CREATE VIEW {name} AS {' UNION ALL '.join(pool.map(made, range(len(queries))))}"
            )

    @contextmanager
    def aside(self, work: Callable[["Run"], T]) -> Iterator[Future[T]]:
        """Work that reads the same tables in a thread of its own, meanwhile."""
        with self.con.cursor() as cursor, ThreadPoolExecutor(1) as pool:
            yield pool.submit(work, replace(self, con=cursor))


@contextmanager
def running(
    resources: Resources, beside: Path, files: Sequence[Path], folders: Sequence[Path]
) -> Iterator[Run]:
    """A connection that can reach only the files of this run; its spill folder is gone at the end."""
    beside.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=resources.temp or beside, prefix=".match-") as folder:
        temp = Path(folder)
        with connect(threads=resources.threads, memory=resources.memory, temp=temp) as con:
            bodies = [body for path in files for body in body_files(path)]
            lock_down(con, files=[*files, *bodies], folders=[*folders, temp])
            if resources.last:
                _HELD.append(con.cursor())
            yield Run(con, temp, resources.progress)
