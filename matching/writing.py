"""What a run writes: the matched register in its forms, the change list, the ledger of whose data it is."""

import itertools
from collections.abc import Sequence
from pathlib import Path

from matching import change_list, disclosure, outputs
from matching.errors import InputProblems
from matching.register import Register
from matching.run import Run


def write_output(
    run: Run,
    register: Register,
    what: disclosure.Disclosure,
    shape: disclosure.Shape,
    output: Path,
    part: Path,
    like_input: bool,
) -> None:
    writer = outputs.writer_for(output)
    if like_input and output.suffix.lower() == ".csv" and register.source.format == "csv":
        writer = outputs.write_csv_like(register.source.encoding, register.source.delimiter)
    headers = disclosure.output_headers(register.headers, what.fields)
    parts = _parts_of(run, register)
    run.stage("difference", disclosure.difference(shape.changes(what), parts))
    with run.step("write"):
        writer(run.con, _row_queries(run, register, what), headers, part)


def _row_queries(run: Run, register: Register, what: disclosure.Disclosure) -> list[str]:
    columns = len(register.headers)
    return [disclosure.row_values(what, columns, first, last) for first, last in _parts_of(run, register)]


def write_further(
    run: Run, register: Register, what: disclosure.Disclosure, parts: Sequence[Path]
) -> dict[str, str]:
    """Write the output in other forms; returns those that have no room for it, each with the problem."""
    headers = disclosure.output_headers(register.headers, what.fields)
    refused = {}
    for part in parts:
        with run.step(f"write {part.suffix[1:]}"):
            try:
                outputs.writer_for(part)(run.con, _row_queries(run, register, what), headers, part)
            except InputProblems as problems:
                refused[part.suffix[1:]] = problems.problems[0].code
                part.unlink()
    return refused


def write_changes(
    run: Run,
    register: Register,
    what: disclosure.Disclosure,
    shape: disclosure.Shape,
    parts: Sequence[Path],
) -> None:
    """Into the only one of `parts`, if it is wanted."""
    for part in parts:
        with run.step("changes"):
            compared = shape.compared(what)
            query = change_list.change_list(what, compared, register.cell("row_id"))
            change_list.write_change_list(run.con, query, str(part))


def _parts_of(run: Run, register: Register) -> list[tuple[int, int]]:
    """(first, last) rows of parts to be written at the same time, as many as there are threads."""
    (threads,) = run.con.execute("SELECT current_setting('threads')").fetchall()[0]
    count = max(1, min(int(threads), outputs.MAX_PARTS, register.rows // outputs.PART_ROWS))
    ends = [register.rows * part // count for part in range(count + 1)]
    return [(start, end - 1) for start, end in itertools.pairwise(ends)]


def write_ledger(run: Run, parts: Sequence[Path]) -> None:
    """Into the only one of `parts`, if it is wanted: vtj_row, person_id, hetu, withheld of each person given.

    Of a building or a unit those are its owners. `hetu` may be empty.
    """
    for part in parts:
        run.con.execute(
            "COPY (SELECT row + 1 AS vtj_row, person_id, hetu, withheld FROM ledger ORDER BY row, person_id)"
            " TO ? (FORMAT parquet, USE_TMP_FILE false)",
            [str(part)],
        )
