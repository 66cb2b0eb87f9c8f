"""The change list (muutosluettelo): each value that differs from what was sent, before and after.

It follows `vtj_changed` and nothing else, so that what is withheld stands in it as little as there: neither
the row of a protected person nor its silence tells anything (domain rules 12 and 13).
"""

from collections.abc import Mapping

import duckdb

from matching.delivery.disclosure import Disclosure

HEADERS = ("vtj_row", "row_id", "field", "before", "after")
WRITE = "COPY ({}) TO ? (FORMAT csv, HEADER true, NEW_LINE '\r\n', USE_TMP_FILE false)"


def change_list(disclosure: Disclosure, compared: Mapping[str, str], row_id: str) -> str:
    """Query: a row for each changed value, by rows and in the order of the fields.

    `compared`: output field → the field of `sent` that it was compared with. `row_id`: SQL of the
    register's own number of a row. Tables in: `register`, `sent`, `answer`, `difference`.
    """
    values = [
        f"SELECT d.row, {index} AS place, '{field.name}' AS field,"
        f" coalesce(s.{compared[field.name]}, '') AS before, a.v{index} AS after"
        " FROM altered d JOIN answer a ON a.row = d.row JOIN sent s ON s.row = d.row"
        f" WHERE list_contains(d.names, '{field.name}')"
        for index, field in enumerate(disclosure.fields)
        if field.name in compared
    ]
    nothing = "SELECT 0 AS row, 0 AS place, '' AS field, '' AS before, '' AS after WHERE false"
    return f"""
        WITH altered AS MATERIALIZED (
            SELECT row, string_split(changed, ';') AS names FROM difference WHERE changed <> ''),
        said AS (SELECT rowid AS row, {row_id} AS row_id FROM register),
        value AS ({" UNION ALL ".join(values) or nothing})
        SELECT v.row + 1 AS vtj_row, coalesce(i.row_id, '') AS row_id, v.field, v.before, v.after
        FROM value v JOIN said i ON i.row = v.row ORDER BY v.row, v.place"""


def write_change_list(con: duckdb.DuckDBPyConnection, query: str, path: str) -> None:
    """UTF-8, comma, quoted as RFC 4180 says."""
    con.execute(WRITE.format(query), [path])
