"""A large output is written in parts at the same time, which are then joined."""

import os
from pathlib import Path

import duckdb
import pytest

from matching.register.outputs import body_files, write_csv

QUERIES = ["SELECT 'Äijälä, Åke' AS name, 1 AS n", "SELECT '\"x\"', 2", "SELECT NULL, 3"]
WRITTEN = 'nimi,"a,b"\r\n"Äijälä, Åke",1\r\n"""x""",2\r\n,3\r\n'


def refuse(*arguments: object) -> int:
    raise OSError


@pytest.mark.parametrize("kernel_copies", [True, False])
def test_the_parts_of_a_csv_are_joined_in_order_whoever_copies_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernel_copies: bool
) -> None:
    if not kernel_copies:
        monkeypatch.setattr(os, "copy_file_range", refuse, raising=False)
    path = tmp_path / "out.csv"
    with duckdb.connect() as con:
        write_csv(con, QUERIES, ["nimi", "a,b"], path)
    assert path.read_bytes().decode() == WRITTEN
    assert not any(body.exists() for body in body_files(path))
