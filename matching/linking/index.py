"""A register reads the persons it needs by the index of a version (matching.store.index), not all of them.

The same stages find the same either way.
"""

import mmap
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow._compute import TakeOptions, call_function

from matching.linking.searching import NEAR, PAIRED, WIDE, listened
from matching.run import Run
from matching.store import traits
from matching.store.traits import INDEX, SPAN

_PID = (1 << 32) - 1  # the part of a number that is the pid
NPY_FIXED = 10  # bytes before the header of a .npy file; the last two are its length
PIECE = 8_192  # persons that a core works on at once

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Keys:
    """The search keys of a kind, each with a person (`numbers`)."""

    def __init__(self, version: Path, kind: str) -> None:
        self.numbers: Numbers = _lying(version / f"index-{kind}.npy", np.int64)
        self.spans: Numbers = _lying(version / f"index-{kind}-spans.npy", np.int64)

    def found(self, wanted: Numbers) -> tuple[Numbers, Numbers]:
        """For each of these keys, in ascending order, the place of its first number, and how many it has."""
        with ThreadPoolExecutor(2) as pool:
            last = pool.submit(self._places, wanted << 32 | _PID)  # no pid is so high
            first = self._places(wanted << 32)
            return first, last.result() - first

    def _places(self, bounds: Numbers) -> Numbers:
        """For each bound the place of the first number that is not below it."""
        if not len(self.numbers):
            return np.zeros_like(bounds)
        ends = self.spans.searchsorted(bounds) * SPAN
        low, high = np.maximum(ends - SPAN + 1, 0), np.minimum(ends, len(self.numbers))
        for _halving in range(SPAN.bit_length() - 1):
            middle = (low + high) >> 1
            below = self.numbers.take(middle, mode="clip") < bounds
            low, high = np.where(below & (low < high), middle + 1, low), np.where(below, high, middle)
        return low


class People:
    """A table of the index."""

    def __init__(self, version: Path, table: str) -> None:
        with (version / INDEX.format(table)).open("rb") as opened:
            mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        file = pa.ipc.open_file(pa.py_buffer(_in_large_pages(mapped)))
        self.batches = [file.get_batch(number) for number in range(file.num_record_batches)]
        self.schema = file.schema
        self.ends = np.cumsum([batch.num_rows for batch in self.batches])
        self.places = _lying(version / f"index-{table}.npy", np.int32)

    def take(self, pids: Numbers, columns: Sequence[str] = ()) -> pa.Table:
        """The rows of these persons, who are there; all columns unless some are named."""
        schema = pa.schema([self.schema.field(name) for name in columns]) if columns else self.schema
        if not len(pids):
            return pa.Table.from_batches([], schema)
        places = np.sort(self.places[pids])
        bounds = np.concatenate([[0], places.searchsorted(self.ends)])

        def taken(part: int) -> pa.RecordBatch:
            batch = self.batches[part].select(columns) if columns else self.batches[part]
            start = self.ends[part] - batch.num_rows
            wanted = _array(places[bounds[part] : bounds[part + 1]] - start)
            # `batch.take` would first make Python functions of all that Arrow can: a tenth of a second.
            return call_function("take", [batch, wanted], TakeOptions(boundscheck=False))

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            batches = list(pool.map(taken, range(len(self.batches))))
        return pa.Table.from_batches(batches, schema)


@contextmanager
def of_few(run: Run, version: Path, table: str, pids: str, columns: Sequence[str]) -> Iterator[None]:
    """`table` holds only these persons and columns meanwhile."""
    put(run, table, People(version, table).take(numbers(run, pids), columns))
    yield
    run.con.unregister(table)


@contextmanager
def searching(run: Run, version: Path) -> Iterator[Callable[[str, str], None]]:
    """What makes each stage of the search, given its name and query; what it put in the way is gone after."""
    index = Index(run, version)
    yield index.stage
    run.crowded = index.crowded()
    for table in index.lent:
        run.con.unregister(table)


class Index:
    """Makes the stages of `searching` that read keys itself, and lends the others what they need.

    A pair is one number here: twice the row and the variant above, the person below (`_pairs`).
    """

    def __init__(self, run: Run, version: Path) -> None:
        self.run, self.version, self.people = run, version, People(version, "trait")
        self.hidden = numbers(run, "SELECT pid FROM hidden") if run.hidden else np.empty(0, np.int64)
        self.lent: set[str] = set()
        self.near: Numbers = np.empty(0, np.int64)
        self.keys: dict[str, Any] = {}  # of `wanted_key`
        self.crowds: dict[str, list[Numbers]] = {}

    def stage(self, name: str, query: str) -> None:
        """Make the table of a stage, whatever makes it."""
        makers = {"alone": self._alone, "near_pair": self._near_pairs, "far_pair": self._far_pairs}
        if name in makers:
            with self.run.step(name):
                makers[name]()
        elif name != "sought_key":  # a crowd is seen where the key is looked up
            with self.run.step("index"):
                self._lend_to(name)
            self.run.stage(name, listened() if name == "heard" else query)

    def crowded(self) -> dict[str, int]:
        """Of each kind of key, in the order of `PAIRED`, the rows that were not searched for by it."""
        counts = {own: len(_different(self.crowds[own])) for own in PAIRED if own in self.crowds}
        return {own: count for own, count in counts.items() if count}

    def _lend(self, table: str, rows: pa.Table) -> None:
        put(self.run, table, rows)
        self.lent.add(table)

    def _lend_to(self, stage: str) -> None:
        """Nothing where the stage reads no persons."""
        if stage in _PERSONS:
            columns, pids = _PERSONS[stage]
            persons = self.people.take(numbers(self.run, pids), columns)
            self._lend("trait", self._known(persons))
            for table in _DEAR.get(stage, ()):
                self._lend(table, self.run.con.table(table).to_arrow_table())

    def _alone(self) -> None:
        """See `searching.alone`."""
        asked = self.run.con.execute("SELECT row, exact FROM exact_key WHERE exact IS NOT NULL").fetchnumpy()
        keys, places = _sorted(asked["exact"], np.arange(len(asked["row"])))
        held = Keys(self.version, "exact")
        first, counts = held.found(keys)
        some = (counts > 0) & (counts <= traits.crowd_of("exact"))
        first, last = first[some], (first + counts)[some] - 1
        alone = held.numbers[first] == held.numbers[last]
        rows, pids = asked["row"][places[some][alone]], held.numbers[first[alone]] & _PID
        still = ~_is_in(rows, numbers(self.run, "SELECT row FROM repaired"))
        self._lend("alone", _table(row=rows[still], pid=pids[still].astype(np.int32)))

    def _near_pairs(self) -> None:
        """See `searching.near_pairs`."""
        self.keys = dict(self.run.con.execute("FROM wanted_key").fetchnumpy())
        self.near = self._pairs([(own, theirs, self.keys["variant"] == 0) for own, theirs in NEAR.items()])
        self._lend_pairs("near_pair", self.near)

    def _far_pairs(self) -> None:
        """See `searching.far_pairs`."""
        unsure = ~_is_in(self.keys["row"], numbers(self.run, "SELECT row FROM sure"))
        turned = unsure & (self.keys["variant"] == 1)
        asked = [(kind, kind, unsure) for kind in WIDE]
        found = self._pairs([*asked, *((own, theirs, turned) for own, theirs in NEAR.items())])
        self._lend_pairs("far_pair", found[~_is_in(found, self.near)])

    def _lend_pairs(self, table: str, pairs: Numbers) -> None:
        variants = (pairs >> 32 & 1).astype(np.int32)
        self._lend(table, _table(row=pairs >> 33, variant=variants, pid=(pairs & _PID).astype(np.int32)))

    def _pairs(self, asked: Sequence[tuple[str, str, Flags]]) -> Numbers:
        """The different pairs of rows and persons who share a key, in ascending order.

        Asked by: own kind of key, the persons' kind, and which of the wanted keys.
        """
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = list(pool.map(lambda one: self._pairs_of(*one), asked))
        return _different(found)

    def _pairs_of(self, own: str, theirs: str, which: Flags) -> Numbers:
        which = which & ~np.ma.getmaskarray(self.keys[own])
        rows, variants = self.keys["row"][which], self.keys["variant"][which]
        keys, sides = _sorted(np.ma.getdata(self.keys[own])[which], rows << 1 | variants)
        held = Keys(self.version, theirs)
        first, counts = held.found(keys)
        crowd = counts > traits.crowd_of(theirs)
        self.crowds.setdefault(own, []).append(sides[crowd] >> 1)
        counts[crowd] = 0
        starts = np.repeat(first - np.cumsum(counts) + counts, counts)
        pids = held.numbers[starts + np.arange(len(starts))] & _PID
        pairs = np.repeat(sides << 32, counts) | pids
        if theirs in traits.TELL_OF_HOMES["key"] and len(self.hidden):
            pairs = pairs[~_is_in(pids, self.hidden)]
        return pairs

    def _known(self, persons: pa.Table) -> pa.Table:
        """The persons, those that are hidden without their homes."""
        if not len(self.hidden):
            return persons
        hidden = _is_in(persons["pid"].to_numpy(), self.hidden)
        homeless = persons.filter(pa.array(hidden))
        for place, name in enumerate(homeless.column_names):
            if name in traits.TELL_OF_HOMES["trait"]:
                nothing = pa.nulls(len(homeless), homeless.schema.field(name).type)
                homeless = homeless.set_column(place, homeless.schema.field(name), nothing)
        return pa.concat_tables([persons.filter(pa.array(~hidden)), homeless])


def _lying(path: Path, kind: type[np.signedinteger[Any]]) -> Any:
    """The numbers of a file, where they lie.

    numpy would read the file's header as Python, which fails now and then where several threads do so at the
    same time (CPython's issue 106905): what the file holds is known.
    """
    with path.open("rb") as opened:
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    start = NPY_FIXED + int.from_bytes(mapped[NPY_FIXED - 2 : NPY_FIXED], "little")
    if start == len(mapped):
        return np.empty(0, kind)
    return np.frombuffer(_in_large_pages(mapped), kind, offset=start)


def _in_large_pages(file: mmap.mmap) -> mmap.mmap:
    """Asks the system to read a file in large pages: it is touched nearly everywhere, at single places."""
    if hasattr(mmap, "MADV_HUGEPAGE"):  # Linux
        file.madvise(mmap.MADV_HUGEPAGE)
    return file


def _sorted(keys: Any, beside: Numbers) -> tuple[Numbers, Numbers]:
    """32-bit keys in ascending order, and what stands beside each."""
    packed = np.asarray(keys, np.int64) << 32 | np.arange(len(keys))
    packed.sort()
    return packed >> 32, beside[packed & _PID]


def _is_in(values: Numbers, ascending: Numbers) -> Flags:
    """Which of the values are among the others."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    places = np.minimum(ascending.searchsorted(values), len(ascending) - 1)
    return ascending[places] == values


def _table(**columns: Any) -> pa.Table:
    """`pa.array` would first load all of pandas, where that is installed."""
    arrays = [
        pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(values)])
        for values in columns.values()
    ]
    return pa.Table.from_arrays(arrays, names=list(columns))


def _different(columns: Sequence[Any]) -> Numbers:
    """The different numbers in columns, in ascending order; those that are masked are none."""
    present = np.concatenate([np.ma.compressed(column) for column in columns]).astype(np.int64)
    present.sort()
    return present[np.concatenate([[True], present[1:] != present[:-1]])[: len(present)]]


def _array(values: Numbers) -> pa.Array:
    """As 32-bit numbers."""
    return _table(values=values.astype(np.int32))["values"].combine_chunks()


def numbers(run: Run, query: str) -> Numbers:
    """The different numbers of a query's only column, in ascending order."""
    return _different(list(run.con.execute(query).fetchnumpy().values()))


def put(run: Run, table: str, rows: pa.Table) -> None:
    """Rows in the place of a table, in pieces that all cores share."""
    run.con.register(table, pa.Table.from_batches(rows.to_batches(PIECE), rows.schema))


# Of the stages that read `trait`, the columns (all, where none is named) and the persons that they read.
_PERSONS: dict[str, tuple[Sequence[str], str]] = {
    "repaired": (
        ("pid", "born", "surname", "formers", "given"),
        "SELECT pid FROM mended",
    ),
    "ladder": (
        ("pid", "born", "sex", "given", *traits.HOME, *traits.FORMER_HOMES),
        "SELECT pid FROM alone",
    ),
    "near_score": ((), "SELECT pid FROM near_pair"),
    "far_score": ((), "SELECT pid FROM far_pair"),
}
# Of the stages that work hard on few rows, the tables that are read in pieces, so that all cores share it.
_DEAR = {"near_score": ("sought",)}
