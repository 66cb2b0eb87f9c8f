"""A customer's register: open it, load it as text, and say at once what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import duckdb

from matching import identifiers, normalise
from matching.connect import allowed_memory, connect, lock_down
from matching.errors import InputProblems, Problem
from matching.fields import CODE_FIELDS, INPUT_NAMES
from matching.readers import Mapping, Source, open_source
from matching.readers.base import problem, refuse_reserved
from matching.readers.mapping import columns_by_field
from matching.register import findings

ROWS_TOLD = 1000  # row numbers given for each kind of fault

# A code that a spreadsheet read as a number: 1.01E+25, 1,01E+25, or digits alone; but not about as many as
# a code has, which has then lost a sign alone: that is a fault of its row.
_NUMBER = r"[0-9]+[.,][0-9]+([eE][+-]?[0-9]+)?|[0-9]+[eE][+-][0-9]+|[0-9]{1,9}|[0-9]{13,}"


@dataclass(frozen=True)
class Register:
    """A register in the table `register`: columns c0… as text, rows in order. `columns`: field → index."""

    source: Source
    columns: dict[str, int]
    rows: int

    @property
    def headers(self) -> tuple[str, ...]:
        return self.source.headers

    def sent(self) -> str:
        """Stage: what the customer sent, by field; NULL for a field that the register lacks."""
        cells = ", ".join(f"{self.cell(name)} AS {name}" for name in INPUT_NAMES)
        return f"SELECT rowid AS row, {cells} FROM register"

    def cell(self, field: str) -> str:
        """The SQL of a field's cell."""
        return f"c{self.columns[field]}" if field in self.columns else "CAST(NULL AS VARCHAR)"


def load_register(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    mapping: Any,
    temp: Path,
    aside: Callable[[], object] | None = None,
) -> Register:
    """Make the table `register` and the view `sent` in `con`. Raises InputProblems.

    `aside` is called in a thread of its own while the engine reads the rows.
    """
    own = Mapping.from_json(mapping)
    source = open_source(path, own, temp, allowed_memory(con))
    refuse_reserved(source.headers)
    columns = columns_by_field(source.headers, own)
    if aside:
        Thread(target=aside, daemon=True).start()
    source.load(con, "register", temp)
    rows = con.execute("SELECT count(*) FROM register").fetchall()[0][0]
    if not rows:
        raise problem("no_rows", "the file has a header but no rows")
    register = Register(source, columns, rows)
    con.execute(f"CREATE VIEW sent AS {register.sent()}")
    _refuse_numbers(con, register)
    return register


def _refuse_numbers(con: duckdb.DuckDBPyConnection, register: Register) -> None:
    """Codes that a spreadsheet has turned into numbers are lost: the customer must send them anew.

    That is said where they are half of the codes or more; a few are faults of their rows.
    """
    if "hetu" not in register.columns:
        return
    # The first condition, which most codes fail, costs little.
    numbers = "FROM sent WHERE hetu NOT LIKE '______-____' AND regexp_full_match(trim(hetu), ?)"
    (found,) = con.execute(f"SELECT count(*) {numbers}", [_NUMBER]).fetchall()[0]
    if not found:
        return
    (codes,) = con.execute("SELECT count(*) FROM sent WHERE trim(hetu) <> ''").fetchall()[0]
    if found < codes / 2:
        return
    limit = InputProblems.LIMIT
    rows = con.execute(f"SELECT row + 1 {numbers} ORDER BY row LIMIT {limit}", [_NUMBER]).fetchall()
    header = register.headers[register.columns["hetu"]]
    text = "the code has been turned into a number by a spreadsheet program"
    raise InputProblems([Problem("code_as_number", text, row, header) for (row,) in rows], total=found)


@dataclass(frozen=True)
class Rows:
    """Row numbers of one kind of fault: the first of them, and how many there are."""

    rows: list[int]
    total: int


@dataclass(frozen=True)
class Check:
    """The instant report on a register: its form and its columns, row numbers, never a cell.

    Codes are the subject's own; those of buildings and real estate are never artificial.
    """

    rows: int
    format: str
    encoding: str
    delimiter: str
    recognised: dict[str, str]  # header → field
    unrecognised: list[str]
    codes_valid: int
    codes_missing: int
    codes_artificial: int
    codes_invalid: dict[str, Rows]  # reason → rows
    codes_repeated: Rows  # every row after the first one of its code
    unreadable: dict[str, Rows]  # field → rows
    sex_unlike_code: Rows  # a warning: the code's number suggests another sex (domain rule 6)
    too_little: Rows  # no code, and too little else to search with
    findings: int = 0  # in how many places, where they were asked for

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        from dataclasses import asdict

        return asdict(self)


def check(
    path: Path,
    *,
    subject: str = "person",
    mapping: Any = None,
    findings_out: Path | None = None,
    threads: int | None = None,
    memory: str | None = None,
    temp: Path | None = None,
) -> Check:
    """Read a register and report on it, without a store. Raises InputProblems where it can't be used.

    `findings_out`: a file for all that was found, row by row (matching.register.findings).
    """
    out = [findings_out] if findings_out else []
    with TemporaryDirectory(dir=temp) as own_temp, connect(threads=threads, memory=memory, temp=temp) as con:
        lock_down(con, files=[path, *out], folders=[Path(own_temp), *([temp] if temp else [])])
        register = load_register(con, path, mapping, Path(own_temp))
        report = _report(con, register, subject)
        if findings_out is None:
            return report
        sex = _sex_unlike_code() if subject == "person" else ""
        found = findings.write(con, findings.kinds(subject, unreadable_sql(), sex), findings_out)
        return replace(report, findings=found)


def _report(con: duckdb.DuckDBPyConnection, register: Register, subject: str) -> Check:
    codes = _codes(con, subject)
    persons = subject == "person"
    by_header = {
        register.headers[index]: name for name, index in sorted(register.columns.items(), key=_place)
    }
    known = set(register.columns.values())
    source = register.source
    return Check(
        rows=register.rows,
        format=source.format,
        encoding=source.encoding,
        delimiter=source.delimiter,
        recognised=by_header,
        unrecognised=[header for index, header in enumerate(register.headers) if index not in known],
        codes_valid=codes.pop("valid", Rows([], 0)).total,
        codes_missing=codes.pop("missing", Rows([], 0)).total,
        codes_artificial=_count(con, "problem IS NULL AND substr(code, 8, 1) = '9'") if persons else 0,
        codes_invalid=codes,
        codes_repeated=_rows(con, "SELECT row FROM coded WHERE place > 1"),
        unreadable={name: rows for name in unreadable_sql() if (rows := _unreadable(con, name)).total},
        sex_unlike_code=_rows(con, _sex_unlike_code()) if persons else Rows([], 0),
        too_little=_rows(con, findings.too_little(subject)),
    )


def _same_unit(code: str) -> str:
    """SQL: one form of a real-estate code, with its parcel."""
    return f"coalesce({identifiers.real_estate_sql(code)} || regexp_extract({code}, 'M[0-9]+$'), {code})"


def _same_building(code: str) -> str:
    """SQL: one form of a building's identifier."""
    return f"coalesce({identifiers.legacy_building_sql(code)}, {code})"


# Subject → what is wrong with a normalised code, and what is the same for the forms of one code.
CODE_FORMS: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "person": (identifiers.hetu_problem_sql, str),
    "building": (identifiers.building_problem_sql, _same_building),
    "real_estate": (identifiers.real_estate_problem_sql, _same_unit),
}


def _place(item: tuple[str, int]) -> int:
    return item[1]


def _codes(con: duckdb.DuckDBPyConnection, subject: str) -> dict[str, Rows]:
    code = identifiers.normalise_hetu_sql(CODE_FIELDS[subject])
    problem, same = CODE_FORMS[subject]
    con.execute(
        f"CREATE TABLE coded AS SELECT row, code, {problem('code')} AS problem,"
        f" CASE WHEN code IS NOT NULL THEN row_number() OVER (PARTITION BY {same('code')} ORDER BY row) END"
        f" AS place FROM (SELECT row, nullif({code}, '') AS code FROM sent)"
    )
    kind = "CASE WHEN code IS NULL THEN 'missing' ELSE coalesce(problem, 'valid') END"
    totals = con.execute(f"SELECT {kind}, count(*) FROM coded GROUP BY 1 ORDER BY 1").fetchall()
    return {
        name: Rows([], total)
        if name in ("valid", "missing")
        else _rows(con, f"SELECT row FROM coded WHERE {kind} = ?", name)
        for name, total in totals
    }


def _rows(con: duckdb.DuckDBPyConnection, query: str, *values: str) -> Rows:
    """`query` gives 0-based rows."""
    found = con.execute(
        f"SELECT row + 1, count(*) OVER () FROM ({query}) ORDER BY row LIMIT {ROWS_TOLD}", list(values)
    ).fetchall()
    return Rows([row for row, _ in found], found[0][1] if found else 0)


def _sex_unlike_code() -> str:
    """Odd numbers were given to men; the code proves nothing, and sex is never taken from it."""
    number = "CAST(substr(c.code, 8, 3) AS INTEGER)"
    return (
        "SELECT row FROM coded c JOIN sent s USING (row) WHERE c.problem IS NULL AND c.code IS NOT NULL"
        f" AND {normalise.sex_code('s.sex')} <> CASE WHEN {number} % 2 = 1 THEN '1' ELSE '2' END"
    )


def _count(con: duckdb.DuckDBPyConnection, condition: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM coded WHERE {condition}").fetchall()[0][0])


def _unreadable(con: duckdb.DuckDBPyConnection, field: str) -> Rows:
    return _rows(con, f"SELECT row FROM sent WHERE {unreadable_sql()[field]}")


def unreadable_sql(on: str = "current_date") -> dict[str, str]:
    """Field → SQL over `sent` that is true where the cell can't be read as its field.

    Nobody is born after the day `on`. What only a store can tell is not here: which municipalities there are.
    """
    born = normalise.read_date("birth_date", on)
    code = normalise.same_postal_code("postal_code")
    # The first condition of each passes over nearly all rows; the others are not computed for them.
    return {
        "birth_date": f"coalesce(try_strptime(birth_date, '%d.%m.%Y') > {on}, true)"
        f" AND trim(birth_date) <> '' AND coalesce({born} > {on}, true)",
        "sex": f"sex NOT IN ('1', '2') AND trim(sex) <> '' AND {normalise.sex_code('sex')} IS NULL",
        "postal_code": "NOT regexp_full_match(postal_code, '[0-9]{5}') AND trim(postal_code) <> ''"
        f" AND NOT regexp_full_match({code}, '[A-Z0-9][A-Z0-9 -]{{1,10}}')",
    }
