"""The beginning of a register as it is read, for its customer to see and to correct.

What is shown are cells: personal data, for the customer alone.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from matching.errors import InputProblems
from matching.fields import recognise_all
from matching.readers import Mapping, Source, open_source
from matching.readers.mapping import column_names, own_columns
from matching.readers.text import first_lines

ROWS = 8
CELL = 60  # characters of a cell or a header that are shown
LINE = 300  # characters of a line
_DATA = re.compile(
    r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}|\d{5,}", re.IGNORECASE
)
_TEXTS = ("csv", "fixed_width")
_MISREAD = {"no_known_column", "duplicate_header"}


@dataclass(frozen=True)
class Preview:
    """How a file is read, its columns and its first rows; `lines` are those of a text as they stand.

    `names`: what each column is called in a mapping; `fields`: what it is read as, None where not used.
    `headers` and `rows` are cut to what is shown. `shape` tells files of one make from others: a hash of
    their headers, or of their number of columns or length of line; `shapes` are those that a mapping of
    another file may have for this one.
    """

    format: str
    encoding: str
    delimiter: str
    header: bool
    sheet: str
    sheets: list[str]
    names: list[str]
    headers: list[str]
    fields: list[str | None]
    rows: list[list[str]]
    lines: list[str]
    shape: str
    shapes: list[str]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def preview(path: Path, *, mapping: Any = None, encoding: str = "", temp: Path | None = None) -> Preview:
    """Read the beginning of a register by its mapping, and where that does not fit, as it is detected.

    `encoding` is what a reading of the whole file has told already. Raises InputProblems where the file can't
    be shown at all.
    """
    with TemporaryDirectory(dir=temp) as folder:
        own = _mapping(mapping)
        own = replace(own, found_encoding=encoding or None)
        source, own = _opened(path, own, Path(folder))
        lines = _lines(source)
        headers = list(source.headers)
        has_header = _has_header(source, own)
        return Preview(
            format=source.format,
            encoding=source.encoding,
            delimiter=source.delimiter,
            header=has_header,
            sheet=getattr(source, "sheet", ""),
            sheets=list(getattr(source, "sheets", ())),
            names=column_names(headers),
            headers=[_cut(header, CELL) for header in headers],
            fields=_fields(headers, own),
            rows=[[_cut(cell, CELL) for cell in row] for row in source.peek(ROWS)],
            lines=[_cut(line, LINE) for line in lines[:ROWS]],
            shape=_shape(source, lines, has_header),
            shapes=_shapes(source, lines, has_header),
        )


def _mapping(value: Any) -> Mapping:
    try:
        return Mapping.from_json(value)
    except InputProblems:
        return Mapping()


def _opened(path: Path, own: Mapping, temp: Path) -> tuple[Source, Mapping]:
    """The source, and the mapping by which it could be opened."""
    bare = Mapping(sheet=own.sheet, delimiter=own.delimiter, encoding=own.encoding)
    tries = [own, replace(bare, header=False), replace(bare, sheet=None, header=False), Mapping()]
    refused: list[InputProblems] = []
    for number, one in enumerate(tries):
        folder = temp / str(number)
        folder.mkdir()
        try:
            source = open_source(path, one, folder)
            if one is own and own.header is None and _headless(source):
                (again := folder / "again").mkdir()
                own = replace(own, header=False)
                return open_source(path, own, again), own
            return source, one
        except InputProblems as problems:
            refused.append(problems)
            if number == 0 and {each.code for each in problems.problems} & {"too_many_columns"}:
                break
    raise refused[0]


_HEADED = {"csv", "xlsx"}


def _headless(source: Source) -> bool:
    """Whether the first row looks like a person's and not like headers."""
    if source.format not in _HEADED or recognise_all(source.headers):
        return False
    return any(_DATA.fullmatch(header.strip()) for header in source.headers)


def _has_header(source: Source, own: Mapping) -> bool:
    if source.format == "fixed_width":
        return own.header is True
    return source.format == "parquet" or own.header is not False


def _fields(headers: Sequence[str], own: Mapping) -> list[str | None]:
    try:
        told = own_columns(headers, own)
    except InputProblems:
        told = {}
    taken = set(told.values())
    left = ["" if index in told else header for index, header in enumerate(headers)]
    found = {index: name for index, name in recognise_all(left).items() if name not in taken} | told
    return [found.get(index) for index in range(len(headers))]


def _lines(source: Source) -> list[str]:
    if source.format not in _TEXTS:
        return []
    lines = list(first_lines(source.path, source.encoding, ROWS))
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _shape(source: Source, lines: Sequence[str], has_header: bool) -> str:
    if source.format == "fixed_width":
        return _lines_shape(lines)
    if not has_header:
        return _hash(["no header", source.delimiter, len(source.headers)])
    return _hash(["headers", *(header.strip().casefold() for header in source.headers)])


def _shapes(source: Source, lines: Sequence[str], has_header: bool) -> list[str]:
    """The file's own shape; without a known header also those that it has without one, or by position."""
    shapes = [_shape(source, lines, has_header)]
    if source.format in _TEXTS and not recognise_all(source.headers):
        shapes.append(_hash(["no header", source.delimiter, len(source.headers)]))
        if len({len(line) for line in lines}) == 1:
            shapes.append(_lines_shape(lines))
    return list(dict.fromkeys(shapes))


def _lines_shape(lines: Sequence[str]) -> str:
    return _hash(["fixed width", len(lines[0]) if lines else 0])


def _hash(facts: list[object]) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
