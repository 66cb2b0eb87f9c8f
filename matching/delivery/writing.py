"""What a run writes: the matched register in its forms, the change list, the ledger of whose data it is."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matching.delivery import change_list, disclosure
from matching.errors import InputProblems
from matching.register import outputs
from matching.register.loading import Register
from matching.run import Run


@dataclass(frozen=True)
class Wanted:
    """The files that a run writes.

    `further`: the output in other forms, of which those without room for it are told and not written;
    `changes`: see `matching.delivery.change_list`; `ledger`: whose data each row gave.
    """

    output: Path
    csv_like_input: bool = False
    further: tuple[Path, ...] = ()
    changes: Path | None = None
    ledger: Path | None = None

    @property
    def paths(self) -> list[Path]:
        return [self.output, *self.further, *([self.changes] if self.changes else []), *self._ledgers]

    @property
    def _ledgers(self) -> list[Path]:
        return [self.ledger] if self.ledger else []


def compare(run: Run, register: Register, what: disclosure.Disclosure, shape: disclosure.Shape) -> None:
    """Make `difference`."""
    changes = shape.changes(what)
    run.parts("difference", [disclosure.difference(changes, *rows) for rows in _parts_of(run, register)])


def write(
    run: Run,
    register: Register,
    what: disclosure.Disclosure,
    shape: disclosure.Shape,
    wanted: Wanted,
    parts: Sequence[Path],
) -> dict[str, str]:
    """Write into `parts`, one for each of the wanted paths, once `compare` has been called.

    Returns the further forms that have no room for the register, by their ending, each with the problem.
    """
    part = dict(zip(wanted.paths, parts, strict=True))
    _write_output(run, register, what, part[wanted.output], wanted.csv_like_input)
    refused = _write_further(run, register, what, [part[path] for path in wanted.further])
    if wanted.changes:
        _write_changes(run, register, what, shape, part[wanted.changes])
    if wanted.ledger:
        _write_ledger(run, part[wanted.ledger])
    return refused


def _write_output(
    run: Run, register: Register, what: disclosure.Disclosure, part: Path, like_input: bool
) -> None:
    writer = outputs.writer_for(part, what.on)
    if like_input and part.suffix.lower() == ".csv" and register.source.format == "csv":
        writer = outputs.write_csv_like(register.source.encoding, register.source.delimiter)
    headers = disclosure.output_headers(register.headers, what.fields)
    with run.step("write"):
        writer(run.con, _row_queries(run, register, what), headers, part)


def _row_queries(run: Run, register: Register, what: disclosure.Disclosure) -> list[str]:
    columns = len(register.headers)
    return [disclosure.row_values(what, columns, first, last) for first, last in _parts_of(run, register)]


def _write_further(
    run: Run, register: Register, what: disclosure.Disclosure, parts: Sequence[Path]
) -> dict[str, str]:
    """Write the output in other forms; returns those that have no room for it, each with the problem."""
    headers = disclosure.output_headers(register.headers, what.fields)
    refused = {}
    for part in parts:
        with run.step(f"write {part.suffix[1:]}"):
            try:
                outputs.writer_for(part, what.on)(run.con, _row_queries(run, register, what), headers, part)
            except InputProblems as problems:
                refused[part.suffix[1:]] = problems.problems[0].code
                part.unlink()
    return refused


def _write_changes(
    run: Run, register: Register, what: disclosure.Disclosure, shape: disclosure.Shape, part: Path
) -> None:
    with run.step("changes"):
        query = change_list.change_list(what, shape.compared(what), register.cell("row_id"))
        change_list.write_change_list(run.con, query, str(part))


def _parts_of(run: Run, register: Register) -> list[tuple[int, int]]:
    """(first, last) rows of parts to be written at the same time, as many as there are threads."""
    (threads,) = run.con.execute("SELECT current_setting('threads')").fetchall()[0]
    count = max(1, min(int(threads), outputs.MAX_PARTS, register.rows // outputs.PART_ROWS))
    ends = [register.rows * part // count for part in range(count + 1)]
    return [(start, end - 1) for start, end in itertools.pairwise(ends)]


def _write_ledger(run: Run, part: Path) -> None:
    """vtj_row, person_id, hetu, withheld of each person given; of a building or a unit those are its owners.

    `hetu` may be empty.
    """
    run.con.execute(
        "COPY (SELECT row + 1 AS vtj_row, person_id, hetu, withheld FROM ledger ORDER BY row, person_id)"
        " TO ? (FORMAT parquet, USE_TMP_FILE false)",
        [str(part)],
    )
